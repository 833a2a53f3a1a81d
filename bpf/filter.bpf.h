/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter: whether a call is to be recorded, by the values read at its entry.
 *
 * The frame of a call that does not pass is remembered until its exit, so that this is left out as
 * well. A frame that a panic took away stays behind: whatever enters at the same depth of the same
 * lane takes its place, if it has a filter, and goids are never used twice. When the hash is full
 * the call is sent: user space runs the same tests on it.
 */
#ifndef FTRACE_FILTER_BPF_H
#define FTRACE_FILTER_BPF_H

#include "fetch.bpf.h"

#include <ftrace/decide.h>

/* Some function has a filter that is decided here. Else it is not compiled in: to verify it takes the kernel
 * longer than all else together. */
const volatile bool filters_kept = false;

/* By index of the site; the three are sized before load. */
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

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, FT_REJECTED_MAX);
	__type(key, struct ft_frame_key);
	__type(value, __u8);
} rejected SEC(".maps");

struct deciding {
	struct scratch *scratch;
	__u32 first;
	__u32 texts;
	__u32 at; /* index of a test, FT_ACCEPT or FT_REJECT */
};

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
	d.room = &deciding->scratch->decided;
	deciding->at = FT_DECIDE_NEXT(test, ft_decide_test(&d, test));
	return deciding->at >= FT_REJECT;
}

/* Whether the values in `scratch`, which were read at an entry site, pass its filter. */
static __always_inline bool filter_passes(__u32 site, struct scratch *scratch)
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
	return deciding.at != FT_REJECT;
}

static __always_inline void frame_key(struct ft_frame_key *key, const struct where *w)
{
	key->tgid = w->tgid;
	key->flags = w->flags & (FT_R_STACK | FT_R_THREAD);
	key->lane = w->flags & FT_R_THREAD ? w->tid : w->lane;
	key->depth = w->depth;
}

/*
 * At an entry with a filter: true when the call is not to be sent. `scratch` is NULL when its values
 * could not be read: then user space decides.
 */
static __always_inline bool filter_out(const struct where *w, __u32 site, struct scratch *scratch)
{
	struct ft_frame_key key = {};
	__u8 one = 1;

	frame_key(&key, w);
	if (scratch && !filter_passes(site, scratch))
		return bpf_map_update_elem(&rejected, &key, &one, BPF_ANY) == 0;
	if (bpf_map_lookup_elem(&rejected, &key))
		bpf_map_delete_elem(&rejected, &key);
	return false;
}

/* At an exit of a function with a filter: true when its entry was not sent. */
static __always_inline bool was_filtered_out(const struct where *w)
{
	struct ft_frame_key key = {};

	frame_key(&key, w);
	return bpf_map_lookup_elem(&rejected, &key) && !bpf_map_delete_elem(&rejected, &key);
}

#endif
