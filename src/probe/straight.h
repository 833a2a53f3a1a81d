/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * straight: operations of a fetch as BPF instructions of their own.
 *
 * What the loop of bpf/fetch.bpf.h does for each operation anew, looking it up, telling which it is and finding its slot, is
 * decided here once: no branch is left but those that depend on what is read. The meaning of operations is that of
 * ftrace/fetch.h; what may sleep is not made, so that pages that are away are never brought in.
 */
#ifndef FTRACE_PROBE_STRAIGHT_H
#define FTRACE_PROBE_STRAIGHT_H

#include <ftrace/fetch.h>

#include "arch/arch.h"
#include "probe/insns.h"

/* Registers at the begin. All but FRAME and SCRATCH may have changed at the end. */
#define STRAIGHT_FRAME   BPF_REG_6 /* the registers of the task: struct pt_regs */
#define STRAIGHT_SCRATCH BPF_REG_7 /* struct ft_scratch */

/*
 * Appends what operations `first` to `end` of a sealed fetch do; those before `first` have been done, or left out. They are made for
 * `arch`. Of the run, bias, tgid, tid and goid are read, size is set, away may be. The end is
 * the instruction behind.
 */
void straight_put(struct insns *insns, const struct ft_op *ops, size_t first, size_t end,
		  const struct arch *arch);

#endif
