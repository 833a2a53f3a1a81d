/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scratch: what a thread has to read values into.
 *
 * The programs have it in task-local storage (bpf/scratch.bpf.h). User space knows where things are in it, for the
 * instructions that it makes of operations (src/probe/straight.h).
 */
#ifndef FTRACE_SCRATCH_H
#define FTRACE_SCRATCH_H

#include <ftrace/fetch.h>
#include <ftrace/record.h>

/* Memory that several texts lie in: in the scratch, since the verifier follows all that is on the stack. */
struct ft_span {
	__ft_u64 from, to;
	__ft_u32 texts; /* in it */
	__ft_u32 at;    /* in the record */
	__ft_u32 count; /* of texts, here and elsewhere */
	__ft_u32 pad;
};

/* Where one site's program is. */
struct ft_run {
	__ft_u64 acc;
	__ft_u64 bias; /* of the executable: where it is loaded, minus where its file says */
	__ft_u64 goid;
	__ft_u32 tgid, tid;
	__ft_u32 next; /* index of an operation */
	__ft_u32 end;
	__ft_u32 last; /* of all, whatever `end` is */
	__ft_u32 size; /* of the values so far; at least `least` are sent */
	__ft_u32 least;
	__ft_u32 made; /* number of the instructions for the operations that come, 0: none */
	struct ft_span span;
	__ft_u64 word; /* for a moment */
	__ft_u32 away; /* something could not be read that may be a constant of the executable */
	__ft_u32 pad;
};

/* Kernels from 7.0 on give a task no more than 8 KiB, its own header included (mm/slub.c,
 * kmalloc_nolock()). Beyond what a record needs there is what would else take stack, of which kernels
 * before 6.13 have 512 bytes for all. */
struct ft_scratch {
	__ft_u64 regs[FT_REGS];
	struct ft_run run;
	/* A record's fixed part ends where its values begin. */
	struct ft_entry entry;
	__ft_u8 bytes[FT_VALUES_MAX + FT_READ_MAX];
};

_Static_assert(sizeof(struct ft_scratch) <= 7680, "room in a task");

#endif
