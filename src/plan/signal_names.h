/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signal_names: signals by their names.
 */
#ifndef FTRACE_PLAN_SIGNAL_NAMES_H
#define FTRACE_PLAN_SIGNAL_NAMES_H

#include <stddef.h>

/* The first realtime signal of the kernel; its name here is without the C library's two (signal(7)). */
#define SIGNAL_REALTIME 32

/* Number of a signal by its name with or without SIG, RT_N, or its number; or 0. */
int signal_number(const char *name, size_t len);

#endif
