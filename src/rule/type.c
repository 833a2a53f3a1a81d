/* SPDX-License-Identifier: GPL-2.0-only */
#include "rule/expr.h"

#include <errno.h>
#include <stdio.h>

#include "base/suggest.h"
#include "base/units.h"

static const struct {
	const char *name;
	enum rule_type_kind kind;
	uint16_t bits;
} types[] = {
	{"u8", RULE_UNSIGNED, 8},
	{"u16", RULE_UNSIGNED, 16},
	{"u32", RULE_UNSIGNED, 32},
	{"u64", RULE_UNSIGNED, 64},
	{"s8", RULE_SIGNED, 8},
	{"s16", RULE_SIGNED, 16},
	{"s32", RULE_SIGNED, 32},
	{"s64", RULE_SIGNED, 64},
	{"x8", RULE_HEX, 8},
	{"x16", RULE_HEX, 16},
	{"x32", RULE_HEX, 32},
	{"x64", RULE_HEX, 64},
	{"bool", RULE_BOOL, 8},
	{"char", RULE_CHAR, 8},
	{"f32", RULE_FLOAT, 32},
	{"f64", RULE_FLOAT, 64},
	{"ptr", RULE_PTR, 64},
	{"string", RULE_STRING, 0},
	{"ustring", RULE_STRING, 0},
	{"gostring", RULE_GOSTRING, 128},
	{"gobytes", RULE_GOBYTES, 192},
	{"goerror", RULE_GOERROR, 128},
};

/* A whole number at the cursor, digits only, from `low` to `high`. */
static int parse_bits(struct scan *s, uint64_t low, uint64_t high, const char *what,
		      uint64_t *value)
{
	size_t from = s->at, to = scan_word(s);

	if (units_number(s->text + from, to - from, 0, value))
		return scan_fail(
			s, from,
			"bad number '%.*s' for the %s; write b<width>@<offset>/<container>",
			SCAN_PIECE(s, from, to), what);
	if (*value < low || *value > high)
		return scan_fail(s, from, "bad %s of a bit field; write one from %u to %u", what,
				 (unsigned int)low, (unsigned int)high);
	return 0;
}

/* b<width>@<offset>/<container>, the cursor behind the `b`. */
static int parse_bit_field(struct scan *s, struct rule_type *type)
{
	uint64_t width, offset, container;
	size_t from = s->at - 1, where;
	int err;

	err = parse_bits(s, 1, 64, "width", &width);
	if (err)
		return err;
	if (!scan_take(s, '@'))
		return scan_unexpected(s, "'@' and the bit field's offset");
	err = parse_bits(s, 0, 63, "offset", &offset);
	if (err)
		return err;
	if (!scan_take(s, '/'))
		return scan_unexpected(s, "'/' and the bit field's container");
	where = s->at;
	err = parse_bits(s, 8, 64, "container", &container);
	if (err)
		return err;
	if (container & (container - 1))
		return scan_fail(s, where, "bad container of a bit field; write 8, 16, 32 or 64");
	if (width + offset > container)
		return scan_fail(
			s, from,
			"%u bits from bit %u on do not fit in a container of %u bits; take "
			"fewer, or a larger one",
			(unsigned int)width, (unsigned int)offset, (unsigned int)container);
	type->kind = RULE_BITS;
	type->bits = (uint16_t)width;
	type->shift = (uint8_t)offset;
	type->container = (uint8_t)container;
	return 0;
}

static int parse_text(struct scan *s, size_t from, size_t to, struct rule_type *type)
{
	uint64_t bits;

	if (units_number(s->text + from + 1, to - from - 1, 10, &bits) || bits < 8 || bits > 512 ||
	    bits % 8)
		return scan_fail(s, from,
				 "'%.*s' is no text type; c8, c16, ... c512 count bits, 8 a byte",
				 SCAN_PIECE(s, from, to));
	type->kind = RULE_TEXT;
	type->bits = (uint16_t)bits;
	return 0;
}

static bool all_digits(const struct scan *s, size_t from, size_t to)
{
	for (; from < to; from++)
		if (s->text[from] < '0' || s->text[from] > '9')
			return false;
	return true;
}

static int fail_unknown(struct scan *s, size_t from, size_t to)
{
	char word[16], guess[64];
	struct suggest suggest;

	snprintf(word, sizeof(word), "%.*s", SCAN_PIECE(s, from, to));
	suggest_init(&suggest, word);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		suggest_name(&suggest, types[i].name);
	suggest_text(&suggest, guess, sizeof(guess));
	return scan_fail(s, from, "unknown type '%.*s'%s", SCAN_PIECE(s, from, to),
			 suggest.count ? guess
				       : "; u8..u64, s8..s64, x8..x64, bool, char, f32, f64, ptr, "
					 "c8..c512, string, gostring, gobytes, goerror and "
					 "b<width>@<offset>/<container> are known");
}

static int parse_scalar(struct scan *s, struct rule_type *type)
{
	size_t from = s->at, to = scan_word(s);

	if (from == to)
		return scan_unexpected(s, "a type");
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (!scan_equal(s, from, to, types[i].name))
			continue;
		type->kind = types[i].kind;
		type->bits = types[i].bits;
		return 0;
	}
	if (s->text[from] == 'b' && to > from + 1 && all_digits(s, from + 1, from + 2)) {
		s->at = from + 1;
		return parse_bit_field(s, type);
	}
	if (s->text[from] == 'c' && to > from + 1 && all_digits(s, from + 1, to))
		return parse_text(s, from, to, type);
	return fail_unknown(s, from, to);
}

/* The [N] behind a type, the cursor behind the bracket. */
static int parse_count(struct scan *s, struct rule_type *type)
{
	uint64_t count;
	size_t from, to;

	scan_peek(s);
	from = s->at;
	to = scan_word(s);
	if (from == to)
		return scan_unexpected(s, "the array's length");
	if (units_number(s->text + from, to - from, 0, &count))
		return scan_fail(s, from,
				 "bad number '%.*s' for an array's length; write one from 1 to %d",
				 SCAN_PIECE(s, from, to), RULE_ELEMENTS);
	if (count < 1 || count > RULE_ELEMENTS)
		return scan_fail(s, from, "bad length of an array; write one from 1 to %d",
				 RULE_ELEMENTS);
	if (!scan_take(s, ']'))
		return scan_unexpected(s, "']'");
	type->count = (uint8_t)count;
	return 0;
}

int rule_type_parse(struct scan *s, struct rule_type *type)
{
	size_t from, to;
	int err;

	*type = (struct rule_type){0};
	scan_peek(s);
	from = s->at;
	type->column = scan_column(s, from);
	err = parse_scalar(s, type);
	to = s->at;
	if (!err && scan_take(s, '[')) {
		err = parse_count(s, type);
		to = s->at;
	}
	if (err)
		return err;
	type->text = scan_copy(s, from, to);
	return type->text ? 0 : -ENOMEM;
}
