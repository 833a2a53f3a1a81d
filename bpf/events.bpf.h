/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * events: tracepoints that were asked for, on the thread of an open traced call.
 *
 * There is one program for all of them, of which user space loads a copy for each tracepoint with its number put where
 * FT_EVENT_NUMBER is (src/probe/event_points.c): older kernels tell a program at a tracepoint nothing of which one it is at.
 * The arguments are read as memory, for what a program reads of its context itself the kernel holds against the
 * tracepoint's arguments, of which each has another number.
 *
 * A program that fires its own tracepoint is not run again (the kernel counts who is active). Those of another one, which fire
 * while a record is made, are safe as long as they fire with no lock of the ring held; the ones of group `lock` do.
 */
#ifndef FTRACE_EVENTS_BPF_H
#define FTRACE_EVENTS_BPF_H

#include "marks.bpf.h"

#include <ftrace/events.h>

/* By number. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ft_event_shape);
} events SEC(".maps");

static __always_inline __u32 event_number(void)
{
	__u64 number;

	asm volatile("%0 = %1 ll" : "=r"(number) : "i"(FT_EVENT_NUMBER));
	return (__u32)number;
}

static __always_inline bool read_event_task(void *room, const struct task_struct *task)
{
	struct ft_event_task *out = room;

	out->pid = BPF_CORE_READ(task, pid);
	return BPF_CORE_READ_INTO(&out->comm, task, comm) == 0;
}

/* Whether text `i` could be read into its room. */
static __always_inline bool read_event_text(struct ft_event *e, const struct ft_event_shape *shape,
				      __u32 i)
{
	char *room = (char *)(e + 1) + i * FT_EVENT_TEXT;
	__u32 arg = shape->texts[i].arg;
	__u64 at;

	if (arg >= FT_EVENT_ARGS)
		return false;
	at = e->args[arg];
	if (shape->texts[i].kind == FT_TEXT_TASK)
		return read_event_task(room, (const void *)at);
	return shape->texts[i].kind == FT_TEXT_STRING &&
	       bpf_probe_read_kernel_str(room, FT_EVENT_TEXT, (const void *)at) > 0;
}

static __always_inline void fill_event(struct ft_event *e, struct where *w, const void *ctx,
				       __u32 number, const struct ft_event_shape *shape,
				       __u32 size, __u64 time)
{
	__u32 count = shape->count;

	fill_record(&e->r, w, 0, FT_EVENT, size, time);
	e->event = number;
	e->read = 0;
	__builtin_memset(e->args, 0, sizeof(e->args));
	if (count > FT_EVENT_ARGS)
		count = FT_EVENT_ARGS;
	bpf_probe_read_kernel(e->args, count * sizeof(e->args[0]), ctx);
}

static __always_inline void emit_event(struct where *w, const void *ctx, __u32 number,
				       const struct ft_event_shape *shape, __u64 time)
{
	struct ft_event *e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);

	if (!e) {
		count_loss(w, FT_EVENT, time);
		return;
	}
	fill_event(e, w, ctx, number, shape, sizeof(*e), time);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

static __always_inline void emit_event_texts(struct where *w, const void *ctx, __u32 number,
					     const struct ft_event_shape *shape, __u64 time)
{
	struct ft_event *e = bpf_ringbuf_reserve(&ring, FT_EVENT_WITH_TEXTS, 0);

	if (!e) {
		count_loss(w, FT_EVENT, time);
		return;
	}
	fill_event(e, w, ctx, number, shape, FT_EVENT_WITH_TEXTS, time);
	__builtin_memset(e + 1, 0, FT_EVENT_TEXTS * FT_EVENT_TEXT);
#pragma unroll
	for (__u32 i = 0; i < FT_EVENT_TEXTS; i++)
		if (read_event_text(e, shape, i))
			e->read |= 1u << i;
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}

SEC("raw_tp")
int ftrace_event(struct bpf_raw_tracepoint_args *ctx)
{
	const struct ft_event_shape *shape;
	__u32 number = event_number();
	struct where w = {};
	__u64 time;

	if (!find_open_call(&w))
		return 0;
	time = bpf_ktime_get_ns();
	shape = bpf_map_lookup_elem(&events, &number);
	if (!shape)
		return 0;
	if (shape->texts[0].kind == FT_TEXT_NONE)
		emit_event(&w, ctx, number, shape, time);
	else
		emit_event_texts(&w, ctx, number, shape, time);
	return 0;
}

#endif
