/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * marks: whether what happens now belongs to a goroutine that has a traced call open.
 *
 * Tracepoints of the kernel fire for every task of the machine. Most of them are told apart by one byte (`framed`), of
 * the others their process is looked up, then g is read, and then its frames are looked up (frames.bpf.h).
 */
#ifndef FTRACE_MARKS_BPF_H
#define FTRACE_MARKS_BPF_H

#include "frames.bpf.h"

#include <ftrace/marks.h>

/* The lane of a goroutine. */
static __always_inline void set_goroutine(struct where *w, __u64 goid)
{
	w->flags = 0;
	w->lane = w->goid = goid;
	w->depth = FT_NO_DEPTH;
}

/* Its first chunk, when it has a traced call open of which records are made; else NULL. */
static __always_inline struct ft_chunk *open_call(const struct where *w)
{
	struct ft_chunk_key key = {.tgid = w->tgid, .lane = w->lane};
	struct ft_chunk *head = bpf_map_lookup_elem(&chunks, &key);

	return head && head->count && !head->passed ? head : NULL;
}

static __always_inline bool has_open_call(const struct where *w)
{
	return open_call(w) != NULL;
}

/* The goroutine of the current thread, 0: none: in C code and on a scheduler's stack, too, where it is the one that this works
 * for. Nothing here may wait for memory, whatever --fault says: it is no place where a program may sleep. */
static __always_inline __u64 goid_of_thread(const struct task_struct *task,
					    const struct ft_image *image)
{
	__u64 g = 0, m = 0, goid = 0;

	if (!thread_pointer(task) ||
	    bpf_probe_read_user(&g, sizeof(g), (void *)(thread_pointer(task) + image->tls)) || !g ||
	    bpf_probe_read_user(&goid, sizeof(goid), (void *)(g + image->goid)))
		return 0;
	if (goid)
		return goid;
	if (bpf_probe_read_user(&m, sizeof(m), (void *)(g + image->m)) || !m ||
	    bpf_probe_read_user(&g, sizeof(g), (void *)(m + image->curg)) || !g ||
	    bpf_probe_read_user(&goid, sizeof(goid), (void *)(g + image->goid)))
		return 0;
	return goid;
}

/* Whether the current thread works for a goroutine with an open call; *w is its lane then. */
static __always_inline bool find_open_call(struct where *w)
{
	struct task_struct *task = bpf_get_current_task_btf();
	const __u32 *number;
	__u64 goid;

	if (!enabled || !current_ids(&w->tgid, &w->tid) || !framed[FT_FRAMED_SLOT(w->tgid)])
		return false;
	number = bpf_map_lookup_elem(&running, &w->tgid);
	if (!number || is_vfork_child(task))
		return false;
	goid = goid_of_thread(task, &images[*number & (FT_MAX_IMAGES - 1)]);
	if (!goid)
		return false;
	set_goroutine(w, goid);
	return has_open_call(w);
}

#endif
