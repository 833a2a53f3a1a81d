/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frames: the open frames of each lane, kept here only where something must be decided or added up
 * before a record is made: --sample, -D, --depth, the callers of a root call, --summary=only.
 *
 * It is the same shadow stack that user space keeps (src/trace/trace.h), by depths: an entry or an exit
 * at depth d is the end of all that was deeper. A lane is there while it has frames; its frames come
 * in chunks, so that most lanes need one and a deep recursion as many as it takes.
 *
 * One lane's hits come one after the other, so nothing here is locked.
 */
#ifndef FTRACE_FRAMES_BPF_H
#define FTRACE_FRAMES_BPF_H

#include "emit.bpf.h"
#include "stats.bpf.h"

#include <ftrace/frames.h>

/* Frames of a lane that are kept, 0: none, and nothing below is compiled in. */
const volatile __u32 frames_kept = 0;
/* Frames of a tree that are sent, 0: all. */
const volatile __u32 depth_limit = 0;
/* One root call in so many, 0 and 1: all. */
const volatile __u64 sample_one_in = 0;
/* Only trees below functions with FT_C_DRILL. */
const volatile bool drilling = false;

/* Roots that were passed over. */
__u64 skipped = 0;
/* Calls that were left out, since no memory was to be had for their frames. */
__u64 unkept = 0;

/* By FT_FRAMED_SLOT: not 0 where a process of that slot may have frames. User space, which forgets those of processes
 * that have ended, sets it to 0: no walk over all frames for the end of any other process. */
__u8 framed[FT_FRAMED];

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, struct ft_chunk_key);
	__type(value, struct ft_chunk);
} chunks SEC(".maps");

/* Root calls so far, by process. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u64);
} roots SEC(".maps");

/* Something besides calls is recorded (marks.bpf.h): tracepoints have to know which executable a process runs. */
const volatile bool marks_kept = false;

/* How many goroutines have frames, by OPEN_SLOT of the address of their g: 0 is none. Of processes that have ended some
 * may be left over, which costs a look into `chunks` and no more. */
#define OPEN_SLOTS_BITS 14
#define OPEN_SLOT(g, tgid) \
	((((g) ^ (__u64)(tgid) << 40) * 0x9e3779b97f4a7c15ull) >> (64 - OPEN_SLOTS_BITS))
__u32 open_goroutines[1 << OPEN_SLOTS_BITS];

static __always_inline __u32 *open_slot(__u64 g)
{
	return &open_goroutines[OPEN_SLOT(g, bpf_get_current_pid_tgid() >> 32)];
}

/* The executable of each process that has, or had, frames. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, __u32);
} running SEC(".maps");

static const volatile struct ft_chunk no_frames;

/* Before a process that is new here has frames. */
static __always_inline void note_running(__u32 tgid, __u32 image)
{
	const __u32 *known = bpf_map_lookup_elem(&running, &tgid);

	if (!known || *known != image)
		bpf_map_update_elem(&running, &tgid, &image, BPF_ANY);
}

struct lane_frames {
	struct ft_chunk *head;
	struct ft_chunk_key key; /* of the first chunk */
	__u64 depth;             /* frames as deep as this are over */
	__u64 time;
	__u64 g; /* of a goroutine's lane; 0: of no other's, or nobody asks for it */
};

static __always_inline void lane_find(struct lane_frames *lane, const struct where *w)
{
	lane->key.tgid = w->tgid;
	lane->key.flags = w->flags & (FT_R_STACK | FT_R_THREAD);
	lane->key.lane = w->flags & FT_R_THREAD ? w->tid : w->lane;
	lane->depth = w->depth;
	lane->g = states_kept && !lane->key.flags ? w->g : 0;
	lane->head = bpf_map_lookup_elem(&chunks, &lane->key);
}

/* It has no frame any more. */
static __always_inline void lane_forget(const struct lane_frames *lane)
{
	if (!bpf_map_delete_elem(&chunks, &lane->key) && states_kept && lane->g)
		__sync_fetch_and_add(open_slot(lane->g), -1);
}

static __always_inline struct ft_chunk_key chunk_key(const struct lane_frames *lane, __u32 index)
{
	struct ft_chunk_key key = lane->key;

	key.flags |= index / FT_CHUNK_FRAMES << 8;
	return key;
}

static __always_inline struct ft_frame *frame_at(const struct lane_frames *lane, __u32 index)
{
	struct ft_chunk *chunk = lane->head;

	if (index >= FT_CHUNK_FRAMES) {
		struct ft_chunk_key key = chunk_key(lane, index);

		chunk = bpf_map_lookup_elem(&chunks, &key);
		if (!chunk)
			return NULL;
	}
	/* A compiler that knows it to be small leaves the mask out, which a verifier may need. */
	barrier_var(index);
	return &chunk->frames[index & (FT_CHUNK_FRAMES - 1)];
}

struct search {
	const struct lane_frames *lane;
	__u32 site;
	bool found;
};

static long search_step(__u32 i, void *arg)
{
	struct search *search = arg;
	struct ft_frame *frame = frame_at(search->lane, search->lane->head->count - 1 - i);

	search->found = !frame || frame->site == search->site;
	return search->found;
}

/* Whether a frame of the same function is among the callers of the innermost one, which is taken off
 * already. `seen` is what their bits say. */
static __always_inline bool is_recursive(const struct lane_frames *lane, __u32 site, __u64 seen)
{
	struct search search = {.lane = lane, .site = site};

	if (!lane->head->count || !(seen & 1ull << (site & 63)))
		return false;
	bpf_loop(lane->head->count, search_step, &search, 0);
	return search.found;
}

/* Takes the innermost frame off; `flags` are STATS_ERROR or 0. */
static __always_inline void pop(struct lane_frames *lane, __u32 flags)
{
	struct ft_chunk *head = lane->head;
	__u32 index = head->count - 1;
	struct ft_frame *frame = frame_at(lane, index);
	struct ft_frame *caller = index ? frame_at(lane, index - 1) : NULL;

	head->count = index;
	head->top = caller ? caller->depth : 0;
	if (summing && frame && !head->passed) {
		struct ended_call call = {.took = lane->time - frame->start, .site = frame->site};

		if (is_recursive(lane, frame->site, caller ? caller->seen : 0))
			flags |= STATS_RECURSIVE;
		call.flags = flags;
		call.self = frame->below < call.took ? call.took - frame->below : 0;
		if (states_kept) {
			call.wait = head->wait - frame->wait;
			call.syscall = head->syscall - frame->syscall;
		}
		stats_count(&call);
		if (caller)
			caller->below += call.took;
	}
	if (index && !(index & (FT_CHUNK_FRAMES - 1))) {
		struct ft_chunk_key key = chunk_key(lane, index);

		bpf_map_delete_elem(&chunks, &key);
	}
}

static long drop_step(__u32 i, void *arg)
{
	struct lane_frames *lane = arg;

	(void)i;
	if (!lane->head->count || lane->head->top < lane->depth)
		return 1;
	pop(lane, 0);
	return 0;
}

/* Frames at lane->depth and deeper are over. */
static __always_inline void drop(struct lane_frames *lane)
{
	if (lane->head->count && lane->head->top >= lane->depth)
		bpf_loop(lane->head->count, drop_step, lane, 0);
}

/* Whether the next root call of a process is passed over. */
static __always_inline bool passes_over(__u32 tgid)
{
	__u64 none = 0, *count;

	if (sample_one_in < 2)
		return false;
	count = bpf_map_lookup_elem(&roots, &tgid);
	if (!count) {
		bpf_map_update_elem(&roots, &tgid, &none, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&roots, &tgid);
	}
	if (!count || !(__sync_fetch_and_add(count, 1) % sample_one_in))
		return false;
	__sync_fetch_and_add(&skipped, 1);
	return true;
}

/* Puts a frame on top. False when there is no memory for it. */
static __always_inline bool push(struct lane_frames *lane, __u32 site)
{
	struct ft_chunk *head = lane->head;
	struct ft_frame *frame, *caller;
	__u32 index = head ? head->count : 0;

	if (!(index & (FT_CHUNK_FRAMES - 1)) && (index || !head)) {
		struct ft_chunk_key key = chunk_key(lane, index);

		bpf_map_update_elem(&chunks, &key, (const void *)&no_frames, BPF_ANY);
		if (!index) {
			lane->head = head = bpf_map_lookup_elem(&chunks, &key);
			/* After the frame, and looked at first: the line is all CPUs'. */
			if (*(volatile __u8 *)&framed[FT_FRAMED_SLOT(key.tgid)] != FT_FRAMED_YES)
				framed[FT_FRAMED_SLOT(key.tgid)] = FT_FRAMED_YES;
			if (states_kept && lane->g && head)
				__sync_fetch_and_add(open_slot(lane->g), 1);
		}
	}
	if (!head)
		return false;
	frame = frame_at(lane, index);
	if (!frame)
		return false;
	caller = summing && index ? frame_at(lane, index - 1) : NULL;
	frame->depth = lane->depth;
	frame->start = lane->time;
	frame->below = 0;
	frame->seen = 1ull << (site & 63) | (caller ? caller->seen : 0);
	frame->site = site;
	if (states_kept) {
		frame->wait = head->wait;
		frame->syscall = head->syscall;
	}
	head->count = index + 1;
	head->top = lane->depth;
	return true;
}

enum verdict { SEND, CUT, SEND_ROOT };

/* morestack ran, and the entry after it is that of the same call. */
static __always_inline bool is_repeat(const struct lane_frames *lane, __u64 cookie)
{
	struct ft_frame *top;

	if (!(FT_COOKIE_FLAGS(cookie) & FT_C_REPEAT) || !lane->head->count ||
	    lane->head->top != lane->depth)
		return false;
	top = frame_at(lane, lane->head->count - 1);
	return top && top->site == FT_COOKIE_SITE(cookie);
}

static __always_inline enum verdict enter_root(struct lane_frames *lane, __u64 cookie)
{
	bool passed;

	if (drilling && !(FT_COOKIE_FLAGS(cookie) & FT_C_DRILL)) {
		if (lane->head)
			lane_forget(lane);
		return CUT;
	}
	passed = passes_over(lane->key.tgid);
	if (marks_kept)
		note_running(lane->key.tgid, FT_COOKIE_IMAGE(cookie));
	if (!push(lane, FT_COOKIE_SITE(cookie))) {
		if (!drilling && sample_one_in < 2 && !summing)
			return SEND;
		__sync_fetch_and_add(&unkept, 1);
		return CUT;
	}
	lane->head->passed = passed;
	return passed ? CUT : SEND_ROOT;
}

/* At an entry: what becomes of its record. */
static __always_inline enum verdict frames_enter(const struct where *w, __u64 cookie, __u64 time)
{
	struct lane_frames lane = {.time = time};

	lane_find(&lane, w);
	if (lane.head) {
		if (lane.head->top > lane.depth) {
			lane.depth++;
			drop(&lane);
			lane.depth--;
		}
		if (is_repeat(&lane, cookie))
			return lane.head->passed ? CUT : SEND;
		drop(&lane);
	}
	if (!lane.head || !lane.head->count)
		return enter_root(&lane, cookie);
	if (lane.head->passed || (depth_limit && lane.head->count >= depth_limit))
		return CUT;
	if (lane.head->count < frames_kept && !push(&lane, FT_COOKIE_SITE(cookie)) && summing)
		__sync_fetch_and_add(&unkept, 1);
	return SEND;
}

/* Nothing of the lane is open. */
static __always_inline enum verdict exit_unseen(const struct lane_frames *lane, __u64 cookie)
{
	if (drilling && !(FT_COOKIE_FLAGS(cookie) & FT_C_DRILL))
		return CUT;
	return passes_over(lane->key.tgid) ? CUT : SEND;
}

/* At an exit: what becomes of its record. */
static __always_inline enum verdict frames_exit(const struct where *w, __u64 cookie, __u64 time,
						__u32 flags)
{
	struct lane_frames lane = {.time = time};
	enum verdict verdict = SEND;

	lane_find(&lane, w);
	if (!lane.head)
		return exit_unseen(&lane, cookie);
	lane.depth++;
	drop(&lane);
	lane.depth--;
	if (lane.head->passed)
		verdict = CUT;
	if (lane.head->count && lane.head->top == lane.depth)
		pop(&lane, flags);
	else if (!lane.head->count)
		verdict = exit_unseen(&lane, cookie);
	else if (depth_limit && lane.head->count >= depth_limit)
		verdict = CUT;
	if (!lane.head->count)
		lane_forget(&lane);
	return verdict;
}

/* Frames that are deeper than w->depth are over. */
static __always_inline void frames_drop(const struct where *w, __u64 time)
{
	struct lane_frames lane = {.time = time};

	lane_find(&lane, w);
	if (!lane.head)
		return;
	lane.depth++;
	drop(&lane);
	if (!lane.head->count)
		lane_forget(&lane);
}

#endif
