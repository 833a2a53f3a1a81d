/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/cookie.h>
#include <ftrace/image.h>

#include "base/map.h"
#include "base/vec.h"
#include "ftrace.skel.h"

/* Elements handed over in one system call: enough that the call is no matter any more. */
#define BATCH 4096

/* While the operations are collected. */
struct collecting {
	struct programs *programs;
	struct map fetches;   /* {address of a struct fetch} -> 1 + index of its sequence */
	struct map sequences; /* {hash, tries} -> 1 + the same */
};

/* FNV-1a, a word at a time. */
static uint64_t hash_of(const struct fetch *fetch)
{
	const unsigned char *bytes = (const unsigned char *)fetch->ops;
	size_t len = fetch->nops * sizeof(*fetch->ops);
	uint64_t hash = 0xcbf29ce484222325, word;

	_Static_assert(sizeof(*fetch->ops) % sizeof(word) == 0, "whole words");
	for (size_t at = 0; at < len; at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		hash = (hash ^ word) * 0x100000001b3;
		hash ^= hash >> 32;
	}
	return hash;
}

/* False when memory is out. */
static bool append_ops(struct programs *programs, const struct fetch *fetch)
{
	size_t first = programs->nops;

	if (fetch->nops > UINT32_MAX - 1 - first)
		return false;
	if (fetch->nops > programs->capops - first) {
		size_t cap = (first + fetch->nops) * 2;
		struct ft_op *ops = reallocarray(programs->ops, cap, sizeof(*ops));

		if (!ops)
			return false;
		programs->ops = ops;
		programs->capops = cap;
	}
	programs->looped |= fetch->nops;
	for (size_t i = 0; i < fetch->nops; i++)
		programs->texts |= fetch->ops[i].code == FT_OP_TEXTS;
	if (fetch->nops)
		memcpy(&programs->ops[first], fetch->ops, fetch->nops * sizeof(*fetch->ops));
	programs->nops += fetch->nops;
	return true;
}

/* 1 + the index of the new sequence, 0 when memory is out. */
static uint64_t append(struct programs *programs, const struct fetch *fetch)
{
	struct programs_sequence sequence = {
		.first = (uint32_t)programs->nops,
		.count = (uint16_t)fetch->nops,
		.operands = (uint16_t)fetch->noperands,
	};
	struct programs_sequence *at;

	if (!append_ops(programs, fetch))
		return 0;
	at = vec_push(&programs->sequences, &programs->nsequences, &programs->capsequences);
	if (!at)
		return 0;
	*at = sequence;
	return programs->nsequences;
}

static bool is_at(const struct programs *programs, uint64_t index, const struct fetch *fetch)
{
	const struct programs_sequence *sequence = &programs->sequences[index];

	return sequence->count == fetch->nops && sequence->operands == fetch->noperands &&
	       (!fetch->nops || !memcmp(&programs->ops[sequence->first], fetch->ops,
					fetch->nops * sizeof(*fetch->ops)));
}

/* 1 + the index of the sequence that `fetch` has, 0 when memory is out. */
static uint64_t find_sequence(struct collecting *c, const struct fetch *fetch)
{
	struct map_key key = {.a = hash_of(fetch)};
	uint64_t *place;

	for (;; key.b++) {
		place = map_put(&c->sequences, key);
		if (!place)
			return 0;
		if (!*place)
			return *place = append(c->programs, fetch);
		if (is_at(c->programs, *place - 1, fetch))
			return *place;
	}
}

static int collect(struct collecting *c, const struct fetch *fetch, uint32_t *sequence)
{
	uint64_t *place;

	place = map_put(&c->fetches, (struct map_key){.a = (uintptr_t)fetch});
	if (!place)
		return -ENOMEM;
	if (!*place)
		*place = find_sequence(c, fetch);
	if (!*place)
		return -ENOMEM;
	*sequence = (uint32_t)(*place - 1);
	c->programs->sequences[*sequence].uses++;
	return 0;
}

/* What one function reads. */
static int collect_sides(struct collecting *c, const struct plan_func *func,
			 struct programs_sides *sides)
{
	struct programs *programs = c->programs;
	int ret = 0;

	if (func->args)
		ret = collect(c, func->args, &sides->args);
	if (func->args && !ret)
		programs->sequences[sides->args].at_entry = true;
	if (func->results && !ret)
		ret = collect(c, func->results, &sides->results);
	if (func->results && !ret)
		programs->sequences[sides->results].at_exit = true;
	return ret;
}

static void find_leaves(struct programs *programs, const struct plan *plan)
{
	for (size_t i = 0; i < plan->nsites; i++) {
		const struct site *site = &plan->sites[i];

		if (!site->leaf)
			continue;
		if (plan->funcs[site->func].args)
			programs->sequences[programs->sides[site->func].args].at_leaf = true;
		if (plan->funcs[site->func].results)
			programs->sequences[programs->sides[site->func].results].at_leaf = true;
	}
}

int programs_collect(struct programs *programs, const struct plan *plan)
{
	struct collecting c = {.programs = programs};
	int ret = 0;

	*programs = (struct programs){0};
	programs->sides = calloc(plan->nfuncs + 1, sizeof(*programs->sides));
	if (!programs->sides)
		return -ENOMEM;
	for (size_t i = 0; i < plan->nfuncs && !ret; i++)
		ret = collect_sides(&c, &plan->funcs[i], &programs->sides[i]);
	map_release(&c.fetches);
	map_release(&c.sequences);
	if (!ret)
		find_leaves(programs, plan);
	if (ret)
		programs_release(programs);
	return ret;
}

static int put_ops(const struct programs *programs, int fd)
{
	__u32 keys[BATCH];
	int ret = 0;

	for (size_t at = 0; at < programs->nops && !ret;) {
		__u32 count = programs->nops - at < BATCH ? (__u32)(programs->nops - at) : BATCH;
		__u32 done = count;

		for (__u32 i = 0; i < count; i++)
			keys[i] = (__u32)at + i;
		ret = bpf_map_update_batch(fd, keys, &programs->ops[at], &done, NULL);
		at += count;
	}
	return ret;
}

/* What a site reads; NULL: nothing. */
static const struct fetch *fetch_at(const struct plan *plan, const struct site *site)
{
	if (site->func == PLAN_NO_FUNC)
		return NULL;
	if (site->kind == SITE_ENTRY)
		return plan->funcs[site->func].args;
	return site->kind == SITE_RET ? plan->funcs[site->func].results : NULL;
}

static struct ft_program program_at(const struct programs *programs, const struct site *site,
				    const struct fetch *fetch)
{
	const struct programs_sides *sides = &programs->sides[site->func];
	const struct programs_sequence *sequence =
		&programs->sequences[site->kind == SITE_ENTRY ? sides->args : sides->results];

	return (struct ft_program){
		.first = sequence->first,
		.count = sequence->count,
		.addr = site->addr,
		.statuses = (__u16)fetch->nstatus,
		.operands = sequence->operands,
		/* Where both ends would have to be followed through all instructions, the loop is less. */
		.made = site->leaf && programs->looped ? 0 : sequence->made,
		.least = fetch_least(fetch),
	};
}

static int put_sites(const struct programs *programs, const struct plan *plan, int fd)
{
	struct ft_program *values = calloc(BATCH, sizeof(*values));
	__u32 keys[BATCH], count = 0;
	int ret = values ? 0 : -ENOMEM;

	for (size_t i = 0; i < plan->nsites && !ret; i++) {
		const struct fetch *fetch = fetch_at(plan, &plan->sites[i]);

		if (fetch) {
			keys[count] = (__u32)i;
			values[count++] = program_at(programs, &plan->sites[i], fetch);
		}
		if (count == BATCH || (count && i + 1 == plan->nsites)) {
			ret = bpf_map_update_batch(fd, keys, values, &count, NULL);
			count = 0;
		}
	}
	free(values);
	return ret;
}

int programs_put(const struct programs *programs, const struct plan *plan,
		 const struct ftrace_bpf *skel)
{
	int ret = programs->nops ? put_ops(programs, bpf_map__fd(skel->maps.ops)) : 0;

	if (ret || !programs->nops)
		return ret;
	return put_sites(programs, plan, bpf_map__fd(skel->maps.programs));
}

int programs_put_rets(const struct plan *plan, const struct ftrace_bpf *skel)
{
	__u64 *values = calloc(plan->nsites, sizeof(*values));
	__u32 *keys = calloc(plan->nsites, sizeof(*keys)), count = 0;
	int ret = values && keys ? 0 : -ENOMEM;

	for (__u32 i = 0; i < plan->nsites && !ret; i++) {
		const struct site *site = &plan->sites[i];

		if (!(site->flags & FT_C_RET))
			continue;
		keys[count] = i;
		values[count++] = site->addr - image_info(plan->images[site->image].image)->code;
	}
	if (!ret && count)
		ret = bpf_map_update_batch(bpf_map__fd(skel->maps.rets), keys, values, &count,
					   NULL);
	free(values);
	free(keys);
	return ret;
}

void programs_release(struct programs *programs)
{
	free(programs->ops);
	free(programs->sequences);
	free(programs->sides);
	*programs = (struct programs){0};
}
