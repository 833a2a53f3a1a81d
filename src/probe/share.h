/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * share: a second set of the programs, for an executable that is traced from now on, which works on the
 * maps of the first: one ring, one count of what was lost, one memory of open frames, one switch.
 *
 * What belongs to sites (which values to read, which filter, the sums of calls) is its own, so that the
 * first one's tables need no room to spare. Internal to src/probe. Source: libbpf's
 * bpf_map__reuse_fd().
 *
 * libbpf up to 1.4 maps the variables of a map that is reused (bpf_object__load_skeleton()); from 1.5 on it maps
 * only those of maps that it made itself (bpf_object__populate_internal_map()), and what is written to the
 * skeleton's `bss` then reaches no program.
 */
#ifndef FTRACE_PROBE_SHARE_H
#define FTRACE_PROBE_SHARE_H

struct ftrace_bpf;

/* To be called before `to` is loaded; `from` must be. 0 or a negative errno. */
int share_maps(struct ftrace_bpf *from, struct ftrace_bpf *to);

/* To be called when `to` is loaded: its variables are those of `from`, which must outlive it. */
void share_variables(struct ftrace_bpf *from, struct ftrace_bpf *to);

#endif
