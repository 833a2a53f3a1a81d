/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/ops.h"
#include "fetch/typed_causes.h"

#define FIELD_SIZE  16
#define FIELD2_SIZE 32 /* and what is behind: json.UnmarshalTypeError's Err */
#define STATUS_SIZE 64 /* a Status up to its message, in both layouts */
#define STATUS_TEXT (CAUSES_FIELDS_SIZE - STATUS_SIZE)
#define DETAIL_AT   16 /* of x509.CertificateInvalidError's Detail */

bool causes_take_fields(struct causes *c, uint16_t room)
{
	const struct error_slot *leaf = &c->shape->parts[ERROR_LEAF_TEXT];
	_Static_assert(FIELD_SIZE + FIELD2_SIZE + CAUSES_TEXT_MAX <= CAUSES_FIELDS_SIZE, "room");

	return causes_share(c, ERROR_FIELD_1, room, 0, FIELD_SIZE) &&
	       causes_share(c, ERROR_FIELD_1_TEXT, leaf->slot, 0, leaf->len) &&
	       causes_share(c, ERROR_FIELD_2, room, FIELD_SIZE, FIELD2_SIZE) &&
	       causes_share(c, ERROR_FIELD_2_TEXT, room, FIELD_SIZE + FIELD2_SIZE,
			    CAUSES_TEXT_MAX) &&
	       causes_share(c, ERROR_STATUS, room, 0, STATUS_SIZE) &&
	       causes_share(c, ERROR_STATUS_NEW_TEXT, room, STATUS_SIZE, STATUS_TEXT) &&
	       causes_share(c, ERROR_STATUS_OLD_TEXT, leaf->slot, 0, leaf->len) &&
	       causes_share(c, ERROR_DETAIL, room, 0, FIELD_SIZE) &&
	       causes_share(c, ERROR_DETAIL_TEXT, room, FIELD_SIZE, CAUSES_TEXT_MAX);
}

void causes_read_fields(struct causes *c, uint32_t first, struct jumps *end)
{
	causes_read(c, ERROR_FIELD_1, c->own, 1, first, end);
	causes_read_text(c, ERROR_FIELD_1_TEXT);
	causes_read(c, ERROR_FIELD_2, c->own, 1, first + FIELD_SIZE, end);
	causes_read_text(c, ERROR_FIELD_2_TEXT);
	causes_jump(c, end);
}

void causes_read_detail(struct causes *c)
{
	struct jumps none = {0};

	causes_read(c, ERROR_DETAIL, c->link, 1, DETAIL_AT, &none);
	causes_read_text(c, ERROR_DETAIL_TEXT);
	causes_land(c, &none);
}

/* Its pointer leads to a struct that has one field, the pointer to the protocol buffer. */
void causes_read_status(struct causes *c, struct jumps *end)
{
	causes_load(c, c->value, 0);
	causes_jump_at(c, end, (struct ft_op){.code = FT_OP_NIL});
	causes_jump_at(c, end, (struct ft_op){.code = FT_OP_LOAD});
	causes_put_link(c, 1);
	causes_read(c, ERROR_STATUS, c->link, 1, 0, end);
	causes_read_text(c, ERROR_STATUS_NEW_TEXT);
	causes_read_text(c, ERROR_STATUS_OLD_TEXT);
	causes_jump(c, end);
}
