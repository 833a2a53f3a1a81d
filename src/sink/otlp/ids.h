/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ids: numbers of traces and spans.
 *
 * A call is known by its goroutine and by when it began: so a goroutine that a call started knows that call's number, and that of
 * the whole tree, long before the call has ended. What ids are made of is hashed with random numbers, new in each run: to others
 * they are random.
 *
 * Source: W3C Trace Context, trace-id and parent-id: 16 and 8 bytes, not all zero.
 */
#ifndef FTRACE_SINK_OTLP_IDS_H
#define FTRACE_SINK_OTLP_IDS_H

#include <stdint.h>

struct span_ids {
	uint64_t seeds[3];
};

/* Of which call: `again` counts those right above it that began in the same nanosecond. */
struct span_key {
	uint32_t run;   /* of the process */
	uint64_t track; /* its goroutine, or a scheduler's stack (export.h) */
	uint64_t start;
	uint32_t again;
};

/* 0 or a negative errno. */
int span_ids_init(struct span_ids *ids);

void span_ids_span(const struct span_ids *ids, const struct span_key *key, uint8_t id[8]);

/* `key`: the root call of all. */
void span_ids_trace(const struct span_ids *ids, const struct span_key *key, uint8_t id[16]);

#endif
