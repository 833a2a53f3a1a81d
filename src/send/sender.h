/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sender: a thread that sends requests to a collector, in their order. Whoever has spans never waits for it.
 *
 * Answers 429, 502, 503, 504, and none at all: it is tried again, after what the answer asks for, or 1 s, then twice as long, up to
 * 8 s, a little more or less. All else that is no success is said once a minute, and its spans are gone.
 *
 * Source: OpenTelemetry, "OTLP Specification", OTLP/HTTP: failures, throttling, partial success.
 */
#ifndef FTRACE_SEND_SENDER_H
#define FTRACE_SEND_SENDER_H

#include "base/buf.h"
#include "base/error.h"
#include "send/settings.h"

struct sender_counts {
	uint64_t sent, dropped; /* spans */
	const char *
		why; /* dropped, the newest reason; good until the sender is freed; NULL: none was */
};

struct sender;

/* `quiet`: nothing is said. NULL with `err` filled. The settings outlive it. */
struct sender *sender_new(const struct send_settings *settings, bool quiet, struct error *err);

/* A request of so many spans; copied. */
void sender_put(struct sender *sender, const void *bytes, size_t len, uint32_t spans);

/* No more comes: what waits gets one try at once, and 5 s in all. Then nothing waits any more. */
void sender_finish(struct sender *sender, struct sender_counts *counts);
void sender_free(struct sender *sender);

#endif
