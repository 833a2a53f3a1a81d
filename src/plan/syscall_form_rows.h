/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscall_form_rows: how the tables of forms are written. Included by these, and by who looks in them, only.
 */
#ifndef FTRACE_PLAN_SYSCALL_FORM_ROWS_H
#define FTRACE_PLAN_SYSCALL_FORM_ROWS_H

#include <stddef.h>

#include "plan/syscall_form.h"
#include "plan/syscall_words.h"

/* An argument; with words for its constants; with the index of another one that it goes by. */
#define A(arg, of)                      \
	{                               \
#arg, NULL, SYS_##of, 0 \
	}
#define W(arg, of, words)                                \
	{                                                \
#arg, syscall_words_##words, SYS_##of, 0 \
	}
#define O(arg, of, other)                   \
	{                                   \
#arg, NULL, SYS_##of, other \
	}

#define FORM(call, returns, classes, ...)                             \
	{                                                             \
#call, {__VA_ARGS__ }, SYS_RETURNS_##returns, classes \
	}

/* A NULL name is behind the last one. */
extern const struct syscall_form syscall_forms_files[], syscall_forms_others[];

#endif
