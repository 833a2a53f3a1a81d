/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/vec.h"
#include "recording/decode.h"
#include "recording/value_slots.h"

static double get_float(struct wire *wire)
{
	const unsigned char *bytes = wire_bytes(wire, sizeof(double));
	double number = 0;

	if (bytes)
		memcpy(&number, bytes, sizeof(number));
	return number;
}

static void get_text(struct decoder *decoder, struct wire *wire, enum slot_text slot,
		     struct value *value)
{
	uint64_t len;

	if (slot == TEXT_SYMBOL) {
		value->symbol = decode_string(decoder, wire);
	} else if (slot == TEXT_BYTES) {
		len = wire_get_most(wire, UINT32_MAX);
		value->text = (const char *)wire_bytes(wire, len);
		value->nbytes = value->text ? (uint32_t)len : 0;
		if (!value->text)
			value->text = "";
	}
}

static void get_number(struct decoder *decoder, struct wire *wire, enum slot_number slot,
		       struct value *value)
{
	switch (slot) {
	case NUMBER_U:
		value->u = wire_get(wire);
		break;
	case NUMBER_S:
		value->s = wire_get_signed(wire);
		break;
	case NUMBER_F:
		value->f = get_float(wire);
		break;
	case NUMBER_TYPE:
		value->dynamic = decode_string(decoder, wire);
		if (!value->dynamic)
			value->dynamic = "?";
		break;
	case NUMBER_NO:
		break;
	}
}

static void get_value(struct decoder *decoder, struct wire *wire, const struct shape_value *shape,
		      struct value *value)
{
	struct value_slots slots = value_slots_of(shape->kind, shape->why);

	*value = (struct value){
		.name = shape->name,
		.type = shape->type,
		.kind = shape->kind,
		.why = shape->why,
		.nchildren = shape->nchildren,
		.span = shape->span,
		.single = !!(shape->bits & VALUE_BIT_SINGLE),
		.utf8 = !!(shape->bits & VALUE_BIT_UTF8),
		.truncated = !!(shape->bits & VALUE_BIT_TRUNCATED),
		.counted = !!(shape->bits & VALUE_BIT_COUNTED),
		.exact = !!(shape->bits & VALUE_BIT_EXACT),
		.says = !!(shape->bits & VALUE_BIT_SAYS),
		.zero = !!(shape->bits & VALUE_BIT_ZERO),
	};
	get_text(decoder, wire, slots.text, value);
	get_number(decoder, wire, slots.number, value);
	if (slots.more == MORE_U)
		value->capacity = wire_get(wire);
	else if (slots.more == MORE_F)
		value->imag = get_float(wire);
}

/* Room for one more of those that are kept. */
static struct value *next_value(struct decoder *decoder)
{
	struct value *value = vec_push(&decoder->values, &decoder->nvalues, &decoder->capvalues);

	if (!value)
		decoder->failed = true;
	return value;
}

bool decode_values(struct decoder *decoder, struct wire *wire, bool keep)
{
	uint64_t number = wire_get_most(wire, decoder->block.nshapes);
	const struct shape *shape;
	struct value passed;

	if (!number) {
		wire->bad = true;
		return false;
	}
	shape = &decoder->block.shapes[number - 1];
	decoder->nvalues = 0;
	for (uint32_t i = 0; i < shape->count && !wire->bad; i++) {
		struct value *value = keep ? next_value(decoder) : &passed;

		if (!value)
			return false;
		get_value(decoder, wire, &decoder->block.shape_values[shape->first + i], value);
	}
	if (keep)
		decoder->answer = (struct values){
			.first = decoder->values, .nitems = shape->nitems, .len = shape->len};
	return !wire->bad;
}
