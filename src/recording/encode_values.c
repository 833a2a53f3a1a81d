/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was read of calls: a shape, which is the same in each call of a function as a rule, and the rest.
 */
#include "recording/encode.h"
#include "recording/format.h"
#include "recording/value_slots.h"
#include "recording/wire.h"

static unsigned int bits_of(const struct value *value)
{
	return (value->single ? VALUE_BIT_SINGLE : 0) | (value->utf8 ? VALUE_BIT_UTF8 : 0) |
	       (value->truncated ? VALUE_BIT_TRUNCATED : 0) |
	       (value->counted ? VALUE_BIT_COUNTED : 0) | (value->exact ? VALUE_BIT_EXACT : 0) |
	       (value->says ? VALUE_BIT_SAYS : 0) | (value->zero ? VALUE_BIT_ZERO : 0);
}

static void put_shape(struct encoder *encoder, const struct value *value)
{
	struct buf *shape = &encoder->shape;

	wire_put(shape, value->kind);
	wire_put(shape, encode_string(encoder, value->name));
	wire_put(shape, encode_string(encoder, value->type));
	wire_put(shape, value->nchildren);
	wire_put(shape, bits_of(value));
	if (value->kind == VALUE_ERROR)
		wire_put(shape, value->why);
}

static void put_float(struct buf *to, double number)
{
	buf_add(to, &number, sizeof(number));
}

static void put_rest(struct encoder *encoder, const struct value *value)
{
	struct value_slots slots = value_slots_of(value->kind, value->why);
	struct buf *to = &encoder->values;

	if (slots.text == TEXT_SYMBOL) {
		wire_put(to, encode_string(encoder, value->symbol));
	} else if (slots.text == TEXT_BYTES) {
		wire_put(to, value->nbytes);
		buf_add(to, value->text, value->nbytes);
	}
	switch (slots.number) {
	case NUMBER_U:
		wire_put(to, value->u);
		break;
	case NUMBER_S:
		wire_put_signed(to, value->s);
		break;
	case NUMBER_F:
		put_float(to, value->f);
		break;
	case NUMBER_TYPE:
		wire_put(to, encode_string(encoder, value->dynamic));
		break;
	default:
		break;
	}
	if (slots.more == MORE_U)
		wire_put(to, value->capacity);
	else if (slots.more == MORE_F)
		put_float(to, value->imag);
}

/* All values of one item, itself included. */
static uint32_t count_values(const struct values *values)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < values->nitems; i++)
		count += values->first[count].span;
	return count;
}

void encode_values(struct encoder *encoder, const struct values *values)
{
	struct buf *shape = &encoder->shape, *rest = &encoder->values;
	uint32_t count, number;
	bool fresh;

	if (!values) {
		wire_put(&encoder->one, 0);
		return;
	}
	buf_reset(shape);
	buf_reset(rest);
	count = count_values(values);
	wire_put(shape, values->nitems);
	wire_put(shape, values->len);
	wire_put(shape, count);
	for (uint32_t i = 0; i < count; i++) {
		put_shape(encoder, &values->first[i]);
		put_rest(encoder, &values->first[i]);
	}
	number = dictionary_put(&encoder->shapes, shape->data, shape->len, &fresh);
	encoder->failed |= !number || shape->failed || rest->failed;
	if (fresh) {
		buf_addc(&encoder->block, OP_SHAPE);
		buf_add(&encoder->block, shape->data, shape->len);
	}
	wire_put(&encoder->one, number);
	buf_add(&encoder->one, rest->data, rest->len);
}
