/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scratch: what a thread has to read values into, and the operations that tell what is read.
 *
 * It is task-local storage: a program may be preempted or sleep on a page that has to be read
 * in, so memory per CPU would be another's before it is done. Everything is read before the ring
 * is touched, so that no other record waits for a slow page.
 */
#ifndef FTRACE_SCRATCH_BPF_H
#define FTRACE_SCRATCH_BPF_H

#include "arch.bpf.h"
#include "config.bpf.h"

#include <ftrace/scratch.h>

/* Some site has a program. */
const volatile bool values_kept = false;
/* ... of which no instructions were made, so that its operations are gone through ... */
const volatile bool ops_kept = false;
/* ... and which ends with TEXTS. */
const volatile bool texts_kept = false;
/* ... of which instructions were made. */
const volatile bool made_kept = false;

#define FT_SITES_WITH_PROGRAM 1
#define FT_OPS                1

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct ft_scratch);
} scratches SEC(".maps");

/* By index of the site; sized before load. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FT_SITES_WITH_PROGRAM);
	__type(key, __u32);
	__type(value, struct ft_program);
} programs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FT_OPS);
	__type(key, __u32);
	__type(value, struct ft_op);
} ops SEC(".maps");

static __always_inline bool is_memory(__u64 addr)
{
	return addr >= FT_FIRST_PAGE && !(addr >> FT_ADDRESS_BITS);
}

/* What is no address of memory is told apart here: a fault that nobody can serve takes the kernel longer
 * than ten reads, and guesses at what an interface holds meet many. Nearly all else is there. */
static __always_inline long read_memory(void *to, __u32 len, __u64 from)
{
	if (!is_memory(from))
		return -1;
	return read_user(to, len, from);
}

#define AT(scratch, place) ((scratch)->bytes + ((place) & (FT_VALUES_MAX - 1)))

/* In one piece, so that the compiler compares the very register that the verifier then looks at. */
static __always_inline __u64 bounded(__u64 len, const __u32 most)
{
	asm volatile("%[len] &= 0xffff\n"
		     "if %[len] <= %[most] goto +1\n"
		     "%[len] = %[most]"
		     : [len] "+r"(len)
		     : [most] "i"(most));
	return len;
}

static __always_inline void set_status(struct ft_scratch *scratch, const struct ft_op *op,
				       __u8 status)
{
	scratch->bytes[sizeof(struct ft_values) + op->status] = status;
}

static __always_inline void fail(struct ft_scratch *scratch, const struct ft_op *op, __u8 status)
{
	set_status(scratch, op, status);
	if (FT_V_IS_FAULT(status)) {
		scratch->run.away |= !can_fault && is_memory(scratch->run.acc);
		if (op->slot)
			*(__u64 *)AT(scratch, op->slot) = scratch->run.acc;
	}
	scratch->run.next += op->skip;
}

static __always_inline struct ft_scratch *get_scratch(void)
{
	return bpf_task_storage_get(&scratches, bpf_get_current_task_btf(), NULL,
				    BPF_LOCAL_STORAGE_GET_F_CREATE);
}

#endif
