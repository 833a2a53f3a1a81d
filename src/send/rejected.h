/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rejected: what an ExportTraceServiceResponse says of spans that were not taken (partial_success). Nothing of it is believed.
 *
 * Source: opentelemetry/proto/collector/trace/v1/trace_service.proto.
 */
#ifndef FTRACE_SEND_REJECTED_H
#define FTRACE_SEND_REJECTED_H

#include <stddef.h>
#include <stdint.h>

struct rejected {
	uint64_t spans;
	char message[160]; /* one line, cut; "" where there is none */
};

void rejected_read(struct rejected *rejected, const void *bytes, size_t len);

#endif
