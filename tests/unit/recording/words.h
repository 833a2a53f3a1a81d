/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words: a sink that writes down all it is given, a line an event, for two traces to be compared.
 */
#ifndef FTRACE_TESTS_RECORDING_WORDS_H
#define FTRACE_TESTS_RECORDING_WORDS_H

#include "base/buf.h"
#include "call/sink.h"

/* Begins as {.sink.ops = &words_ops}; whoever made it releases `text`. */
struct words {
	struct sink sink;
	const struct catalog *catalog;
	struct buf text;
	uint64_t calls;
};

extern const struct sink_ops words_ops;

#endif
