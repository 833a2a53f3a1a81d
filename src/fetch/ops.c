/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/ops.h"

#include <stdio.h>

bool fetch_emit(struct fetch *fetch, struct ft_op op)
{
	struct ft_op *at = fetch_op(fetch, op.code);

	if (at)
		*at = op;
	return at;
}

void fetch_skip_from(struct fetch *fetch, size_t index)
{
	struct ft_op *op = &fetch->ops[index];

	op->skip = (uint16_t)(fetch->nops - index - 1);
	op->decided = 1;
}

void fetch_skip_to_end(struct fetch *fetch, size_t first)
{
	for (size_t i = first; i < fetch->nops; i++) {
		switch (fetch->ops[i].code) {
		case FT_OP_LOAD:
		case FT_OP_READ:
		case FT_OP_STR:
		case FT_OP_NIL:
		case FT_OP_MORE:
			if (!fetch->ops[i].decided)
				fetch_skip_from(fetch, i);
		}
	}
}

uint16_t fetch_read(struct fetch *fetch, uint32_t len, const struct fetch_limits *limits,
		    uint8_t status)
{
	uint16_t slot = status ? fetch_slot(fetch, len, limits) : SHAPE_NO_SLOT;

	if (!slot || !fetch_emit(fetch, (struct ft_op){.code = FT_OP_READ,
						       .slot = slot,
						       .len = (uint16_t)len,
						       .status = status}))
		return SHAPE_NO_SLOT;
	return slot;
}

bool fetch_take_piece(struct fetch *fetch, const struct goabi_piece *piece)
{
	const struct arch_abi *abi = fetch->arch->abi;

	return fetch_emit(fetch,
			  (struct ft_op){.code = FT_OP_REG, .reg = abi->ints[piece->index].number});
}

bool fetch_take_sp(struct fetch *fetch)
{
	return fetch_emit(fetch, (struct ft_op){.code = FT_OP_REG, .reg = fetch->arch->abi->sp});
}

bool fetch_assemble(struct fetch *fetch, uint16_t slot, const struct goabi_value *place,
		    uint64_t size)
{
	for (uint32_t i = 0; i < place->npieces; i++) {
		const struct goabi_piece *piece = &place->pieces[i];

		if (piece->file != GOABI_INT || piece->offset >= size)
			continue;
		if (!fetch_take_piece(fetch, piece) ||
		    !fetch_emit(fetch, (struct ft_op){.code = FT_OP_PUT,
						      .slot = (uint16_t)(slot + piece->offset)}))
			return false;
	}
	return true;
}

const char *fetch_missing(const struct fetch *fetch, const struct goabi_value *place,
			  uint64_t offset, uint64_t size)
{
	for (uint32_t i = 0; i < place->npieces; i++) {
		const struct goabi_piece *piece = &place->pieces[i];

		if (piece->file != GOABI_FLOAT || piece->offset < offset ||
		    piece->offset - offset >= size)
			continue;
		return fetch->arch->abi->floats[piece->index].name;
	}
	return NULL;
}
