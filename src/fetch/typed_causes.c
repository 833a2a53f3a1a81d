/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/typed_causes.h"

#include "fetch/ops.h"

#define ITAB_METHOD 24 /* abi.ITab.Fun: the first method, and `error` has no other */

void causes_jump_at(struct causes *c, struct jumps *jumps, struct ft_op op)
{
	if (jumps->count < CAUSES_JUMPS_MAX && fetch_emit(c->fetch, op))
		jumps->from[jumps->count++] = c->fetch->nops - 1;
	else
		c->fetch->full = true;
}

/* No count is greater. */
void causes_jump(struct causes *c, struct jumps *jumps)
{
	causes_jump_at(c, jumps,
		       (struct ft_op){.code = FT_OP_MORE, .from = c->link, .imm = INT64_MAX});
}

void causes_jump_if(struct causes *c, struct jumps *jumps, enum error_method method)
{
	if (c->methods->error[method])
		causes_jump_at(c, jumps,
			       (struct ft_op){.code = FT_OP_SAME,
					      .imm = (int64_t)c->methods->error[method]});
}

void causes_land(struct causes *c, struct jumps *jumps)
{
	for (size_t i = 0; i < jumps->count; i++)
		fetch_skip_from(c->fetch, jumps->from[i]);
	jumps->count = 0;
}

void causes_load(struct causes *c, uint32_t slot, uint32_t word)
{
	fetch_emit(c->fetch,
		   (struct ft_op){.code = FT_OP_WORD, .from = (uint16_t)(slot + 8 * word)});
}

void causes_put_link(struct causes *c, uint32_t word)
{
	fetch_emit(c->fetch,
		   (struct ft_op){.code = FT_OP_PUT, .slot = (uint16_t)(c->link + 8 * word)});
}

void causes_link(struct causes *c, uint32_t slot, uint32_t word)
{
	causes_load(c, slot, word);
	causes_put_link(c, 0);
	causes_load(c, slot, word + 1);
	causes_put_link(c, 1);
}

void causes_load_method(struct causes *c, uint16_t slot, struct jumps *none)
{
	causes_load(c, slot, 0);
	causes_jump_at(c, none, (struct ft_op){.code = FT_OP_NIL});
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_ADD, .imm = ITAB_METHOD});
	causes_jump_at(c, none, (struct ft_op){.code = FT_OP_LOAD});
}

void causes_read(struct causes *c, enum error_part part, uint16_t slot, uint32_t word,
		 uint32_t skip, struct jumps *none)
{
	const struct error_slot *at = &c->shape->parts[part];

	causes_load(c, slot, word);
	causes_jump_at(c, none, (struct ft_op){.code = FT_OP_NIL, .status = at->status});
	causes_jump_at(c, none,
		       (struct ft_op){.code = FT_OP_READ,
				      .slot = at->slot,
				      .len = at->len,
				      .status = at->status,
				      .imm = skip});
}

void causes_read_text(struct causes *c, enum error_part part)
{
	struct error_slot *at = &c->shape->parts[part];
	struct error_header header = error_header(part);
	uint16_t in = c->shape->parts[header.in].slot;

	at->word = header.word;
	if (header.in == ERROR_DNS)
		at->word = (uint8_t)(at->word + c->methods->dns_word);
	causes_load(c, in, at->word);
	fetch_emit(c->fetch, (struct ft_op){.code = FT_OP_READN,
					    .slot = at->slot,
					    .len = at->len,
					    .from = (uint16_t)(in + 8 * at->word + 8),
					    .status = at->status,
					    .imm = 1});
}

bool causes_share(struct causes *c, enum error_part part, uint16_t room, uint32_t offset,
		  uint32_t len)
{
	struct error_slot *at = &c->shape->parts[part];

	at->slot = (uint16_t)(room + offset);
	at->status = fetch_status(c->fetch);
	at->len = (uint16_t)len;
	return at->status;
}
