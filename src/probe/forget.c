/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/forget.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <ftrace/frames.h>
#include <ftrace/image.h>

#include "base/clock.h"
#include "ftrace.skel.h"

/* Entries that are read at once; more than any bucket of the hash has. */
#define BATCH 1024
/* A look took so long: none for so many times that. */
#define PAUSE 8

int forget_process(struct forget *forget, const struct ftrace_bpf *skel, uint32_t tgid,
		   uint64_t time)
{
	uint64_t *since;

	if (!__atomic_load_n(&skel->bss->framed[FT_FRAMED_SLOT(tgid)], __ATOMIC_SEQ_CST))
		return 0;
	since = map_put(&forget->ended, (struct map_key){.a = tgid});
	if (!since)
		return -ENOMEM;
	*since = time;
	return 0;
}

/* No program changes what is older than the end of its process. `all`: whatever it is. */
static bool is_over(const struct forget *forget, const struct ft_chunk_key *key,
		    const struct ft_chunk *chunk, bool all)
{
	const uint64_t *since = map_find(&forget->ended, (struct map_key){.a = key->tgid});

	return all || (since && chunk->frames[0].start < *since);
}

/* One batch: deletes what is over, and notes again who has frames. */
static void sift(struct forget *forget, struct ftrace_bpf *skel, uint32_t count, bool all)
{
	const struct ft_chunk_key *keys = forget->keys;
	const struct ft_chunk *chunks = forget->chunks;

	for (uint32_t i = 0; i < count; i++) {
		__u8 *framed = &skel->bss->framed[FT_FRAMED_SLOT(keys[i].tgid)];

		if (is_over(forget, &keys[i], &chunks[i], all))
			bpf_map__delete_elem(skel->maps.chunks, &keys[i], sizeof(keys[i]), 0);
		else
			__atomic_store_n(framed, FT_FRAMED_YES, __ATOMIC_SEQ_CST);
	}
}

/* In batches, since from key to key the way would begin again with each one that a program takes out meanwhile. */
static int walk(struct forget *forget, struct ftrace_bpf *skel, bool all)
{
	int fd = bpf_map__fd(skel->maps.chunks), ret = 0;
	__u64 place;
	void *from = NULL;

	if (!forget->keys)
		forget->keys = calloc(BATCH, sizeof(struct ft_chunk_key));
	if (!forget->chunks)
		forget->chunks = calloc(BATCH, sizeof(struct ft_chunk));
	if (!forget->keys || !forget->chunks)
		return -ENOMEM;
	while (!ret) {
		__u32 count = BATCH;

		ret = bpf_map_lookup_batch(fd, from, &place, forget->keys, forget->chunks, &count,
					   NULL);
		if (!ret || ret == -ENOENT)
			sift(forget, skel, count, all);
		from = &place;
	}
	return ret == -ENOENT ? 0 : ret;
}

static __u8 *framed_of(const struct ftrace_bpf *skel, const struct map_slot *slot)
{
	return &skel->bss->framed[FT_FRAMED_SLOT(slot->key.a)];
}

int forget_look(struct forget *forget, struct ftrace_bpf *skel)
{
	uint64_t began;
	struct map_slot *slot;
	size_t at = 0;
	int ret;

	if (!forget->ended.count)
		return 0;
	began = clock_now();
	if (began < forget->due)
		return 0;
	/* Before the look: a program that makes a frame behind its back says so again. Until it is over nobody is said to have
	 * none: a process that only runs another program since has some, and what happens in its calls is recorded. */
	while ((slot = map_next(&forget->ended, &at)))
		__atomic_store_n(framed_of(skel, slot), FT_FRAMED_ASKED, __ATOMIC_SEQ_CST);
	ret = walk(forget, skel, false);
	at = 0;
	while ((slot = map_next(&forget->ended, &at))) {
		__u8 asked = FT_FRAMED_ASKED;

		__atomic_compare_exchange_n(framed_of(skel, slot), &asked, 0, false,
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	}
	map_release(&forget->ended);
	forget->due = clock_now() + (clock_now() - began) * PAUSE;
	return ret;
}

int forget_all(struct forget *forget, struct ftrace_bpf *skel)
{
	return walk(forget, skel, true);
}

void forget_release(struct forget *forget)
{
	map_release(&forget->ended);
	free(forget->keys);
	free(forget->chunks);
}
