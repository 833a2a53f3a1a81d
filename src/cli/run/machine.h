/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machine: this machine, as the trace asks for it (trace/machine.h): its processes by /proc and their memory,
 * its kernel by the probe's maps.
 */
#ifndef FTRACE_CLI_RUN_MACHINE_H
#define FTRACE_CLI_RUN_MACHINE_H

#include <sys/types.h>

#include "cli/target/identify.h"
#include "probe/probe.h"
#include "trace/machine.h"

struct this_machine {
	struct machine machine;
	struct identify identify;
	struct probe *probe;
};

/* `targets` and `probe` are the caller's and outlive it; `started` is the program that ftrace started
 * itself, or 0. */
void machine_init(struct this_machine *this, struct targets *targets, pid_t started,
		  struct probe *probe);

#endif
