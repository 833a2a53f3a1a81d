/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * privileges: what ftrace keeps of its capabilities once its probes are there.
 *
 *     always   CAP_SYS_PTRACE             /proc/PID/exe, maps and pagemap, and memory, of every process that
 *                                         is traced, when its first record comes. Also of root's own,
 *                                         which have more capabilities than ftrace by then (ptrace(2)).
 *              CAP_BPF                    bpf(2) at all, before Linux 5.19
 *     follow   CAP_BPF, CAP_PERFMON       programs that are loaded for a file that comes later
 *              CAP_DAC_READ_SEARCH        that file
 *     program  CAP_KILL                   signals that are passed on: by now it may run as anybody
 *     output   CAP_DAC_OVERRIDE           SIGHUP: the file of -o, which may be anybody's, is made again
 *
 * Probes are put in and taken off by the keeper, which has none for links of uprobe_multi, and CAP_BPF,
 * CAP_PERFMON and CAP_SYS_ADMIN for perf events: Linux 6.16, and stable kernels since July 2025, ask for the last
 * one (perf_uprobe_event_init()). What ftrace never had it does not get. It executes nothing from then on
 * (no_new_privs).
 */
#ifndef FTRACE_CLI_RIGHTS_PRIVILEGES_H
#define FTRACE_CLI_RIGHTS_PRIVILEGES_H

#include <stdbool.h>

#include "base/error.h"
#include "cli/options/options.h"

/* What is still to be done, as above. */
struct privileges {
	bool follow;
	bool program;
	bool output;
};

/* What a session of these options still does when it has begun. */
struct privileges privileges_of(const struct options *opt);

/* Gives up all else, in this thread and those that it makes later. 0, or a negative errno with `err`
 * filled: then ftrace must not go on. */
int privileges_drop(const struct privileges *privileges, struct error *err);

#endif
