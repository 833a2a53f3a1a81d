/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/filter_check.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "fetch/filter_types.h"

/* One filter, while it is added to a check. */
struct filter_build {
	struct filter_check *check;
	struct filter_types types;
	struct error *err;
	unsigned int number;
};

struct filter_check *filter_check_new(void)
{
	struct filter_check *check = calloc(1, sizeof(*check));

	if (check) {
		check->start = FT_ACCEPT;
		check->in_kernel = true;
	}
	return check;
}

void filter_check_free(struct filter_check *check)
{
	if (!check)
		return;
	for (size_t i = 0; i < check->nglobs; i++)
		filter_glob_put(check->globs[i]);
	free(check->globs);
	free(check->texts);
	free(check->tests);
	free(check);
}

static int fail_nomem(const struct filter_build *b)
{
	return error_set(b->err, -ENOMEM, "filter %u: out of memory", b->number);
}

/* Appends a test that leads to what is there already; its index goes to *at. */
static int add_test(struct filter_build *b, const struct ft_test *test, uint16_t *at)
{
	struct filter_check *check = b->check;
	struct ft_test *copy;

	if (check->ntests == FT_TESTS_MAX)
		return error_set(
			b->err, -E2BIG,
			"filter %u: the filters of one function come to more than %d tests; "
			"write fewer",
			b->number, FT_TESTS_MAX);
	copy = vec_push(&check->tests, &check->ntests, &check->captests);
	if (!copy)
		return fail_nomem(b);
	*copy = *test;
	*at = (uint16_t)(check->ntests - 1);
	return 0;
}

/* A constant text: its index. */
static int add_text(struct filter_build *b, const struct filter_node *node, struct ft_test *test)
{
	struct filter_check *check = b->check;
	struct ft_text *text = vec_push(&check->texts, &check->ntexts, &check->captexts);

	if (!text)
		return fail_nomem(b);
	memcpy(text->bytes, node->text, node->len);
	test->text = (uint16_t)(check->ntexts - 1);
	test->text_len = (uint16_t)node->len;
	return 0;
}

/* A glob: its number. */
static int add_glob(struct filter_build *b, const struct filter_node *node, struct ft_test *test)
{
	struct filter_check *check = b->check;
	struct filter_glob **glob = vec_push(&check->globs, &check->nglobs, &check->capglobs);

	if (!glob)
		return fail_nomem(b);
	*glob = filter_glob_get(node->glob);
	test->number = check->nglobs - 1;
	return 0;
}

static enum ft_order order_of(enum filter_kind kind)
{
	switch (kind) {
	case FILTER_EQ:
		return FT_EQ;
	case FILTER_NE:
		return FT_NE;
	case FILTER_LT:
		return FT_LT;
	case FILTER_LE:
		return FT_LE;
	case FILTER_GT:
		return FT_GT;
	default:
		return FT_GE;
	}
}

/* `a < b` is `b > a`: constants stand on the right. */
static enum ft_order mirror(enum ft_order order)
{
	static const uint8_t mirrored[] = {FT_EQ, FT_NE, FT_GT, FT_GE, FT_LT, FT_LE};

	return (enum ft_order)mirrored[order];
}

/*
 * A whole number against one with a fraction, or beyond all whole numbers: n > 3.5 is n > 3, n < 3.5
 * is n <= 3, and equal they never are. True, with the outcome in *always, when no test is left.
 */
static bool settle_fraction(struct ft_test *test, double real, bool *always)
{
	double floored = floor(real);
	bool greater = test->order == FT_GT || test->order == FT_GE;

	if (floored >= 0x1p64 || floored < -0x1p63) {
		*always = test->order == FT_NE ||
			  (floored > 0 ? !greater && test->order != FT_EQ : greater);
		return true;
	}
	if (floored < real) {
		*always = test->order == FT_NE;
		if (test->order == FT_EQ || test->order == FT_NE)
			return true;
		test->order = greater ? FT_GT : FT_LE;
	}
	test->right.kind = floored < 0 ? FT_NUMBER_NEGATIVE : FT_NUMBER_CONST;
	test->number = floored < 0 ? (uint64_t)(int64_t)floored : (uint64_t)floored;
	return false;
}

static uint64_t real_bits(double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof(bits));
	return bits;
}

/* The double nearest to a NUMBER or TIME. */
static double real_of(const struct filter_node *node)
{
	if (node->kind == FILTER_FLOAT)
		return node->real;
	return node->negative ? (double)(int64_t)node->number : (double)node->number;
}

/* Fills right, number and kind for a constant node. True when the outcome is known without a test. */
static bool set_constant(struct ft_test *test, const struct filter_node *node, bool *always)
{
	test->right = (struct ft_operand){.kind = FT_NUMBER_CONST};
	if (test->kind == FT_TEST_REAL) {
		test->right.kind = FT_REAL_CONST;
		test->number = real_bits(real_of(node));
		return false;
	}
	switch (node->kind) {
	case FILTER_FLOAT:
		return settle_fraction(test, node->real, always);
	case FILTER_NIL:
		return false;
	default:
		test->number = node->number;
		if (node->negative)
			test->right.kind = FT_NUMBER_NEGATIVE;
		return false;
	}
}

static int build_comparison(struct filter_build *b, const struct filter_node *node, uint16_t yes,
			    uint16_t no, uint16_t *at)
{
	const struct filter_node *left = node->left, *right = node->right;
	struct ft_test test = {.yes = yes, .no = no, .order = (uint8_t)order_of(node->kind)};
	bool always = false;
	int ret;

	if (!filter_types_is_value(left)) {
		right = node->left;
		left = node->right;
		test.order = (uint8_t)mirror((enum ft_order)test.order);
	}
	ret = filter_types_compare(&b->types, node, left, right, &test);
	if (ret)
		return ret;
	switch (test.kind) {
	case FT_TEST_GLOB:
		ret = add_glob(b, right, &test);
		break;
	case FT_TEST_PREFIX:
		ret = add_text(b, right, &test);
		test.text_len--;
		break;
	case FT_TEST_TEXT:
		if (right->kind == FILTER_TEXT) {
			test.right.kind = FT_TEXT_CONST;
			ret = add_text(b, right, &test);
		}
		break;
	default:
		if (test.right.kind)
			break;
		if (set_constant(&test, right, &always)) {
			*at = always ? yes : no;
			return 0;
		}
	}
	if (ret)
		return ret;
	return add_test(b, &test, at);
}

/* A bool by itself. */
static int build_item(struct filter_build *b, const struct filter_node *node, uint16_t yes,
		      uint16_t no, uint16_t *at)
{
	struct ft_test test = {.kind = FT_TEST_NUMBER, .order = FT_NE, .yes = yes, .no = no};
	int ret = filter_types_bool(&b->types, node, &test.left);

	test.right.kind = FT_NUMBER_CONST;
	return ret ? ret : add_test(b, &test, at);
}

/* Tests are made from the last to the first, so that a test knows the index of those it leads to. The tree is at
 * most FILTER_NODES deep. */
static int build_node(struct filter_build *b, const struct filter_node *node, uint16_t yes,
		      uint16_t no, uint16_t *at)
{
	uint16_t right = FT_REJECT;
	int ret;

	switch (node->kind) {
	case FILTER_OR:
		ret = build_node(b, node->right, yes, no, &right);
		return ret ? ret : build_node(b, node->left, yes, right, at);
	case FILTER_AND:
		ret = build_node(b, node->right, yes, no, &right);
		return ret ? ret : build_node(b, node->left, right, no, at);
	case FILTER_NOT:
		return build_node(b, node->left, no, yes, at);
	case FILTER_BOOL:
		*at = node->number ? yes : no;
		return 0;
	case FILTER_ITEM:
	case FILTER_ERROR:
		return build_item(b, node, yes, no, at);
	default:
		return build_comparison(b, node, yes, no, at);
	}
}

int filter_check_add(struct filter_check *check, const struct filter *filter, unsigned int number,
		     const struct filter_scope *scope, struct error *err)
{
	struct filter_build b = {.check = check, .err = err, .number = number};
	uint16_t start = FT_REJECT;
	int ret;

	filter_types_init(&b.types, scope, number, err);
	ret = build_node(&b, filter->root, check->start, FT_REJECT, &start);
	for (size_t i = 0; i < b.types.nused && !ret; i++) {
		struct ft_test read = {.kind = FT_TEST_READ,
				       .left = b.types.used[i].operand,
				       .yes = start,
				       .no = FT_REJECT};

		check->asks[read.left.side] = true;
		ret = add_test(&b, &read, &start);
	}
	check->start = start;
	check->needs_return |= b.types.needs_return;
	filter_types_release(&b.types);
	return ret;
}

/* While it is not sealed, an operand's slot is the index of its hidden item. */
static void settle(struct ft_operand *o, const struct fetch *const *fetches)
{
	const struct fetch *fetch = fetches[o->side];
	const struct fetch_item *item;

	if (!filter_types_is_read(o))
		return;
	item = &fetch->items[o->slot];
	o->slot = item->slot;
	o->status = item->status;
	o->data_status = 0;
	if (o->kind != FT_TEXT_HEADER && o->kind != FT_TEXT_NUL)
		return;
	o->data = item->shape.kind == SHAPE_TEXT || item->shape.kind == SHAPE_CHAR
			  ? item->slot
			  : item->shape.data;
	o->data_status = o->data == item->slot ? 0 : item->shape.data_status;
}

void filter_check_seal(struct filter_check *check, const struct fetch *entry,
		       const struct fetch *results)
{
	const struct fetch *const fetches[] = {entry, results};

	if (check->sealed)
		return;
	check->sealed = true;
	check->in_kernel &= !check->needs_return;
	for (int side = 0; side < 2; side++)
		check->size[side] = fetches[side] ? fetch_size(fetches[side]) : 0;
	for (size_t i = 0; i < check->ntests; i++) {
		settle(&check->tests[i].left, fetches);
		settle(&check->tests[i].right, fetches);
	}
}
