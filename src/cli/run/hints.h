/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hints: what a person is told on stderr while it runs, each once: nothing was hit for five seconds, and why that may be;
 * what the bounds of memory do to the trace.
 */
#ifndef FTRACE_CLI_RUN_HINTS_H
#define FTRACE_CLI_RUN_HINTS_H

#include <stdbool.h>
#include <stdint.h>

struct child;
struct options;
struct probe;
struct status;
struct targets;
struct trace_counts;

/* The upper part is set by the caller, whose it is. */
struct hints {
	const struct options *opt;
	struct targets *targets;
	const struct child *child;
	const struct probe *probe;
	struct status *status; /* taken off the terminal before anything is said */
	uint64_t began;        /* ns */
	bool summing;          /* records are none: the kernel adds calls up */

	bool hinted, said_let_go, said_given_up;
	uint64_t flights; /* that were told */
};

/* To be called now and then. Says nothing with -q. */
void hints_look(struct hints *hints, const struct trace_counts *counts, uint64_t now);

#endif
