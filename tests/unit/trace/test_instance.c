/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shapes of an instance: of a real program's dictionaries, whose addresses a record would have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/buf.h"
#include "go_program.h"
#include "image/dwarf.h"
#include "trace/rtype.h"

static const char main_go[] = "package main\n"
			      "type point struct { X, Y int32 }\n"
			      "type count int\n"
			      "type cell[T any] struct { N int; Val T; Next *cell[T] }\n"
			      "//go:noinline\n"
			      "func take[T any](v T, list []T, c *cell[T], n int) T { return v }\n"
			      "func small[T any](v T, c *cell[T], n int) T {\n"
			      "	c.N, c.Val = n*n + n<<3 - c.N*5 + n%7, v\n"
			      "	return v\n"
			      "}\n"
			      "func main() {\n"
			      "	take(&point{}, nil, &cell[*point]{}, 1)\n"
			      "	take(count(1), nil, &cell[count]{}, 1)\n"
			      "	big(2)\n"
			      "}\n"
			      "func big(n int) {\n";
/* In a function of so many statements a call stays one, also of what can be inlined. */
static const char calls[] = "	small(&point{}, &cell[*point]{}, n)\n"
			    "	small(count(n), &cell[count]{}, n)\n"
			    "}\n";
#define STATEMENTS 2000

static struct go_program program;
static struct image *img;
static struct dwarf *dw;
static struct rtypes *types;

static int build(void **state)
{
	struct buf source = {0};
	bool made;

	(void)state;
	buf_adds(&source, main_go);
	for (int i = 0; i < STATEMENTS; i++)
		buf_adds(&source, "	n = n*3 + n<<2 ^ n\n");
	buf_adds(&source, calls);
	made = go_program_init(&program, buf_str(&source)) &&
	       go_program_build(&program, "plain", "") &&
	       go_program_build(&program, "pie", "-buildmode=pie");
	buf_release(&source);
	return made ? 0 : -1;
}

static int clean(void **state)
{
	(void)state;
	go_program_remove(&program);
	return 0;
}

static void open_types(const char *name)
{
	img = go_program_image(&program, name);
	types = rtypes_new(img);
	assert_non_null(types);
	dw = dwarf_open_fd(image_fd(img), name, false, NULL);
	assert_non_null(dw);
}

static int open_plain(void **state)
{
	(void)state;
	open_types("plain");
	return 0;
}

static int open_pie(void **state)
{
	(void)state;
	open_types("pie");
	return 0;
}

static int close_types(void **state)
{
	(void)state;
	rtypes_free(types);
	dwarf_close(dw);
	image_free(img);
	return 0;
}

static uint64_t symbol(const char *name)
{
	uint64_t vaddr, size;

	if (image_symbol(img, name, &vaddr, &size))
		fail_msg("no symbol %s", name);
	return vaddr;
}

/* The type of parameter `i`, the dictionary included, of take[shape]. */
static const struct gotype *param(const char *func, size_t i)
{
	struct dwarf_signature sig;

	assert_int_equal(dwarf_function(dw, symbol(func), false, &sig), 0);
	assert_true(i < sig.nparams);
	return sig.params[i].type;
}

#define POINTERS  "main.take[go.shape.*uint8]"
#define INTS      "main.take[go.shape.int]"
#define OF_POINTS "main..dict.take[*main.point]"
#define OF_COUNTS "main..dict.take[main.count]"
#define READ      64 /* slot of what an unknown pointer points to */

static void an_unknown_pointer_gets_its_target(void **state)
{
	struct shape shape = {
		.kind = SHAPE_ADDRESS, .size = 8, .iface = {.value = READ, .value_len = 64}};
	const struct shape *made;

	(void)state;
	shape.gotype = param(POINTERS, 1);
	assert_true(shape.gotype->any_pointer);
	assert_null(gotype_elem(shape.gotype));
	made = rtypes_instance(types, &shape, symbol(OF_POINTS));
	assert_string_equal(made->type, "*main.point");
	assert_int_equal(made->kind, SHAPE_POINTER);
	assert_int_equal(made->data, READ);
	assert_int_equal(made->nchildren, 1);
	assert_int_equal(made->children[0].kind, SHAPE_STRUCT);
	assert_string_equal(made->children[0].children[1].name, "Y");
	/* It is made once, and the other is as it was. */
	assert_ptr_equal(rtypes_instance(types, &shape, symbol(OF_POINTS)), made);
	assert_int_equal(shape.kind, SHAPE_ADDRESS);
	/* What was not read stays an address. */
	shape.iface.value = 0;
	rtypes_trim(types);
	made = rtypes_instance(types, &shape, symbol(OF_COUNTS));
	assert_ptr_equal(made, &shape);
}

static void fields_and_elements_have_real_types(void **state)
{
	struct shape fields[] = {
		{.kind = SHAPE_SIGNED, .name = "N", .size = 8},
		{.kind = SHAPE_SIGNED, .name = "Val", .at = 8, .size = 8},
		{.kind = SHAPE_SIGNED, .name = "none", .at = 8, .size = 8},
	};
	struct shape target = {.kind = SHAPE_STRUCT, .children = fields, .nchildren = 3};
	struct shape shape = {
		.kind = SHAPE_POINTER, .data = READ, .children = &target, .nchildren = 1};
	struct shape elem = {.kind = SHAPE_SIGNED, .size = 8};
	struct shape list = {.kind = SHAPE_SLICE, .children = &elem, .nchildren = 1};
	const struct shape *made;

	(void)state;
	shape.gotype = param(INTS, 3);
	target.gotype = gotype_elem(shape.gotype);
	for (size_t i = 0; i < 2; i++)
		fields[i].gotype = target.gotype->fields[i].type;
	fields[2].gotype = fields[1].gotype;
	made = rtypes_instance(types, &shape, symbol(OF_COUNTS));
	assert_string_equal(made->type, "*main.cell[main.count]");
	made = &made->children[0];
	assert_string_equal(made->type, "main.cell[main.count]");
	assert_string_equal(made->children[0].type, "int");
	assert_string_equal(made->children[1].type, "main.count");
	assert_null(made->children[2].type);
	list.gotype = param(INTS, 2);
	elem.gotype = gotype_elem(list.gotype);
	made = rtypes_instance(types, &list, symbol(OF_COUNTS));
	assert_string_equal(made->type, "[]main.count");
	assert_string_equal(made->children[0].type, "main.count");
}

/* Of what can be inlined no number of a word is known; but one type only is a pointer, or a cell. */
static void the_only_type_that_it_may_be_is_it(void **state)
{
	struct shape shape = {
		.kind = SHAPE_ADDRESS, .size = 8, .iface = {.value = READ, .value_len = 64}};
	struct shape number = {.kind = SHAPE_SIGNED, .size = 8};
	struct shape cell = {.kind = SHAPE_ADDRESS, .size = 8};
	const struct shape *made;

	(void)state;
	number.gotype = param("main.small[go.shape.int]", 1);
	assert_int_equal(number.gotype->dictionary, 0);
	made = rtypes_instance(types, &number, symbol("main..dict.small[main.count]"));
	assert_string_equal(made->type, "main.count");
	cell.gotype = param("main.small[go.shape.int]", 2);
	made = rtypes_instance(types, &cell, symbol("main..dict.small[main.count]"));
	assert_string_equal(made->type, "*main.cell[main.count]");
	/* An unknown pointer may be a *point or a *cell[*point], which are both there. */
	shape.gotype = param("main.small[go.shape.*uint8]", 1);
	assert_int_equal(shape.gotype->dictionary, 0);
	assert_ptr_equal(rtypes_instance(types, &shape, symbol("main..dict.small[*main.point]")),
			 &shape);
	/* Only a dictionary is searched. */
	assert_ptr_equal(rtypes_instance(types, &number, symbol("main.main")), &number);
	assert_ptr_equal(rtypes_instance(types, &number,
					 symbol("main..dict.small[main.count]") + 8),
			 &number);
}

/* A record's word may be anything. */
static void what_does_not_agree_stays_what_it_is(void **state)
{
	struct shape shape = {.kind = SHAPE_SIGNED, .size = 8}, plain = shape, narrow = shape;
	struct gotype half;
	uint64_t counts = symbol(OF_COUNTS), bad[] = {0, 8, counts + 1, ~7ull, symbol(INTS)};

	(void)state;
	shape.gotype = param(INTS, 1);
	assert_ptr_not_equal(rtypes_instance(types, &shape, counts), &shape);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_ptr_equal(rtypes_instance(types, &shape, bad[i]), &shape);
	/* A dictionary of pointers where numbers are. */
	assert_ptr_equal(rtypes_instance(types, &shape, symbol(OF_POINTS)), &shape);
	/* One of another size. */
	half = *shape.gotype;
	half.size = 4;
	narrow.gotype = &half;
	assert_ptr_equal(rtypes_instance(types, &narrow, counts), &narrow);
	plain.gotype = param(INTS, 4);
	assert_int_equal(plain.gotype->dictionary, 0);
	assert_ptr_equal(rtypes_instance(types, &plain, counts), &plain);
	assert_ptr_equal(
		rtypes_instance(types, &(struct shape){.kind = SHAPE_SIGNED}, counts)->gotype,
		NULL);
	for (uint64_t at = counts - 4096; at < counts + 4096; at += 8) {
		rtypes_instance(types, &shape, at);
		rtypes_trim(types);
	}
}

int main(void)
{
#define BOTH(name)                                                \
	{#name, name, open_plain, close_types, NULL},             \
	{                                                         \
#name " (PIE)", name, open_pie, close_types, NULL \
	}
	const struct CMUnitTest tests[] = {
		BOTH(an_unknown_pointer_gets_its_target),
		BOTH(fields_and_elements_have_real_types),
		BOTH(the_only_type_that_it_may_be_is_it),
		BOTH(what_does_not_agree_stays_what_it_is),
	};

	return cmocka_run_group_tests(tests, build, clean);
}
