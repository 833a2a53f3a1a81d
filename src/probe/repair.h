/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * repair: takes breakpoints away that the kernel has lost.
 *
 * When a task is killed just as it takes a uprobe off, the breakpoint stays in the process, and in the kernel a struct
 * uprobe that nobody consumes ("unregister, leaking uprobe" in its log). Each hit costs a trap for as long as the
 * process runs, and a patcher may carry the byte elsewhere. Whoever puts a uprobe there once more finds that struct,
 * and when it is taken off again the kernel writes back the file's byte in every process, unless another consumer
 * wants it: those of living tracers stay (register_for_each_vma(), filter_chain()). A uprobe whose struct is gone
 * is mended likewise: a new one takes the instruction from the file.
 *
 * The probe is for one process that has the breakpoint already, so nothing is written when it is put in. It must not be for
 * a process that has none: a uprobe that was installed nowhere has no instruction, and taking it off would write
 * zeros (set_orig_insn() with arch.insn as prepare_uprobe() left it).
 *
 * What the kernel cannot know is whose a breakpoint is: it takes away a debugger's as well (verify_opcode()), so the
 * caller must know (altered.h). There is no list of all uprobes: BPF_LINK_GET_NEXT_ID tells those of links,
 * tracefs those of uprobe_events, nobody those of plain perf events.
 *
 * Sources: kernel/events/uprobes.c (uprobe_register(), uprobe_unregister_nosync(), uprobe_write_opcode()), 5.17 to
 * 6.18; kernel/trace/bpf_trace.c (uprobe_multi_link_filter()).
 */
#ifndef FTRACE_PROBE_REPAIR_H
#define FTRACE_PROBE_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct keeper;

/* The program of such a probe, a descriptor that is the caller's, or a negative errno. Takes CAP_BPF and CAP_PERFMON;
 * repair_places() does not. `multi`: the kernel has uprobe_multi. */
int repair_load(bool multi);

/*
 * Puts a probe with that program on each of the `count` > 0 offsets of the file, for that process, and takes it off
 * again. Places of which the kernel says no are passed over: those that another tool's probe holds together with a
 * counter (USDT). 0 or a negative errno: -ESRCH, the process has gone; -EINTR, the keeper's watch said to stop;
 * -EPIPE, the keeper has died.
 */
int repair_places(struct keeper *keeper, int program, bool multi, int file, pid_t pid,
		  const unsigned long *offsets, size_t count);

#endif
