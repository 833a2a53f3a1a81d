/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/call_values.h"

#include <string.h>

/* Mappings begin at whole pages, and so is the load bias. */
#define PAGE 4096

void call_values_release(struct call_values *values)
{
	for (size_t i = 0; i < FT_MAX_IMAGES; i++)
		rtypes_free(values->types[i]);
	*values = (struct call_values){0};
}

/* The record's own site tells; which of the exits it was is only known by what fits. */
static uint64_t find_bias(const struct plan *plan, const struct plan_func *func,
			  const struct tree *tree, const struct value_source *src)
{
	uint64_t known = tree->process ? tree->process->bias : 0, found = known, ip;

	memcpy(&ip, src->bytes, sizeof(ip));
	for (uint32_t i = 0; i < func->nsites; i++) {
		uint64_t bias = ip - plan->sites[func->first_site + i].addr;

		if (bias == known)
			return known;
		if (bias % PAGE == 0)
			found = bias;
	}
	return found;
}

/* The bytes at offset `at` of the tree's values: false when there are none. */
static bool find_bytes(const struct tree *tree, uint32_t at, struct value_source *src)
{
	uint32_t len;

	if (at == CALL_NONE || at > tree->nvalues || tree->nvalues - at < sizeof(len))
		return false;
	memcpy(&len, tree->values + at, sizeof(len));
	at += (uint32_t)sizeof(len);
	if (len > tree->nvalues - at || len < sizeof(struct ft_values))
		return false;
	src->bytes = tree->values + at;
	src->len = len;
	return true;
}

static bool is_shown(const struct fetch *fetch)
{
	for (size_t i = 0; i < fetch->nitems; i++)
		if (!fetch->items[i].hidden)
			return true;
	return false;
}

static struct rtypes *types_of(struct call_values *values, uint8_t index)
{
	struct rtypes **types = &values->types[index];

	if (!*types && values->plan->images[index].image)
		*types = rtypes_new(values->plan->images[index].image);
	if (*types)
		rtypes_trim(*types);
	return *types;
}

static bool find_source(struct call_values *values, const struct tree *tree,
			const struct call *call, const struct fetch *fetch, uint32_t at,
			struct value_source *src)
{
	const struct plan_func *func = &values->plan->funcs[call->func];

	if (!fetch || !is_shown(fetch))
		return false;
	*src = (struct value_source){.fetch = fetch};
	/* Where nothing can be read no record brings values: there are reasons to be told. */
	if (!find_bytes(tree, at, src))
		return !fetch->nops;
	src->image = values->plan->images[func->image].image;
	src->bias = find_bias(values->plan, func, tree, src);
	src->types = types_of(values, func->image);
	return true;
}

bool call_args(struct call_values *values, const struct tree *tree, const struct call *call,
	       struct value_source *src)
{
	const struct plan *plan = values->plan;

	if (call->func >= plan->nfuncs || (call->flags & CALL_ENTRY_UNSEEN))
		return false;
	return find_source(values, tree, call, plan->funcs[call->func].args, call->args, src);
}

bool call_results(struct call_values *values, const struct tree *tree, const struct call *call,
		  struct value_source *src)
{
	const struct plan *plan = values->plan;

	if (call->func >= plan->nfuncs || call->how != CALL_RETURN)
		return false;
	return find_source(values, tree, call, plan->funcs[call->func].results, call->results, src);
}
