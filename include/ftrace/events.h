/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * events: what stands in the program for tracepoints where each copy of it has its own number (bpf/events.bpf.h).
 */
#ifndef FTRACE_EVENTS_H
#define FTRACE_EVENTS_H

/* Like no other constant of the program; in the upper half, so that it takes an instruction of two words. */
#define FT_EVENT_NUMBER 0x6576656e74234e6fll

#endif
