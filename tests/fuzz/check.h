/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check: what a fuzz program demands of the code under test, beside what the sanitizers see.
 */
#ifndef FTRACE_TESTS_FUZZ_CHECK_H
#define FTRACE_TESTS_FUZZ_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer takes an abort for a finding and keeps the input. */
#define check(condition)                                                                        \
	do {                                                                                    \
		if (!(condition)) {                                                             \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                \
		}                                                                               \
	} while (0)

/* The input, taken from the front; what is beyond its end is 0. */
struct input {
	const uint8_t *data;
	size_t size;
};

static inline uint64_t take(struct input *in, size_t bytes)
{
	uint64_t value = 0;
	size_t n = bytes < in->size ? bytes : in->size;

	memcpy(&value, in->data, n);
	in->data += n;
	in->size -= n;
	return value;
}

/* Every byte of the text is read, so that the sanitizer sees one that is not there. */
static inline size_t use_text(const char *text)
{
	check(text);
	return strlen(text);
}

#endif
