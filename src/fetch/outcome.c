/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/outcome.h"

#include <errno.h>
#include <string.h>

#include "fetch/ops.h"

#define WORD 8

bool outcome_is_error(const struct gotype *type)
{
	return type->kind == GOTYPE_INTERFACE && type->name && !strcmp(type->name, "error");
}

/* The first word of the error at `place`; the item's slot stays 0 where it cannot be had. */
static void read_word(struct fetch *fetch, const struct goabi_value *place,
		      const struct fetch_limits *limits, struct fetch_item *item)
{
	struct ft_op to_stack = {.code = FT_OP_ADD, .imm = (int64_t)place->stack_offset};

	if (place->in_stack) {
		item->status = fetch_status(fetch);
		if (item->status && fetch_take_sp(fetch) && fetch_emit(fetch, to_stack))
			item->slot = fetch_read(fetch, WORD, limits, item->status);
	} else if (place->npieces && place->pieces[0].file == GOABI_INT) {
		item->slot = fetch_slot(fetch, WORD, limits);
		if (item->slot &&
		    (!fetch_take_piece(fetch, &place->pieces[0]) ||
		     !fetch_emit(fetch, (struct ft_op){.code = FT_OP_PUT, .slot = item->slot})))
			item->slot = SHAPE_NO_SLOT;
	}
	item->outcome = item->slot != SHAPE_NO_SLOT;
}

int outcome_add(struct fetch *results, const struct dwarf_signature *sig, const struct goabi *abi,
		const struct fetch_limits *limits)
{
	for (size_t i = 0; i < sig->nresults; i++) {
		const struct goabi_value *place = &abi->results[i];
		struct fetch_item *item;

		if (!place->known || !outcome_is_error(sig->results[i].type))
			continue;
		item = fetch_item(results, "", "error");
		if (!item)
			return -ENOMEM;
		item->hidden = true;
		results->nhidden++;
		item->shape =
			(struct shape){.kind = SHAPE_ADDRESS, .type = item->type, .size = WORD};
		read_word(results, place, limits, item);
	}
	return 0;
}
