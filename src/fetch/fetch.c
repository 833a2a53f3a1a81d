/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/fetch.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "fetch/fold.h"
#include "fetch/gather.h"

const struct fetch_limits fetch_default_limits = {
	.max_string = 64,
	.max_elems = 8,
	.max_depth = 2,
	.max_items = 32,
	.max_bytes = FT_VALUES_MAX,
};

/*
 * Slots are given out from here on, as if every status number were in use; what is not used is taken
 * out by fetch_seal(). So a slot is never 0, and never moves to where another one is.
 */
#define FIRST_SLOT (sizeof(struct ft_values) + FT_STATUS_MAX)

/* A PUT near the end of a slot goes up to seven bytes into what is behind it: the next slot, which is
 * written later, or these. */
#define SPARE 8

struct fetch *fetch_new(const struct arch *arch)
{
	struct fetch *fetch = calloc(1, sizeof(*fetch));

	if (!fetch)
		return NULL;
	fetch->arch = arch;
	fetch->nstatus = 1;
	return fetch;
}

void known_release(struct known_shape *known)
{
	if (!known)
		return;
	for (uint32_t i = 0; i < known->nparts; i++)
		shape_release(&known->parts[i]);
	free(known->parts);
	free(known);
}

void shape_release(struct shape *shape)
{
	for (size_t i = 0; i < shape->nchildren; i++)
		shape_release(&shape->children[i]);
	free(shape->children);
	known_release(shape->known);
	shape->known = NULL;
	free(shape->iface.error);
	shape->iface.error = NULL;
	shape->children = NULL;
	shape->nchildren = 0;
}

struct fetch *fetch_use(struct fetch *fetch)
{
	if (fetch)
		fetch->sharers++;
	return fetch;
}

void fetch_free(struct fetch *fetch)
{
	if (!fetch || fetch->sharers--)
		return;
	for (size_t i = 0; i < fetch->nitems; i++) {
		shape_release(&fetch->items[i].shape);
		free(fetch->items[i].name);
		free(fetch->items[i].type);
	}
	free(fetch->items);
	free(fetch->ops);
	free(fetch);
}

struct fetch_item *fetch_item(struct fetch *fetch, const char *name, const char *type)
{
	struct fetch_item *item = vec_push(&fetch->items, &fetch->nitems, &fetch->capitems);

	if (!item)
		return NULL;
	item->name = strdup(name);
	item->type = strdup(type);
	if (item->name && item->type)
		return item;
	free(item->name);
	free(item->type);
	fetch->nitems--;
	return NULL;
}

uint16_t fetch_slot(struct fetch *fetch, uint32_t len, const struct fetch_limits *limits)
{
	uint32_t most = limits->max_bytes < FT_VALUES_MAX ? limits->max_bytes : FT_VALUES_MAX;
	uint32_t need = len ? (len + 7) / 8 * 8 : 8;
	uint32_t at = FIRST_SLOT + fetch->used;

	if (len > FT_READ_MAX || at + need + SPARE > most) {
		fetch->full = true;
		return SHAPE_NO_SLOT;
	}
	fetch->used += need;
	return (uint16_t)at;
}

uint8_t fetch_status(struct fetch *fetch)
{
	if (fetch->nstatus == FT_STATUS_MAX) {
		fetch->full = true;
		return 0;
	}
	return (uint8_t)fetch->nstatus++;
}

struct ft_op *fetch_op(struct fetch *fetch, enum ft_opcode code)
{
	struct ft_op *op;

	if (fetch->nops == FT_PROGRAM_MAX) {
		fetch->full = true;
		return NULL;
	}
	op = vec_push(&fetch->ops, &fetch->nops, &fetch->capops);
	if (op)
		op->code = (uint8_t)code;
	else
		fetch->full = true;
	return op;
}

static uint32_t status_bytes(const struct fetch *fetch)
{
	return (fetch->nstatus + 7) / 8 * 8;
}

static void move_slot(uint16_t *slot, uint32_t by)
{
	if (*slot != SHAPE_NO_SLOT)
		*slot = (uint16_t)(*slot - by);
}

static void move_shape(struct shape *shape, uint32_t by)
{
	move_slot(&shape->data, by);
	move_slot(&shape->iface.type, by);
	move_slot(&shape->iface.value, by);
	for (size_t i = 0; shape->iface.error && i < ERROR_PARTS; i++)
		move_slot(&shape->iface.error->parts[i].slot, by);
	for (size_t i = 0; i < IFACE_TEXTS; i++)
		move_slot(&shape->iface.text[i], by);
	for (size_t i = 0; i < shape->nchildren; i++)
		move_shape(&shape->children[i], by);
	if (!shape->known)
		return;
	move_slot(&shape->known->slot, by);
	for (size_t i = 0; i < shape->known->nparts; i++)
		move_shape(&shape->known->parts[i], by);
}

/* Gives back what growing took in advance: tens of thousands of fetches are kept. */
static void trim(struct fetch *fetch)
{
	struct fetch_item *items =
		reallocarray(fetch->items, fetch->nitems + !fetch->nitems, sizeof(*items));
	struct ft_op *ops = reallocarray(fetch->ops, fetch->nops + !fetch->nops, sizeof(*ops));

	if (items) {
		fetch->items = items;
		fetch->capitems = fetch->nitems + !fetch->nitems;
	}
	if (ops) {
		fetch->ops = ops;
		fetch->capops = fetch->nops + !fetch->nops;
	}
}

/* Bytes that an operation writes at its slot, also where it fails. */
static uint32_t written(const struct ft_op *op)
{
	switch (op->code) {
	case FT_OP_LOAD:
	case FT_OP_PUT:
		return 8;
	case FT_OP_READ:
	case FT_OP_READN:
	case FT_OP_GUESS:
	case FT_OP_STR:
		return op->len < 8 ? 8 : op->len;
	case FT_OP_TASK:
		return op->reg == FT_TASK_COMM ? 16 : 8;
	case FT_OP_REGS:
		return 8u * op->reg;
	default:
		return 0;
	}
}

static void set_reach(struct ft_op *op)
{
	uint32_t len = op->slot ? written(op) : 0;

	op->reach = len ? (uint16_t)((op->slot + len + 7) / 8 * 8) : 0;
}

/* What a LOAD that fails says, so that user space can tell which it was. */
static void number_steps(struct fetch *fetch)
{
	uint8_t steps[FT_STATUS_MAX] = {0};

	for (size_t i = 0; i < fetch->nops; i++) {
		struct ft_op *op = &fetch->ops[i];
		uint8_t *step = &steps[op->status];

		if (op->code != FT_OP_LOAD)
			continue;
		op->reg = (uint8_t)(FT_V_STEP + *step);
		if (op->reg != FT_V_STEP_BEYOND)
			++*step;
	}
}

/* What a filter compares stays apart: the kernel decides before it reads what comes behind, and finds it in its slots. */
static void fold(struct fetch *fetch)
{
	struct ft_op *rest = fetch->ops + fetch->noperands;
	size_t nrest = fetch->nops - fetch->noperands, noperands;

	noperands = fetch_gather(fetch->ops, fetch_fold(fetch->ops, fetch->noperands), 0);
	nrest = fetch_gather(rest, fetch_fold(rest, nrest), nrest);
	if (nrest)
		memmove(fetch->ops + noperands, rest, nrest * sizeof(*rest));
	fetch->noperands = noperands;
	fetch->nops = noperands + nrest;
}

void fetch_seal(struct fetch *fetch)
{
	uint32_t by = FT_STATUS_MAX - status_bytes(fetch);

	if (fetch->sealed)
		return;
	fetch->sealed = true;
	fetch->methods = NULL;
	fetch->image = NULL;
	if (fetch->nops)
		fold(fetch);
	number_steps(fetch);
	trim(fetch);
	for (size_t i = 0; i < fetch->nops; i++) {
		move_slot(&fetch->ops[i].slot, by);
		move_slot(&fetch->ops[i].from, by);
		move_slot(&fetch->ops[i].base, by);
		set_reach(&fetch->ops[i]);
	}
	move_slot(&fetch->dictionary, by);
	for (size_t i = 0; i < fetch->nitems; i++) {
		move_slot(&fetch->items[i].slot, by);
		move_shape(&fetch->items[i].shape, by);
	}
}

uint32_t fetch_size(const struct fetch *fetch)
{
	return (uint32_t)sizeof(struct ft_values) + status_bytes(fetch) + fetch->used + SPARE;
}

uint32_t fetch_least(const struct fetch *fetch)
{
	return fetch->nhidden ? fetch_size(fetch)
			      : (uint32_t)sizeof(struct ft_values) + status_bytes(fetch);
}
