/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * syscalls: system calls that are made while a traced call is open.
 *
 * What is read at the entry is kept with the thread, and goes into the ring when the call returns. A call that does
 * not return goes when that is known: exit at once, execve when the other program begins, all others when tracing ends
 * and user space asks for what is kept (ftrace_open_calls).
 *
 * Sources: include/trace/events/syscalls.h (sys_enter, sys_exit), include/uapi/asm/unistd_64.h.
 */
#ifndef FTRACE_SYSCALLS_BPF_H
#define FTRACE_SYSCALLS_BPF_H

#include "fetch.bpf.h"
#include "files.bpf.h"
#include "marks.bpf.h"

/* Calls are recorded. */
const volatile bool calls_kept = false;

/* Those that are, bits by number; and those that never return. */
const volatile __u64 calls_wanted[FT_SYSCALLS / 64];
const volatile __u32 calls_final[2];

/* What is to be read at each, by number. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FT_SYSCALLS);
	__type(key, __u32);
	__type(value, struct ft_reads);
} call_reads SEC(".maps");

/* A call that a thread is in. */
struct kept_call {
	__u32 open; /* it is: whoever sets it back hands the record on */
	__u32 size; /* of `data` */
	struct ft_syscall record;
	__u8 data[FT_SYSCALL_DATA];
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct kept_call);
} kept_calls SEC(".maps");

/* Where one more item begins, if that may be so far behind; else NULL. */
static __always_inline struct ft_item *item_at(struct kept_call *kept, const __u32 begins)
{
	__u32 size = kept->size;

	barrier_var(size);
	if (size > begins)
		return NULL;
	return (struct ft_item *)(kept->data + size);
}

static __always_inline void item_fill(struct ft_item *item, const struct ft_read *read, __u8 flags)
{
	item->what = read->what;
	item->arg = read->arg;
	item->when = read->when;
	item->flags = flags;
	item->len = 0;
	item->pad = 0;
}

/* The item is there, with `len` bytes. */
static __always_inline void item_add(struct kept_call *kept, struct ft_item *item, __u32 len)
{
	item->len = len;
	kept->size += (sizeof(*item) + len + 7) & ~7u;
}

static __always_inline void read_text(struct kept_call *kept, struct ft_item *item,
				      const struct ft_read *read, __u64 at, const __u32 most)
{
	long len;

	item_fill(item, read, 0);
	len = bpf_probe_read_user_str(item + 1, most, (void *)at);
	if (len <= 0) {
		item->flags = FT_ITEM_FAULT;
		len = 0;
	} else {
		/* Without its NUL; one that was put there since there is more is not the text's. */
		len--;
		if (len == most - 1)
			item->flags = FT_ITEM_MORE;
	}
	item_add(kept, item, len);
}

static __always_inline void read_text_path(struct kept_call *kept, const struct ft_read *read,
					   __u64 at)
{
	struct ft_item *item;

	if (!at)
		return;
	item = item_at(kept, FT_SYSCALL_EARLY);
	if (item) {
		read_text(kept, item, read, at, FT_PATH_MAX);
		return;
	}
	item = item_at(kept, FT_SYSCALL_LATE);
	if (item)
		read_text(kept, item, read, at, FT_PATH_LEFT);
}

/* How many elements there are at an argument's address. */
static __always_inline __u64 count_of(const struct kept_call *kept, __u32 count)
{
	__u64 number = 0;

	if (count < FT_SYSCALL_ARGS)
		return kept->record.args[bounded(count, FT_SYSCALL_ARGS - 1)];
	if (count == FT_ARG_RESULT)
		return kept->record.result < 0 ? 0 : kept->record.result;
	if (count == FT_COUNT_ONE)
		return 1;
	bpf_probe_read_user(
		&number, 4,
		(void *)kept->record.args[bounded(count - FT_COUNT_AT, FT_SYSCALL_ARGS - 1)]);
	return number;
}

/* `size` bytes, of which at most read->most are wanted, and no more than `room` are read. */
static __always_inline void read_some(struct kept_call *kept, struct ft_item *item,
				      const struct ft_read *read, __u64 at, __u64 size,
				      const __u32 room)
{
	__u32 len;

	item_fill(item, read, size > read->most ? FT_ITEM_MORE : 0);
	len = bounded(size > read->most ? read->most : size, room);
	if (bpf_probe_read_user(item + 1, len, (void *)at)) {
		item->flags = FT_ITEM_FAULT;
		len = 0;
	}
	item_add(kept, item, len);
}

/* Beyond what is read of anything. */
#define COUNT_MAX 65536

static __always_inline void read_bytes(struct kept_call *kept, const struct ft_read *read, __u64 at)
{
	__u64 count = count_of(kept, read->count);
	struct ft_item *item;

	if (!at || !count)
		return;
	if (count > COUNT_MAX)
		count = COUNT_MAX;
	if (read->most > FT_PATH_LEFT) {
		item = item_at(kept, FT_SYSCALL_EARLY);
		if (item)
			read_some(kept, item, read, at, count * read->size, FT_PATH_MAX);
		return;
	}
	item = item_at(kept, FT_SYSCALL_LATE);
	if (item)
		read_some(kept, item, read, at, count * read->size, FT_PATH_LEFT);
}

/* The first few elements of a vector, each with the head of what it points to. */
static __always_inline void read_vector(struct kept_call *kept, const struct ft_read *read,
					__u64 at, __u64 count, __u8 flags)
{
	struct ft_item *item = item_at(kept, FT_SYSCALL_LATE);
	struct ft_iov *iov;
	__u32 n = 0;

	if (!at || !count || !item)
		return;
	item_fill(item, read, flags | (count > FT_IOVS_MAX ? FT_ITEM_MORE : 0));
	iov = (struct ft_iov *)(item + 1);
	for (; n < FT_IOVS_MAX && n < count; n++, iov++) {
		__u32 len = FT_BUFFER_MAX;

		if (bpf_probe_read_user(iov, 16, (void *)(at + 16ull * n)))
			break;
		__builtin_memset(iov->head, 0, sizeof(iov->head));
		if (iov->len < len)
			len = iov->len;
		bpf_probe_read_user(iov->head, bounded(len, FT_BUFFER_MAX), (void *)iov->base);
	}
	if (!n)
		item->flags |= FT_ITEM_FAULT;
	item_add(kept, item, n * sizeof(*iov));
}

/* struct user_msghdr (include/linux/socket.h). */
struct msghdr {
	__u64 name;
	__u32 namelen;
	__u32 pad;
	__u64 iov, iovlen;
	__u64 control, controllen;
	__u64 flags;
};

static __always_inline void read_message(struct kept_call *kept, const struct ft_read *read,
					 __u64 at)
{
	struct ft_item *item = item_at(kept, FT_SYSCALL_LATE);
	struct msghdr head;

	if (!at || !item)
		return;
	item_fill(item, read, 0);
	if (bpf_probe_read_user(&head, sizeof(head), (void *)at)) {
		item->flags = FT_ITEM_FAULT;
		item_add(kept, item, 0);
		return;
	}
	__builtin_memcpy(item + 1, &head, sizeof(head));
	item_add(kept, item, sizeof(head));
	item = item_at(kept, FT_SYSCALL_LATE);
	if (item && head.name && head.namelen) {
		__u32 len = bounded(head.namelen, FT_ADDRESS_MAX);

		item_fill(item, read, FT_ITEM_NAME);
		if (!bpf_probe_read_user(item + 1, len, (void *)head.name))
			item_add(kept, item, len);
	}
	read_vector(kept, read, head.iov, head.iovlen, FT_ITEM_IOV);
}

static __always_inline void read_strings(struct kept_call *kept, const struct ft_read *read,
					 __u64 at)
{
	for (__u32 i = 0; at && i < FT_STRINGS_MAX; i++) {
		struct ft_item *item = item_at(kept, FT_SYSCALL_LATE);
		__u64 text = 0;

		if (!item)
			return;
		if (bpf_probe_read_user(&text, sizeof(text), (void *)(at + 8ull * i))) {
			item_fill(item, read, FT_ITEM_FAULT);
			item_add(kept, item, 0);
			return;
		}
		if (!text)
			return;
		read_text(kept, item, read, text, FT_STRING_MAX);
	}
}

static __always_inline void read_descriptor(struct kept_call *kept, const struct ft_read *read,
					    __u64 fd)
{
	struct ft_item *item = item_at(kept, FT_SYSCALL_EARLY);
	__u32 len;

	if (!item || (__s32)fd < 0)
		return;
	item_fill(item, read, 0);
	len = read_file(bpf_get_current_task_btf(), fd, (struct ft_file *)(item + 1));
	if (len)
		item_add(kept, item, len);
}

static __noinline int read_one(struct kept_call *kept, const struct ft_read *read)
{
	__u32 arg = read->arg;
	__u64 at;

	at = arg == FT_ARG_RESULT ? (__u64)kept->record.result
				  : kept->record.args[bounded(arg, FT_SYSCALL_ARGS - 1)];
	switch (read->what) {
	case FT_READ_PATH:
		read_text_path(kept, read, at);
		break;
	case FT_READ_BYTES:
		read_bytes(kept, read, at);
		break;
	case FT_READ_IOV:
		read_vector(kept, read, at, count_of(kept, read->count), 0);
		break;
	case FT_READ_MSG:
		read_message(kept, read, at);
		break;
	case FT_READ_STRINGS:
		read_strings(kept, read, at);
		break;
	case FT_READ_FILE:
		read_descriptor(kept, read, at);
		break;
	}
	return 0;
}

/* All that is to be read at such a time. */
static __always_inline void read_all(struct kept_call *kept, bool exit)
{
	__u32 number = kept->record.number;
	const struct ft_reads *reads = bpf_map_lookup_elem(&call_reads, &number);

	for (__u32 i = 0; reads && i < FT_READS; i++) {
		const struct ft_read *read = &reads->reads[i];

		if (read->what == FT_READ_NONE)
			return;
		if (exit != (read->when != FT_AT_ENTRY) ||
		    (read->when == FT_AT_SUCCESS && kept->record.result < 0))
			continue;
		read_one(kept, read);
	}
}

/* Into the ring, once. */
static __always_inline void hand_on(struct kept_call *kept, __u32 flags, __u64 time)
{
	struct ft_record *r = &kept->record.r;
	__u32 size;

	if (__sync_val_compare_and_swap(&kept->open, 1, 0) != 1)
		return;
	size = bounded(kept->size, FT_SYSCALL_DATA) + sizeof(kept->record);
	r->time = time;
	r->size = size;
	r->epoch = *(volatile __u32 *)&epoch;
	kept->record.flags = flags;
	if (bpf_ringbuf_output(&ring, &kept->record, size, BPF_RB_NO_WAKEUP)) {
		struct where w = {.tgid = r->tgid, .tid = r->tid, .lane = r->lane};

		w.depth = FT_NO_DEPTH;
		count_loss(&w, FT_SYSCALL, time);
	}
}

static __always_inline bool is_final(__u32 number)
{
	return number == calls_final[0] || number == calls_final[1];
}

SEC("raw_tp/sys_enter")
int ftrace_call_enter(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 number = (__u32)ctx->args[1];
	struct task_struct *task = bpf_get_current_task_btf();
	struct kept_call *kept;
	struct where w = {};

	if (number >= FT_SYSCALLS || !(calls_wanted[number / 64 & 7] >> (number & 63) & 1) ||
	    !find_open_call(&w) || is_foreign_call(task))
		return 0;
	kept = bpf_task_storage_get(&kept_calls, task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!kept || regs_call_args(kept->record.args, (const struct pt_regs *)ctx->args[0])) {
		count_loss(&w, FT_SYSCALL, bpf_ktime_get_ns());
		return 0;
	}
	kept->size = 0;
	kept->record.number = number;
	kept->record.result = 0;
	read_all(kept, false);
	kept->record.start = bpf_ktime_get_ns();
	fill_record(&kept->record.r, &w, 0, FT_SYSCALL, 0, 0);
	kept->open = 1;
	if (is_final(number))
		hand_on(kept, FT_SYSCALL_OPEN, kept->record.start);
	return 0;
}

/* The call that the current thread is in. */
static __always_inline struct kept_call *current_call(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct kept_call *kept;
	__u32 tgid = task->tgid;

	if (pidns_ino) {
		struct bpf_pidns_info ns = {};

		if (bpf_get_ns_current_pid_tgid(pidns_dev, pidns_ino, &ns, sizeof(ns)))
			return NULL;
		tgid = ns.tgid;
	}
	if (!framed[FT_FRAMED_SLOT(tgid)])
		return NULL;
	kept = bpf_task_storage_get(&kept_calls, task, NULL, 0);
	return kept && kept->open ? kept : NULL;
}

SEC("raw_tp/sys_exit")
int ftrace_call_exit(struct bpf_raw_tracepoint_args *ctx)
{
	struct kept_call *kept;
	__u64 time;

	if (!enabled)
		return 0;
	kept = current_call();
	if (!kept)
		return 0;
	time = bpf_ktime_get_ns();
	kept->record.result = (__s64)ctx->args[1];
	read_all(kept, true);
	hand_on(kept, 0, time);
	return 0;
}

/* Another program begins: the call that asked for it will not return to this one. */
static __always_inline void call_execs(void)
{
	struct kept_call *kept = current_call();

	if (kept)
		hand_on(kept, FT_SYSCALL_OPEN, kept->record.start);
}

/* When tracing has ended: what has not returned. */
SEC("iter/task")
int ftrace_open_calls(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct kept_call *kept;

	if (!task)
		return 0;
	kept = bpf_task_storage_get(&kept_calls, task, NULL, 0);
	if (kept && kept->open)
		hand_on(kept, FT_SYSCALL_OPEN, kept->record.start);
	return 0;
}

#endif
