/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event_type: what the arguments of a tracepoint are called, and what they are, by the kernel's types.
 *
 * The prototype is that of typedef btf_trace_NAME, which has no names; those are in functions that the kernel makes of
 * each tracepoint: __traceiter_NAME, __probestub_NAME, and __bpf_trace_NAME of the first of several that share a prototype.
 * What has no name anywhere is `arg0`, `arg1`.
 *
 * Source: the kernel's include/linux/tracepoint.h, include/trace/bpf_probe.h (which arguments are narrower than a word).
 */
#ifndef FTRACE_PROBE_EVENT_TYPE_H
#define FTRACE_PROBE_EVENT_TYPE_H

#include "plan/marks.h"

struct btf;

/* The type is to be released, also after an error. 0; -ENOENT: `types` do not have the tracepoint; -ENOMEM; -E2BIG: more
 * arguments than programs at it can have. */
int event_type_read(struct event_type *type, const struct btf *types, const char *point);

void event_type_release(struct event_type *type);

#endif
