/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reasons: what was waited for, and how long: one entry a reason, the longest time first.
 *
 * Reasons are the runtime's own words (waitReasonStrings in runtime/runtime2.go), some forty; a recording may hold others, and
 * those beyond REASONS_MOST are together in one without a name. The caller owns the struct; zero-initialised is empty.
 */
#ifndef FTRACE_CALL_REASONS_H
#define FTRACE_CALL_REASONS_H

#include <stddef.h>
#include <stdint.h>

#define REASONS_MOST 64

struct reason {
	char *name; /* NULL: all others */
	uint64_t waits;
	uint64_t ns; /* from parking to running again, all of them */
};

struct reasons {
	struct reason *list;
	size_t count, cap;
};

/* One wait. 0 or -ENOMEM. */
int reasons_add(struct reasons *reasons, const char *name, uint64_t ns);
void reasons_release(struct reasons *reasons);

#endif
