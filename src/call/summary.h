/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * summary: what is told of a whole trace when it ends.
 */
#ifndef FTRACE_CALL_SUMMARY_H
#define FTRACE_CALL_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "call/mark.h"

struct trace_summary {
	uint64_t calls;              /* handed on to the sink */
	uint64_t counted;            /* --summary=only: calls that went into the table instead */
	uint64_t records;            /* read from the ring */
	uint64_t lost;               /* that the kernel could not hand over */
	uint64_t switching;          /* of them, while --max-overhead switched functions off */
	uint64_t missed;             /* hits on which the program did not run */
	uint64_t damaged;            /* records that could not be decoded */
	uint64_t overwritten;        /* calls that had no room where they were kept until wanted */
	bool spans_asked;            /* --otlp: spans are counted */
	uint64_t spans_sent, spans_dropped;
	uint64_t spans_left_out;     /* calls that are none */
	const char *spans_why;       /* they were dropped; NULL: none was */
	uint64_t skipped;            /* roots passed over by --sample */
	uint64_t unwound;            /* of `calls`, those with that end */
	uint64_t open;               /* the same */
	uint64_t duration;           /* ns, from attached to detaching ... */
	uint64_t ended;              /* ... which was then */
	uint64_t marks[MARK_COUNTS]; /* handed on to the sink, by kind ... */
	bool marked[MARK_COUNTS];    /* ... where they were asked for */
	bool sampled;                /* skipped has a meaning */
};

#endif
