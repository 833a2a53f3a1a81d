/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock: the time of the records, CLOCK_MONOTONIC in nanoseconds, as bpf_ktime_get_ns() has it.
 */
#ifndef FTRACE_BASE_CLOCK_H
#define FTRACE_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_SECOND 1000000000ull

static inline uint64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * CLOCK_SECOND + (uint64_t)ts.tv_nsec;
}

#endif
