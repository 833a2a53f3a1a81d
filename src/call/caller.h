/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * caller: what stands at a return address. Frames of bodies that are inlined into each other lie in an array, the
 * innermost first; the strings belong to whoever made it.
 */
#ifndef FTRACE_CALL_CALLER_H
#define FTRACE_CALL_CALLER_H

#include <stdbool.h>
#include <stdint.h>

struct caller {
	const char *func; /* machine function that holds the return address */
	uint64_t offset;  /* of the return address in it */
	const char *file; /* of the call itself, in an inlined body if it is there; NULL: unknown */
	const char *inlined; /* name of that inlined body, or NULL */
	int line;
	bool more; /* what that body is inlined into is next in the array */
};

#endif
