/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * features: what this kernel can do, found out once by trying; never by its version.
 *
 * Source of the two tests of uprobe_multi: the order of checks in bpf_uprobe_multi_link_attach()
 * (kernel/trace/bpf_trace.c). A kernel that has it refuses the path "/" with EBADF, since it is no
 * regular file; one whose PID filter compares processes refuses the PID -1 with EINVAL before that.
 */
#ifndef FTRACE_PROBE_FEATURES_H
#define FTRACE_PROBE_FEATURES_H

#include <stdbool.h>

#include "base/error.h"

struct features {
	bool uprobe_multi; /* one link for many sites */
	bool pid_filter;   /* and its PID filter works */
	bool sleepable;    /* uprobe programs may fault pages in */
	bool write_regs;   /* uprobe programs may change the registers */
};

/*
 * What the environment variable FTRACE_WITHOUT names (the fields above, between commas) is taken to be
 * missing, so that the plain ways can be tried on any kernel; nothing can be added.
 *
 * 0, or a negative errno with `err` saying which of these it is and what to do: not root, lockdown, no
 * BTF, a kernel without BPF or uprobes.
 */
int features_find(struct features *features, struct error *err);

/* Whether FTRACE_WITHOUT names it; beside the fields above there is "inodes" (inodes.h). */
bool features_unwanted(const char *name);

/* A program for uprobes that does nothing, to be attached so (enum bpf_attach_type): a descriptor, or a negative
 * errno. */
int features_empty_program(unsigned int attach);

/* One line for -v: "uprobe_multi, PID filter, sleepable, no register writes". */
const char *features_text(const struct features *features, char *text, unsigned int size);

#endif
