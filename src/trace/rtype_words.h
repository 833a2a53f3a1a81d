/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rtype_words: the words that the executable has for numbers of the system; internal to
 * src/trace/rtype*.c.
 *
 * They are tables of strings. A symbol says where one is; a stripped executable has it too, and
 * there it is found by its first words, and taken when its last ones are where they are in the sources.
 *
 * Source: Go's src/syscall/zerrors_linux_amd64.go, 1.19 to 1.27.
 */
#ifndef FTRACE_TRACE_RTYPE_WORDS_H
#define FTRACE_TRACE_RTYPE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "trace/rtype_file.h"

enum rtype_words_kind { RTYPE_WORDS_ERRNO, RTYPE_WORDS_SIGNAL };

/* One table; zeroed until it is asked for the first time. */
struct rtype_words {
	bool searched;
	uint64_t vaddr; /* 0: not found */
	uint64_t count; /* of its strings */
};

/* The words for `number`, as rtypes_errno() gives them. */
const char *rtype_words_at(struct rtype_words *words, const struct rtype_file *file,
			   enum rtype_words_kind kind, uint64_t number, size_t *len);

#endif
