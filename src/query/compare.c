/* SPDX-License-Identifier: GPL-2.0-only */
#include "query/compare.h"

#include <math.h>
#include <string.h>

#include <ftrace/decide.h>

#include "rule/filter_glob.h"

static bool orders(const struct filter_node *node)
{
	return node->kind != FILTER_EQ && node->kind != FILTER_NE;
}

/* What `order`, less than 0, 0 or more, comes to. */
static bool holds_for(const struct filter_node *node, int order)
{
	switch (node->kind) {
	case FILTER_EQ:
		return order == 0;
	case FILTER_NE:
		return order != 0;
	case FILTER_LT:
		return order < 0;
	case FILTER_LE:
		return order <= 0;
	case FILTER_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

static int order_of(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int order_numbers(const struct operand *a, const struct operand *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return order_of(a->bits, b->bits);
}

/* A whole number and one with a fraction, exactly. */
static int order_mixed(const struct operand *number, double real)
{
	double floored = floor(real);
	struct operand whole = {.negative = floored < 0};
	int order;

	if (floored >= 0x1p64)
		return -1;
	if (floored < -0x1p63)
		return 1;
	whole.bits = floored < 0 ? (uint64_t)(int64_t)floored : (uint64_t)floored;
	order = order_numbers(number, &whole);
	return order ? order : floored < real ? -1 : 0;
}

static double real_of(const struct operand *operand)
{
	if (operand->class == OPERAND_REAL)
		return operand->real;
	return operand->negative ? (double)(int64_t)operand->bits : (double)operand->bits;
}

static void compare_reals(const struct filter_node *node, const struct operand *a,
			  const struct operand *b, bool *holds)
{
	double x = real_of(a), y = real_of(b);

	/* With a NaN only != holds. */
	if (isnan(x) || isnan(y))
		*holds = node->kind == FILTER_NE;
	else if (a->class == OPERAND_NUMBER)
		*holds = holds_for(node, order_mixed(a, y));
	else
		*holds = holds_for(node, x < y ? -1 : x > y);
}

static bool is_cut(const struct operand *text)
{
	return text->len < text->whole;
}

static enum compared compare_texts(const struct filter_node *node, const struct operand *a,
				   const struct operand *b, bool *holds)
{
	size_t least = a->len < b->len ? a->len : b->len;
	int order = least ? memcmp(a->text, b->text, least) : 0;
	bool a_ends = a->len == least && !is_cut(a), b_ends = b->len == least && !is_cut(b);

	if (!order)
		order = b_ends - a_ends;
	*holds = holds_for(node, order);
	if (order || a_ends)
		return COMPARED;
	/* Both go on. Of two lengths that differ it is known that they are not equal. */
	*holds = node->kind == FILTER_NE;
	return !orders(node) && a->whole != UINT64_MAX && b->whole != UINT64_MAX &&
			       a->whole != b->whole
		       ? COMPARED
		       : COMPARE_UNKNOWN;
}

/* A beginning and a star, or a glob, over what there is of a text: at most FT_TEXT_MAX bytes. */
static enum compared match(const struct operand *text, const struct filter_node *pattern,
			   bool *holds)
{
	uint64_t room[FT_ROOM];
	struct ft_text bytes = {0};
	size_t len = text->len < FT_TEXT_MAX ? text->len : FT_TEXT_MAX;
	struct ft_test test = {.kind = FT_TEST_GLOB, .text_len = (uint16_t)len};
	struct ft_decision decision = {.text = &bytes, .room = room};
	size_t prefix = pattern->len ? pattern->len - 1 : 0;

	if (!pattern->glob) {
		size_t least = prefix < text->len ? prefix : text->len;

		*holds = text->len >= prefix && !memcmp(text->text, pattern->text, prefix);
		return *holds || !is_cut(text) || text->len >= prefix ||
				       memcmp(text->text, pattern->text, least) != 0
			       ? COMPARED
			       : COMPARE_UNKNOWN;
	}
	if (len)
		memcpy(bytes.bytes, text->text, len);
	test.left.kind = FT_TEXT_CONST;
	*holds = ft_decide_glob(&decision, &test, &pattern->glob->table);
	if (!is_cut(text) && text->len <= FT_TEXT_MAX)
		return COMPARED;
	/* Whatever comes behind what is there, a star at the end takes it. */
	*holds &= pattern->glob->table.open != 0;
	return *holds || !is_cut(text) || text->len >= FT_TEXT_MAX ? COMPARED : COMPARE_UNKNOWN;
}

/* A CHAR becomes what the other side wants; what may be nil an empty text beside a text. */
static void adapt(struct operand *operand, const struct operand *other)
{
	bool text = other->class == OPERAND_TEXT;

	if (operand->class == OPERAND_CHAR) {
		operand->class = text ? OPERAND_TEXT : OPERAND_NUMBER;
		operand->text = &operand->byte;
		operand->len = operand->whole = operand->byte != 0;
	} else if (operand->class == OPERAND_NILABLE && !operand->bits && text && operand->type) {
		operand->class = OPERAND_TEXT;
		operand->text = "";
	}
}

static bool is(const struct operand *a, enum operand_class class)
{
	return a->class == class;
}

static bool is_number(const struct operand *a)
{
	return is(a, OPERAND_NUMBER) || is(a, OPERAND_POINTER);
}

static bool may_be_nil(const struct operand *a)
{
	return is(a, OPERAND_POINTER) || is(a, OPERAND_NILABLE);
}

enum compared compare(const struct filter_node *node, const struct operand *left,
		      const struct operand *right, bool *holds)
{
	struct operand a = *left, b = *right;

	adapt(&a, right);
	adapt(&b, left);
	if (node->kind == FILTER_MATCH)
		return is(&a, OPERAND_TEXT) ? match(&a, node->right, holds) : COMPARE_NEVER;
	if (node->kind == FILTER_BITS) {
		*holds = a.bits & b.bits;
		return is(&a, OPERAND_NUMBER) && is(&b, OPERAND_NUMBER) ? COMPARED : COMPARE_NEVER;
	}
	if (is(&a, OPERAND_TEXT) && is(&b, OPERAND_TEXT))
		return compare_texts(node, &a, &b, holds);
	if ((is(&a, OPERAND_REAL) && (is(&b, OPERAND_REAL) || is(&b, OPERAND_NUMBER))) ||
	    (is(&a, OPERAND_NUMBER) && is(&b, OPERAND_REAL))) {
		compare_reals(node, &a, &b, holds);
		return COMPARED;
	}
	if ((is_number(&a) && is_number(&b)) ||
	    (!orders(node) && ((is(&a, OPERAND_BOOL) && is(&b, OPERAND_BOOL)) ||
			       (may_be_nil(&a) && may_be_nil(&b)) ||
			       /* A nil pointer is recorded as nil. */
			       (is(&a, OPERAND_NILABLE) && !a.bits && is_number(&b)) ||
			       (is_number(&a) && is(&b, OPERAND_NILABLE) && !b.bits)))) {
		*holds = holds_for(node, order_numbers(&a, &b));
		return COMPARED;
	}
	return COMPARE_NEVER;
}
