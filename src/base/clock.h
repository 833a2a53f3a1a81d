/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock: the time of the records, as bpf_ktime_get_ns() has it, in nanoseconds.
 *
 * That is CLOCK_MONOTONIC of the machine. In a time namespace (time_namespaces(7)) the clock that a process reads is
 * moved by an offset, which /proc/self/timens_offsets tells and which never changes for a process; here it is taken off.
 */
#ifndef FTRACE_BASE_CLOCK_H
#define FTRACE_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_SECOND 1000000000ull

/* What the namespace adds to CLOCK_MONOTONIC; 0 where there are none. Asks once. */
int64_t clock_namespace_offset(void);

/* The same of the text of timens_offsets: 0 where it makes no sense. */
int64_t clock_offset_of(const char *text);

static inline uint64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * CLOCK_SECOND + (uint64_t)ts.tv_nsec -
	       (uint64_t)clock_namespace_offset();
}

#endif
