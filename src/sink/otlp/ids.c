/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/otlp/ids.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

int span_ids_init(struct span_ids *ids)
{
	ssize_t got = getrandom(ids->seeds, sizeof(ids->seeds), 0);

	if (got < 0)
		return -errno;
	return got == sizeof(ids->seeds) ? 0 : -EIO;
}

/* Each bit of `hash` and `value` changes about half of the result's: MurmurHash3's finalizer. */
static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value;
	hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdu;
	hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53u;
	return hash ^ hash >> 33;
}

static void put(uint8_t to[8], uint64_t seed, const struct span_key *key)
{
	uint64_t hash = mix(seed, key->run);

	hash = mix(hash, key->track);
	hash = mix(hash, key->start);
	hash = mix(hash, key->again);
	/* Nobody's number is 0. */
	if (!hash)
		hash = 1;
	memcpy(to, &hash, sizeof(hash));
}

void span_ids_span(const struct span_ids *ids, const struct span_key *key, uint8_t id[8])
{
	put(id, ids->seeds[0], key);
}

void span_ids_trace(const struct span_ids *ids, const struct span_key *key, uint8_t id[16])
{
	put(id, ids->seeds[1], key);
	put(id + 8, ids->seeds[2], key);
}
