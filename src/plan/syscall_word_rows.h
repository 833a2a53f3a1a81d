/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscall_word_rows: how the tables of syscall_words.h are written. Included by these only.
 */
#ifndef FTRACE_PLAN_SYSCALL_WORD_ROWS_H
#define FTRACE_PLAN_SYSCALL_WORD_ROWS_H

#include "plan/syscall_words.h"

/* A bit, or bits; one value of several; a value that is told from the bits of a mask; with a name of its own. */
#define BIT(word)                          \
	{                                  \
#word, (uint64_t)(word), 0 \
	}
#define ONE(word)                              \
	{                                      \
#word, (uint64_t)(word), ~0ull \
	}
#define OF(word, mask)                        \
	{                                     \
#word, (uint64_t)(word), mask \
	}
#define NAMED(word, value, mask)  \
	{                         \
		word, value, mask \
	}

#define WORDS(of, ...) const struct syscall_word syscall_words_##of[] = {__VA_ARGS__, {NULL, 0, 0}}

#endif
