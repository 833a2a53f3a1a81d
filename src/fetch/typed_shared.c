/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/typed_shared.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/outcome.h"
#include "fetch/typed.h"

/* One list of values that was met. */
struct typed_list {
	struct fetch *fetch; /* NULL: nothing to be read */
	size_t len;
	char key[]; /* what tells it from others */
};

static void add_number(struct buf *key, uint64_t number)
{
	buf_add(key, &number, sizeof(number));
}

/* Types are there once, so that an address stands for one. */
static void add_value(struct buf *key, const struct dwarf_param *param,
		      const struct goabi_value *place)
{
	add_number(key, (uintptr_t)param->type);
	add_number(key, place->stack_offset);
	buf_addc(key, (char)(place->known | place->in_stack << 1));
	buf_addc(key, (char)place->npieces);
	for (uint32_t i = 0; i < place->npieces; i++) {
		const struct goabi_piece *piece = &place->pieces[i];

		add_number(key, (uint64_t)piece->offset << 32 | (uint64_t)piece->size << 16 |
					(uint64_t)piece->file << 8 | piece->index);
	}
	buf_add(key, param->name, strlen(param->name) + 1);
}

/* FNV-1a. */
static uint64_t hash_of(const struct buf *key)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < key->len; i++)
		hash = (hash ^ (unsigned char)key->data[i]) * 0x100000001b3;
	return hash;
}

/* The place in the map of the list whose key is all->key: 0 there when it is new. */
static uint64_t *find_list(struct typed_shared *all)
{
	struct map_key at = {.a = hash_of(&all->key)};

	for (;; at.b++) {
		uint64_t *place = map_put(&all->map, at);
		const struct typed_list *list;

		if (!place || !*place)
			return place;
		list = (const struct typed_list *)(uintptr_t)*place;
		if (list->len == all->key.len && !memcmp(list->key, all->key.data, list->len))
			return place;
	}
}

static struct typed_list *new_list(const struct typed_shared *all)
{
	const struct buf *key = &all->key;
	struct typed_list *list = malloc(sizeof(*list) + key->len);

	if (!list)
		return NULL;
	list->fetch = fetch_new(all->arch);
	list->len = key->len;
	memcpy(list->key, key->data, key->len);
	if (!list->fetch) {
		free(list);
		return NULL;
	}
	list->fetch->methods = all->methods;
	list->fetch->linked = all->linked;
	list->fetch->image = all->image;
	return list;
}

/* A fetch that reads nothing is none. */
static void end_list(struct typed_list *list)
{
	if (list->fetch->nitems || list->fetch->dictionary) {
		fetch_seal(list->fetch);
		return;
	}
	fetch_free(list->fetch);
	list->fetch = NULL;
}

/* What is read of a list that is met for the first time. */
static int fill_list(const struct typed_shared *all, struct fetch *fetch,
		     const struct dwarf_signature *sig, const struct goabi *abi, bool results,
		     const struct fetch_limits *limits)
{
	int ret = results && all->outcomes ? outcome_add(fetch, sig, abi, limits) : 0;

	if (!results)
		typed_dictionary(fetch, sig, abi, limits);
	if (!ret && !(results && all->outcomes_only))
		ret = typed_signature(fetch, sig, abi, results, limits);
	return ret;
}

int typed_shared_fetch(struct typed_shared *all, const struct dwarf_signature *sig,
		       const struct goabi *abi, bool results, const struct fetch_limits *limits,
		       struct fetch **fetch)
{
	const struct dwarf_param *params = results ? sig->results : sig->params;
	const struct goabi_value *places = results ? abi->results : abi->params;
	size_t count = results ? sig->nresults : sig->nparams;
	struct typed_list *list;
	uint64_t *place;

	*fetch = NULL;
	buf_reset(&all->key);
	for (size_t i = 0; i < count; i++)
		if (!params[i].dictionary || typed_wants_dictionary(sig))
			add_value(&all->key, &params[i], &places[i]);
	if (!all->key.len && !all->key.failed)
		return 0;
	/* The same values as arguments tell of no outcome. */
	if (results && all->outcomes)
		buf_addc(&all->key, 'r');
	place = all->key.failed ? NULL : find_list(all);
	if (!place)
		return -ENOMEM;
	if (!*place) {
		list = new_list(all);
		*place = (uintptr_t)list;
		if (!list || fill_list(all, list->fetch, sig, abi, results, limits))
			return -ENOMEM;
		end_list(list);
	}
	list = (struct typed_list *)(uintptr_t)*place;
	*fetch = fetch_use(list->fetch);
	return 0;
}

void typed_shared_release(struct typed_shared *all)
{
	struct map_slot *slot;

	for (size_t at = 0; (slot = map_next(&all->map, &at));) {
		struct typed_list *list = (struct typed_list *)(uintptr_t)slot->value;

		if (list)
			fetch_free(list->fetch);
		free(list);
	}
	map_release(&all->map);
	buf_release(&all->key);
}
