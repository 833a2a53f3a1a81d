/* SPDX-License-Identifier: GPL-2.0-only */
/* What a tree's bytes become when a sink asks: flat trees of values, and frames of callers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "trace/describe.h"
#include "trace/value_record.h"

static struct value_record r;
static struct plan_func func;
static struct plan plan = {.funcs = &func, .nfuncs = 1, .nimages = 1};
static struct site site;
static unsigned char kept[sizeof(uint32_t) + sizeof(r.bytes)];
static struct tree tree = {.values = kept, .nvalues = sizeof(kept)};
static struct describer describer;

/* In the place of src/trace/rtype.c and caller.c. */

struct rtypes *rtypes_new(const struct image *img)
{
	return (struct rtypes *)img;
}

void rtypes_free(struct rtypes *types)
{
	(void)types;
}

void rtypes_trim(struct rtypes *types)
{
	(void)types;
}

const struct caller *callers_find(struct callers *callers, uint32_t image, uint64_t pc)
{
	static struct caller caller;

	(void)callers;
	(void)image;
	caller = (struct caller){.offset = pc};
	return pc ? &caller : NULL;
}

static int fresh(void **state)
{
	(void)state;
	record_init(&r);
	func = (struct plan_func){.args = &r.fetch, .results = &r.fetch, .nsites = 1};
	plan.images[0].image = (struct image *)&r;
	plan.sites = &site;
	site.addr = 0x1000;
	record_word(&r, 0, BIAS + 0x1000); /* ip */
	r.fetch.nops = 1;
	describer_init(&describer, &plan, (struct callers *)&r);
	return 0;
}

static int release(void **state)
{
	(void)state;
	describer_release(&describer);
	return 0;
}

/* The record's bytes into the tree. */
static void keep(void)
{
	uint32_t len = sizeof(r.bytes);

	memcpy(kept, &len, sizeof(len));
	memcpy(kept + sizeof(len), r.bytes, len);
}

static const struct values *args(void)
{
	struct call call = {.results = CALL_NONE, .callers = CALL_NONE};

	keep();
	return describer.source.args(&describer.source, &tree, &call);
}

static void items_are_siblings(void **state)
{
	const struct values *values;
	const struct value *second;

	(void)state;
	record_word(&r, 16, 5);
	record_item(&r, "a", "int", 16, SHAPE_SIGNED, 8);
	record_item(&r, "hidden", "int", 16, SHAPE_SIGNED, 8);
	record_item(&r, "b", "bool", 16, SHAPE_BOOL, 1);
	r.items[1].hidden = true;
	values = args();
	assert_int_equal(values->nitems, 2);
	assert_string_equal(values->first->name, "a");
	assert_string_equal(values->first->type, "int");
	assert_int_equal(values->first->s, 5);
	second = value_next(values->first);
	assert_string_equal(second->name, "b");
	assert_int_equal(second->kind, VALUE_BOOL);
}

static void what_is_inside_stands_behind(void **state)
{
	static struct shape elem = {.kind = SHAPE_UNSIGNED, .size = 1, .type = "uint8"};
	static struct shape fields[] = {
		{.kind = SHAPE_ARRAY,
		 .name = "list",
		 .children = &elem,
		 .nchildren = 1,
		 .stride = 1,
		 .count = 3,
		 .shown = 2},
		{.kind = SHAPE_SIGNED, .name = "n", .at = 8, .size = 8, .type = "int"},
	};
	struct shape *shape = record_item(&r, "v", "main.T", 16, SHAPE_STRUCT, 16);
	const struct value *v;

	(void)state;
	shape->children = fields;
	shape->nchildren = 2;
	record_word(&r, 16, 0x030201);
	record_word(&r, 24, 7);
	record_item(&r, "next", "int", 24, SHAPE_SIGNED, 8);
	v = args()->first;
	assert_int_equal(v[0].kind, VALUE_OBJECT);
	assert_int_equal(v[0].nchildren, 2);
	assert_int_equal(v[0].span, 5);
	assert_string_equal(v[1].name, "list");
	assert_int_equal(v[1].nchildren, 2);
	assert_int_equal(v[1].span, 3);
	assert_true(v[1].truncated && v[1].counted && v[1].len == 3);
	assert_null(v[2].name);
	assert_string_equal(v[2].type, "uint8");
	assert_int_equal(v[3].u, 2);
	assert_string_equal(v[4].name, "n");
	assert_int_equal(v[4].s, 7);
	assert_string_equal(v[5].name, "next");
}

static void an_error_says_its_text_last(void **state)
{
	const struct value *v;

	(void)state;
	record_interface(&r, "e", 48, 0x5010);
	record_word(&r, 80, 4);
	record_text(&r, 136, "boom");
	v = args()->first;
	assert_int_equal(v[0].kind, VALUE_DYNAMIC);
	assert_string_equal(v[0].type, "interface {}");
	assert_string_equal(v[0].dynamic, "*errors.errorString");
	assert_true(v[0].says);
	assert_int_equal(v[0].nchildren, 2);
	assert_int_equal(v[0].span, 5);
	assert_int_equal(v[1].kind, VALUE_POINTER);
	assert_int_equal(v[3].kind, VALUE_TEXT);
	assert_int_equal(v[4].kind, VALUE_TEXT);
	assert_int_equal(v[4].nbytes, 4);
	assert_memory_equal(v[4].text, "boom", 4);
	/* Nothing was read of it, and it says nothing. */
	r.items[0].shape.iface = (struct shape_interface){0};
	record_word(&r, 48, BIAS + 0x6000);
	v = args()->first;
	assert_int_equal(v[0].kind, VALUE_DYNAMIC);
	assert_false(v[0].says);
	assert_int_equal(v[0].span, 1);
}

/* More than the first piece of memory holds. */
static void many_values(void **state)
{
	static struct shape elem = {.kind = SHAPE_UNSIGNED, .size = 1};
	struct shape *list = record_item(&r, "l", "[2000]uint8", 16, SHAPE_ARRAY, 2000);
	const struct value *v;

	(void)state;
	list->children = &elem;
	list->nchildren = list->stride = 1;
	list->count = list->shown = 2000;
	memset(r.bytes + 16, 9, 2000);
	v = args()->first;
	assert_int_equal(v->span, 2001);
	assert_int_equal(v[2000].u, 9);
}

static void what_no_record_can_bring_is_told(void **state)
{
	struct call call = {.args = CALL_NONE, .results = CALL_NONE};
	struct shape *shape = record_item(&r, "x", "float64", 0, SHAPE_REASON, 8);
	const struct values *values;

	(void)state;
	shape->reason = SHAPE_IN_REGISTER;
	shape->reg = "X0";
	assert_null(describer.source.args(&describer.source, &tree, &call));
	r.fetch.nops = 0;
	values = describer.source.args(&describer.source, &tree, &call);
	assert_int_equal(values->first->why, VALUE_IN_REGISTER);
	assert_string_equal(values->first->symbol, "X0");
}

static void calls_that_have_none(void **state)
{
	struct call call = {.callers = CALL_NONE};
	struct tree_source *source = &describer.source;

	(void)state;
	record_item(&r, "a", "int", 16, SHAPE_SIGNED, 8);
	keep();
	call.how = CALL_TAIL;
	assert_null(source->results(source, &tree, &call));
	call.how = CALL_RETURN;
	assert_non_null(source->results(source, &tree, &call));
	call.flags = CALL_ENTRY_UNSEEN;
	assert_null(source->args(source, &tree, &call));
	call.flags = 0;
	r.items[0].hidden = true;
	assert_null(source->args(source, &tree, &call));
	func.args = NULL;
	assert_null(source->args(source, &tree, &call));
	call.func = 1;
	assert_null(source->args(source, &tree, &call));
	assert_null(source->caller(source, &call));
}

static void callers_are_found_by_their_addresses(void **state)
{
	static const uint64_t addrs[] = {0x10, 0x20};
	struct call call = {.caller = 0x30};
	struct tree_source *source = &describer.source;
	uint32_t len = sizeof(addrs);

	(void)state;
	memcpy(kept, &len, sizeof(len));
	memcpy(kept + sizeof(len), addrs, sizeof(addrs));
	assert_int_equal(source->caller(source, &call)->offset, 0x30);
	assert_int_equal(source->callers(source, &tree, &call, 0)->offset, 0x10);
	assert_int_equal(source->callers(source, &tree, &call, 1)->offset, 0x20);
	assert_null(source->callers(source, &tree, &call, 2));
	call.callers = CALL_NONE;
	assert_null(source->callers(source, &tree, &call, 0));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, release)
	const struct CMUnitTest tests[] = {
		TEST(items_are_siblings),
		TEST(what_is_inside_stands_behind),
		TEST(an_error_says_its_text_last),
		TEST(many_values),
		TEST(what_no_record_can_bring_is_told),
		TEST(calls_that_have_none),
		TEST(callers_are_found_by_their_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
