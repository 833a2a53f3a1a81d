/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter: whether a call is to be recorded, by the values read at its entry.
 *
 * The frame of a call that does not pass is remembered until its exit, so that this is left out as
 * well. A frame that a panic took away stays behind: whatever enters at the same depth of the same
 * lane takes its place, if it has a filter, and goids are never used twice. Where there is no place left
 * the call is sent: user space runs the same tests on it.
 *
 * Frames are kept in a table of this program's own, since taking an element out of the kernel's hash and
 * giving it back costs more than a record does. A frame is written, looked for and taken out by its
 * goroutine alone. Another's may be half written: its `lane` is 0 then.
 */
#ifndef FTRACE_FILTER_BPF_H
#define FTRACE_FILTER_BPF_H

#include "fetch.bpf.h"

#include <ftrace/decide.h>
#include <ftrace/filter.h>

/* Some function has a filter that is decided here. Else it is not compiled in: to verify it takes the
 * kernel longer than all else together. */
const volatile bool filters_kept = false;

/* Some of them has a glob that is more than a beginning. */
const volatile bool globs_kept = false;

/* By index of the site; these are sized before load. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ft_filter);
} filters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ft_test);
} tests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ft_text);
} texts SEC(".maps");

/* By a test's `number`; one for all functions that the same filter speaks of. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ft_glob);
} globs SEC(".maps");

/* By hash of a frame; sized before load. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ft_rejected);
} rejected SEC(".maps");

struct deciding {
	struct ft_scratch *scratch;
	__u32 first;
	__u32 texts;
	__u32 at; /* index of a test, FT_ACCEPT or FT_REJECT */
};

static __always_inline int test_holds(const struct ft_decision *d, const struct ft_test *test)
{
	struct ft_glob *glob;
	__u32 at;

	if (!globs_kept || test->kind != FT_TEST_GLOB)
		return ft_decide_test(d, test);
	at = (__u32)test->number;
	glob = bpf_map_lookup_elem(&globs, &at);
	return glob && ft_decide_glob(d, test, glob);
}

static long decide_step(__u32 i, void *arg)
{
	struct deciding *deciding = arg;
	struct ft_decision d = {};
	__u32 at = deciding->first + deciding->at;
	struct ft_test *test = bpf_map_lookup_elem(&tests, &at);
	struct ft_text *text;

	(void)i;
	if (!test)
		return 1;
	at = deciding->texts + test->text;
	text = bpf_map_lookup_elem(&texts, &at);
	if (!text)
		return 1;
	d.values[FT_SIDE_ENTRY] = d.values[FT_SIDE_RESULTS] = deciding->scratch->bytes;
	d.text = text;
	/* Nobody's meanwhile: fetch_rest() copies the registers once more. */
	d.room = deciding->scratch->regs;
	deciding->at = FT_DECIDE_NEXT(test, test_holds(&d, test));
	return deciding->at >= FT_REJECT;
}

/* Whether the values in `scratch`, which were read at an entry site, pass its filter. Of what could not be
 * read user space may know more (trace/mend.h), and decides. */
static __always_inline bool filter_passes(__u32 site, struct ft_scratch *scratch)
{
	struct ft_filter *filter = bpf_map_lookup_elem(&filters, &site);
	struct deciding deciding = {.scratch = scratch};

	if (!filter)
		return true;
	deciding.first = filter->first;
	deciding.texts = filter->texts;
	deciding.at = filter->start;
	if (deciding.at < FT_REJECT)
		bpf_loop(filter->count, decide_step, &deciding, 0);
	return deciding.at != FT_REJECT || (scratch->run.away && !summing);
}

#define FRAME_USED (1ull << 63)

/* A frame in two words; false when it does not fit: a goid of 48 bits, or more processes than there
 * may be. */
static __always_inline bool name_frame(struct ft_frame_name *name, const struct where *w)
{
	__u64 lane = w->flags & FT_R_THREAD ? w->tid : w->lane;
	__u64 kind = w->flags & (FT_R_STACK | FT_R_THREAD);

	name->lane = lane | (__u64)(w->tgid & 0xffff) << 48;
	name->place = w->depth | (__u64)(w->tgid >> 16) << 48 | kind << 59 | FRAME_USED;
	return !(lane >> 48) && !(w->depth >> 48) && !(w->tgid >> 27) && name->lane;
}

static __always_inline struct ft_rejected *frames_of(const struct ft_frame_name *name)
{
	__u64 hash = name->lane * 0x9e3779b97f4a7c15 ^ name->place * 0xc2b2ae3d27d4eb4f;
	__u32 at = hash >> (64 - FT_REJECTED_BITS);

	return bpf_map_lookup_elem(&rejected, &at);
}

static __always_inline struct ft_frame_name *find_frame(struct ft_rejected *frames,
							const struct ft_frame_name *name)
{
#pragma unroll
	for (__u32 i = 0; i < FT_REJECTED_WAYS; i++) {
		struct ft_frame_name *at = &frames->at[i];

		if (*(volatile __u64 *)&at->place == name->place &&
		    *(volatile __u64 *)&at->lane == name->lane)
			return at;
	}
	return NULL;
}

/* False when there is no place left. */
static __always_inline bool keep_frame(struct ft_rejected *frames, const struct ft_frame_name *name)
{
#pragma unroll
	for (__u32 i = 0; i < FT_REJECTED_WAYS; i++) {
		struct ft_frame_name *at = &frames->at[i];

		if (*(volatile __u64 *)&at->place ||
		    __sync_val_compare_and_swap(&at->place, 0, name->place))
			continue;
		*(volatile __u64 *)&at->lane = name->lane;
		return true;
	}
	return false;
}

static __always_inline void drop_frame(struct ft_frame_name *at)
{
	*(volatile __u64 *)&at->lane = 0;
	*(volatile __u64 *)&at->place = 0;
}

/*
 * At an entry with a filter: true when the call is not to be sent. `scratch` is NULL when its values
 * could not be read: then user space decides.
 */
static __always_inline bool filter_out(const struct where *w, __u32 site,
				       struct ft_scratch *scratch)
{
	bool passes = !scratch || filter_passes(site, scratch);
	struct ft_frame_name name, *at;
	struct ft_rejected *frames;

	if (!name_frame(&name, w) || !(frames = frames_of(&name)))
		return false;
	at = find_frame(frames, &name);
	if (passes && at)
		drop_frame(at);
	if (passes)
		return false;
	return at || keep_frame(frames, &name);
}

/* At an exit of a function with a filter: true when its entry was not sent. */
static __always_inline bool was_filtered_out(const struct where *w)
{
	struct ft_frame_name name, *at;
	struct ft_rejected *frames;

	if (!name_frame(&name, w) || !(frames = frames_of(&name)))
		return false;
	at = find_frame(frames, &name);
	if (at)
		drop_frame(at);
	return at;
}

#endif
