/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config: what user space tells the programs, and the maps they share.
 *
 * `const volatile` variables are fixed before load, so that the verifier drops what is switched off;
 * the others change while tracing.
 */
#ifndef FTRACE_CONFIG_BPF_H
#define FTRACE_CONFIG_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include <ftrace/image.h>
#include <ftrace/loss.h>
#include <ftrace/record.h>

/* ftrace's own PID namespace when it is not the initial one; 0 when it is. */
const volatile __u64 pidns_dev = 0;
const volatile __u64 pidns_ino = 0;

/* The kernel's own PID filter of uprobe_multi is missing or wrong: look into `pids`. */
const volatile bool filter_pids = false;

/* Only processes in the control group that is in `group`, or below it. */
const volatile bool filter_group = false;

/* Only the goroutines in `goids`. */
const volatile bool filter_goids = false;

/* Reads may sleep to fault a page in. */
const volatile bool can_fault = false;

/* Calls are added up instead of sent. */
const volatile bool summing = false;

/* Nothing is sent until all probes are attached, nor after the first is taken away. */
volatile bool enabled = false;

/* Probes may be taken off one day: hits are counted, and `turn` says whose are recorded (cookie.h). */
const volatile bool budgeted = false;
volatile __u32 turn = 0;

/* Changes with every lost record. */
__u32 epoch = 0;

struct ft_image images[FT_MAX_IMAGES];

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FT_LOSSES_MAX);
	__type(key, struct ft_loss_key);
	__type(value, struct ft_loss);
} losses SEC(".maps");

/* Records that the ring had no room for, by kind; exact, whatever `losses` could hold. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, FT_KINDS);
	__type(key, __u32);
	__type(value, __u64);
} drops SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u8);
} pids SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} group SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u8);
} goids SEC(".maps");

/* Hits so far of entries, by index of the site. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

/* Memory of the program that hit the probe. It may be away for a moment though it is the program's: swapped out,
 * moved, or on its way into a huge page. */
static __always_inline long read_user(void *to, __u32 len, __u64 from)
{
	long ret = bpf_probe_read_user(to, len, (void *)from);

	if (ret && can_fault)
		ret = bpf_copy_from_user(to, len, (void *)from);
	return ret;
}

/* Always false, which the verifier knows and the compiler does not. */
const volatile bool never = false;

/*
 * To be called in every program of a uprobe. Kernels from 6.13 on may give a program a stack of its own
 * per CPU, also where the program can be preempted or sleep, which uprobes can: another thread's hit on
 * the same CPU then overwrites it, and the kernel follows what is there now. (Seen on 6.18: an oops in
 * the traced thread, with bpf_copy_from_user asleep.) A program with a tail call in it stays
 * on the thread's kernel stack; that it can never be reached is found out only after that was decided,
 * and it costs nothing. Source: kernel/bpf/verifier.c, check_subprogs(), check_max_stack_depth(),
 * bpf_enable_priv_stack().
 */
static __always_inline void stay_on_thread_stack(void)
{
	if (never)
		asm volatile("call %[tail_call]"
			     :
			     : [tail_call] "i"(12 /* BPF_FUNC_tail_call */)
			     : "r0", "r1", "r2", "r3", "r4", "r5");
}

#endif
