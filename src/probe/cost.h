/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cost: what a probe hit takes on this machine.
 *
 * Measured with uprobes on instructions of ftrace itself, with a program that does nothing or, without
 * uprobe_multi, with none: the trap is most of what a hit costs, and differs by a factor of ten between
 * processors and between bare and virtual ones. A uprobe that is a perf event takes CAP_SYS_ADMIN on newer
 * kernels (perf_uprobe_event_init()), and is opened only where the probes are such, too.
 * Sources: include/uapi/linux/perf_event.h; Documentation/trace/uprobetracer.rst.
 */
#ifndef FTRACE_PROBE_COST_H
#define FTRACE_PROBE_COST_H

#include <stdint.h>

#include "probe/features.h"

/* ns a hit takes from the traced thread, the program that runs at it included. */
struct probe_cost {
	uint64_t emulated; /* at an instruction that the kernel carries out itself */
	uint64_t stepped;  /* at one that it runs in place, with a second trap behind it */
};

/* Takes some 20 ms. 0, or a negative errno when no uprobe can be opened or the file not be found. */
int probe_cost(struct probe_cost *cost, const struct features *features);

#endif
