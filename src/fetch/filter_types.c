/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/filter_types.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "fetch/rule_path.h"
#include "fetch/rule_root.h"

enum value_class {
	CLASS_NUMBER,
	CLASS_REAL,
	CLASS_BOOL,
	CLASS_TEXT,
	CLASS_BYTES,   /* text that may be nil */
	CLASS_CHAR,    /* a number, or text of one byte */
	CLASS_POINTER, /* a number that may be nil */
	CLASS_NILABLE, /* nil or not, no more */
	CLASS_NIL,
	CLASS_OTHER, /* does not compare */
};

/* One side of a comparison. */
struct operand {
	enum value_class class;
	struct ft_operand operand; /* kind 0: a constant */
	char text[80];             /* "'n' is an int", for messages */
};

void filter_types_init(struct filter_types *types, const struct filter_scope *scope,
		       unsigned int number, struct error *err)
{
	*types = (struct filter_types){.scope = scope, .err = err, .number = number};
}

void filter_types_release(struct filter_types *types)
{
	free(types->used);
	types->used = NULL;
	types->nused = types->capused = 0;
}

bool filter_types_is_value(const struct filter_node *node)
{
	return node->kind == FILTER_ITEM || node->kind == FILTER_DURATION ||
	       node->kind == FILTER_ERROR;
}

bool filter_types_is_read(const struct ft_operand *operand)
{
	switch (operand->kind) {
	case FT_NUMBER_UNSIGNED:
	case FT_NUMBER_SIGNED:
	case FT_NUMBER_BITS:
	case FT_REAL:
	case FT_TEXT_HEADER:
	case FT_TEXT_NUL:
		return true;
	default:
		return false;
	}
}

static int __attribute__((format(printf, 3, 4)))
fail(struct filter_types *types, const struct filter_node *node, const char *fmt, ...)
{
	char cause[384];
	va_list args;

	va_start(args, fmt);
	vsnprintf(cause, sizeof(cause), fmt, args);
	va_end(args);
	return error_set(types->err, -EINVAL, "filter %u, column %u: %s", types->number,
			 node->column, cause);
}

/* The name of a rule's item, compared without blanks. */
static bool same_name(const char *name, const char *text)
{
	for (;; name++) {
		if (*name && strchr(" \t\n\r", *name))
			continue;
		if (*name != *text)
			return false;
		if (!*name)
			return true;
		text++;
	}
}

static const struct rule_item *find_item(const struct rule_item *items, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (same_name(items[i].name, text))
			return &items[i];
	return NULL;
}

/* What a rule calls `text`, and on which side. */
static const struct rule_item *find_named(const struct filter_scope *scope, const char *text,
					  bool *at_return)
{
	for (int side = 0; side < 2; side++) {
		*at_return = side;
		for (size_t i = 0; i < scope->nrules; i++) {
			const struct rule *rule = scope->rules[i];
			const struct rule_item *item =
				side ? find_item(rule->results, rule->nresults, text)
				     : find_item(rule->entry, rule->nentry, text);

			if (item)
				return item;
		}
	}
	return NULL;
}

/* Makes the hidden item of an operand; its index goes to the operand's slot. */
static int read_operand(struct filter_types *types, const struct filter_node *node,
			struct ft_operand *operand)
{
	struct fetch_context ctx = *types->scope->ctx;
	const struct rule_expr *expr = node->expr;
	const struct rule_item *item = find_named(types->scope, node->text, &ctx.at_return);
	struct fetch *fetch;
	int ret;

	if (item) {
		expr = item->expr;
		ctx.column = node->column;
	} else {
		ctx.at_return = rule_root_is_result(types->scope->ctx, expr);
	}
	ctx.noun = "filter";
	ctx.number = types->number;
	fetch = ctx.at_return ? types->scope->results : types->scope->entry;
	ret = rule_fetch_operand(fetch, expr, item ? &item->type : NULL, &ctx, types->err);
	if (ret)
		return ret;
	operand->side = ctx.at_return ? FT_SIDE_RESULTS : FT_SIDE_ENTRY;
	operand->slot = (uint16_t)(fetch->nitems - 1);
	types->needs_return |= ctx.at_return;
	return 0;
}

static const struct fetch_item *item_of(const struct filter_types *types,
					const struct ft_operand *operand)
{
	const struct fetch *fetch =
		operand->side == FT_SIDE_RESULTS ? types->scope->results : types->scope->entry;

	return &fetch->items[operand->slot];
}

/* What the hidden item's shape is to a comparison. */
static enum value_class classify(const struct shape *shape, struct ft_operand *operand)
{
	operand->size = (uint8_t)(shape->size <= 8 ? shape->size : 8);
	operand->kind = FT_NUMBER_UNSIGNED;
	switch (shape->kind) {
	case SHAPE_SIGNED:
		operand->kind = FT_NUMBER_SIGNED;
		return CLASS_NUMBER;
	case SHAPE_UNSIGNED:
	case SHAPE_HEX:
		return CLASS_NUMBER;
	case SHAPE_BITS:
		operand->kind = FT_NUMBER_BITS;
		operand->bits = shape->bits;
		operand->shift = shape->shift;
		return CLASS_NUMBER;
	case SHAPE_BOOL:
		return CLASS_BOOL;
	case SHAPE_CHAR:
		return CLASS_CHAR;
	case SHAPE_FLOAT:
		operand->kind = FT_REAL;
		return CLASS_REAL;
	case SHAPE_TEXT:
		operand->kind = FT_TEXT_NUL;
		operand->len = (uint16_t)shape->size;
		return CLASS_TEXT;
	case SHAPE_CSTRING:
		operand->kind = FT_TEXT_NUL;
		operand->len = shape->data_len;
		return CLASS_TEXT;
	case SHAPE_STRING:
	case SHAPE_BYTES:
		operand->kind = FT_TEXT_HEADER;
		operand->len = shape->data_len;
		return shape->kind == SHAPE_STRING ? CLASS_TEXT : CLASS_BYTES;
	case SHAPE_INTERFACE:
		operand->size = 8;
		return CLASS_NILABLE;
	case SHAPE_ADDRESS:
		if (!shape->gotype || shape->gotype->kind == GOTYPE_POINTER ||
		    shape->gotype->kind == GOTYPE_UNSAFE_POINTER)
			return CLASS_POINTER;
		return CLASS_NILABLE;
	default:
		operand->kind = FT_NUMBER_UNSIGNED;
		return CLASS_OTHER;
	}
}

static int learn_item(struct filter_types *types, const struct filter_node *node,
		      struct operand *value)
{
	struct filter_used *used;
	const char *type;
	int ret;

	for (size_t i = 0; i < types->nused; i++) {
		if (strcmp(types->used[i].node->text, node->text) != 0)
			continue;
		value->operand = types->used[i].operand;
		value->class = classify(&item_of(types, &value->operand)->shape, &value->operand);
		goto describe;
	}
	ret = read_operand(types, node, &value->operand);
	if (ret)
		return ret;
	value->class = classify(&item_of(types, &value->operand)->shape, &value->operand);
	used = vec_push(&types->used, &types->nused, &types->capused);
	if (!used)
		return error_set(types->err, -ENOMEM, "filter %u: out of memory", types->number);
	*used = (struct filter_used){.node = node, .operand = value->operand};
describe:
	type = item_of(types, &value->operand)->type;
	snprintf(value->text, sizeof(value->text), "'%.30s' is %s %.40s", node->text,
		 rule_article(type), type);
	return 0;
}

static int learn(struct filter_types *types, const struct filter_node *node, struct operand *value)
{
	static const struct {
		enum value_class class;
		const char *text;
	} constants[] = {
		[FILTER_BOOL] = {CLASS_BOOL, "the other is true or false"},
		[FILTER_NUMBER] = {CLASS_NUMBER, "the other is a number"},
		[FILTER_FLOAT] = {CLASS_REAL, "the other is a number with a fraction"},
		[FILTER_TIME] = {CLASS_NUMBER, "the other is a time"},
		[FILTER_TEXT] = {CLASS_TEXT, "the other is a string"},
		[FILTER_NIL] = {CLASS_NIL, "the other is nil"},
	};

	*value = (struct operand){.class = CLASS_NUMBER};
	if (node->kind == FILTER_ITEM)
		return learn_item(types, node, value);
	if (node->kind == FILTER_DURATION) {
		types->needs_return = true;
		value->operand.kind = FT_NUMBER_DURATION;
		snprintf(value->text, sizeof(value->text), "$duration is a time");
		return 0;
	}
	if (node->kind == FILTER_ERROR) {
		types->needs_return = true;
		value->class = CLASS_BOOL;
		value->operand.kind = FT_NUMBER_FAILED;
		snprintf(value->text, sizeof(value->text), "$error is true or false");
		return 0;
	}
	value->class = constants[node->kind].class;
	snprintf(value->text, sizeof(value->text), "%s", constants[node->kind].text);
	return 0;
}

/* Gives a CHAR or BYTES the class that the other side wants; text becomes a number for nil. */
static void adapt(struct operand *value, const struct operand *other)
{
	if (value->class == CLASS_CHAR) {
		bool text = other->class == CLASS_TEXT || other->class == CLASS_BYTES;

		value->class = text ? CLASS_TEXT : CLASS_NUMBER;
		if (text) {
			value->operand.kind = FT_TEXT_NUL;
			value->operand.len = 1;
		}
	} else if (value->class == CLASS_BYTES && other->class == CLASS_NIL) {
		value->class = CLASS_NILABLE;
		value->operand.kind = FT_NUMBER_UNSIGNED;
		value->operand.size = 8;
	} else if (value->class == CLASS_BYTES) {
		value->class = CLASS_TEXT;
	}
}

/* The kind of test that two classes take, 0 when they do not compare. */
static int test_of(const struct operand *left, const struct operand *right, bool ordered)
{
	enum value_class a = left->class, b = right->class;

	if (a == CLASS_TEXT && b == CLASS_TEXT)
		return FT_TEST_TEXT;
	if (a == CLASS_NUMBER && b == CLASS_NUMBER)
		return FT_TEST_NUMBER;
	if (a == CLASS_REAL && (b == CLASS_REAL || (b == CLASS_NUMBER && !right->operand.kind)))
		return FT_TEST_REAL;
	if (a == CLASS_NUMBER && b == CLASS_REAL && !right->operand.kind)
		return FT_TEST_NUMBER;
	if ((a == CLASS_POINTER && (b == CLASS_POINTER || b == CLASS_NUMBER)) ||
	    (a == CLASS_NUMBER && b == CLASS_POINTER))
		return FT_TEST_NUMBER;
	if (ordered)
		return 0;
	if (a == CLASS_BOOL && b == CLASS_BOOL)
		return FT_TEST_NUMBER;
	if ((a == CLASS_POINTER || a == CLASS_NILABLE) && b == CLASS_NIL)
		return FT_TEST_NUMBER;
	return 0;
}

/* What a value of a class compares with. */
static const char *partner(const struct operand *value, bool ordered)
{
	static const char *const partners[] = {
		[CLASS_NUMBER] = "a number",         [CLASS_REAL] = "a number written here",
		[CLASS_BOOL] = "true or false",      [CLASS_TEXT] = "a string",
		[CLASS_BYTES] = "a string",          [CLASS_CHAR] = "a number or a string",
		[CLASS_POINTER] = "nil or a number", [CLASS_NILABLE] = "nil",
	};

	if (ordered && (value->class == CLASS_BOOL || value->class == CLASS_NILABLE))
		return "== or !=";
	return value->class < sizeof(partners) / sizeof(*partners) && partners[value->class]
		       ? partners[value->class]
		       : "nothing";
}

static int fail_compare(struct filter_types *types, const struct filter_node *node,
			const struct operand *a, const struct operand *b)
{
	bool ordered = node->kind != FILTER_EQ && node->kind != FILTER_NE;
	bool empty = a->class == CLASS_TEXT && b->class == CLASS_NIL;

	return fail(types, node, "%s and %s: they do not compare%s; %s %s", a->text, b->text,
		    ordered ? " by order" : "", empty ? "write \"\" for" : "compare the first with",
		    empty ? "an empty string" : partner(a, ordered));
}

int filter_types_compare(struct filter_types *types, const struct filter_node *node,
			 const struct filter_node *left, const struct filter_node *right,
			 struct ft_test *test)
{
	struct operand a, b;
	int ret = 0;

	if (!filter_types_is_value(left))
		return fail(types, node, "both sides are constants; name a value to compare");
	ret = learn(types, left, &a);
	if (!ret)
		ret = learn(types, right, &b);
	if (ret)
		return ret;
	for (const struct operand *v = &a; v; v = v == &a ? &b : NULL)
		if (v->class == CLASS_OTHER)
			return fail(types, v == &a ? left : right,
				    "%s, which does not compare; name a part of it", v->text);
	adapt(&a, &b);
	adapt(&b, &a);
	test->left = a.operand;
	test->right = b.operand;
	if (node->kind == FILTER_MATCH) {
		test->kind = right->glob ? FT_TEST_GLOB : FT_TEST_PREFIX;
		return a.class == CLASS_TEXT
			       ? 0
			       : fail(types, node, "%s, and '~' matches strings; use ==", a.text);
	}
	if (node->kind == FILTER_BITS) {
		test->kind = FT_TEST_BITS;
		if (a.class == CLASS_NUMBER && b.class == CLASS_NUMBER)
			return 0;
		return fail(types, node, "%s, and '&' is for whole numbers; use ==",
			    a.class == CLASS_NUMBER ? b.text : a.text);
	}
	test->kind = (uint8_t)test_of(&a, &b, node->kind != FILTER_EQ && node->kind != FILTER_NE);
	if (test->kind)
		return 0;
	return fail_compare(types, node, &a, &b);
}

int filter_types_bool(struct filter_types *types, const struct filter_node *node,
		      struct ft_operand *operand)
{
	struct operand value;
	int ret = learn(types, node, &value);

	*operand = value.operand;
	if (ret || value.class == CLASS_BOOL)
		return ret;
	return fail(types, node, "%s, no condition; compare it with something", value.text);
}
