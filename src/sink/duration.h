/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * duration: a length of time as people read it, and the mark that makes a long one stand out.
 *
 * Three significant digits and the unit that fits: "182 ns", "1.08 us", "10.2 ms", "1.00 s",
 * "3725 s". The marks are those of the kernel's function_graph tracer
 * (Documentation/trace/ftrace.rst).
 */
#ifndef FTRACE_SINK_DURATION_H
#define FTRACE_SINK_DURATION_H

#include <stdint.h>

/* More than any duration_put() writes. */
#define DURATION_MAX 24

/* Writes `ns` at `to` without a terminator, at most DURATION_MAX bytes; returns the place after. */
char *duration_put(char *to, uint64_t ns);

/* '+' above 10 us, '!' 100 us, '#' 1 ms, '*' 10 ms, '@' 100 ms, '$' 1 s; else ' '. */
char duration_mark(uint64_t ns);

/* What makes the terminal show it as the mark does, "\033[0m" ends it; NULL: no colour. */
const char *duration_color(uint64_t ns);

#endif
