/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/losses.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

/* More than any bucket of the hash has. */
#define AT_ONCE 256

struct losses {
	struct ft_loss_key keys[AT_ONCE];
	struct ft_loss losses[AT_ONCE];
	uint32_t at, count;
	__u64 place; /* in the hash, where the next ones come from */
	bool goes_on, over;
};

/* Takes some more off the list: one way through all of it, however many come meanwhile. */
static bool take_more(const struct bpf_map *map, struct losses *batch)
{
	__u32 count = AT_ONCE;
	int ret;

	if (batch->over) {
		batch->over = batch->goes_on = false;
		return false;
	}
	ret = bpf_map_lookup_and_delete_batch(bpf_map__fd(map),
					      batch->goes_on ? &batch->place : NULL, &batch->place,
					      batch->keys, batch->losses, &count, NULL);
	batch->goes_on = !ret;
	batch->over = ret;
	batch->at = 0;
	batch->count = !ret || ret == -ENOENT ? count : 0;
	return true;
}

bool losses_next(struct losses **losses, const struct bpf_map *map, struct ft_loss_key *key,
		 struct ft_loss *loss)
{
	struct losses *batch = *losses;

	if (!batch)
		batch = *losses = calloc(1, sizeof(*batch));
	if (!batch)
		return false; /* said as a loss that no list had room for */
	while (batch->at == batch->count)
		if (!take_more(map, batch))
			return false;
	*key = batch->keys[batch->at];
	*loss = batch->losses[batch->at++];
	return true;
}

void losses_free(struct losses *losses)
{
	free(losses);
}
