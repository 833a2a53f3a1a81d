/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Brief values: which parts of a type are worth reading, and what is read of a real Go program's functions, on
 * registers and memory made up here. What is not followed has no text: `<no room>`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fetch/brief.h"
#include "fetch/typed.h"
#include "fetch_memory.h"
#include "fetch_target.h"

static struct fetch_target target;
static struct fetch_vm vm;
static struct buf text;

static const struct gotype int_type = {.name = "int", .kind = GOTYPE_INT, .size = 8};
static const struct gotype string_type = {.name = "string", .kind = GOTYPE_STRING, .size = 16};
static const struct gotype error_type = {.name = "error", .kind = GOTYPE_INTERFACE, .size = 16};
static const struct gotype face_type = {.name = "io.Reader", .kind = GOTYPE_INTERFACE, .size = 16};
static const struct gotype any_type = {
	.name = "any", .kind = GOTYPE_INTERFACE, .size = 16, .empty_interface = true};
static const struct gotype map_type = {.name = "map[int]int", .kind = GOTYPE_MAP, .size = 8};

static int open_target(void **state)
{
	(void)state;
	fetch_target_open(&target, "", "");
	target.limits.brief = true;
	return 0;
}

static int close_target(void **state)
{
	(void)state;
	fetch_target_close(&target);
	buf_release(&text);
	return 0;
}

/* A struct with these fields, one behind the other. */
static struct gotype make_struct(struct gotype_field *fields, size_t count)
{
	struct gotype type = {
		.name = "T", .kind = GOTYPE_STRUCT, .fields = fields, .nfields = count};

	for (size_t i = 0; i < count; i++) {
		fields[i].offset = type.size;
		type.size += fields[i].type->size;
	}
	return type;
}

/* "0..48: 16 32": the window, and the parts that are followed. */
static const char *choose(const struct gotype *type)
{
	struct brief brief;

	brief_choose(&brief, type, &target.limits);
	buf_reset(&text);
	buf_addf(&text, "%u..%u:", brief.first, brief.end);
	for (uint32_t i = 0; i < brief.nparts; i++) {
		assert_int_equal(brief_follows(&brief, brief.parts[i].at), brief.parts[i].followed);
		if (brief.parts[i].followed)
			buf_addf(&text, " %u", brief.parts[i].at);
	}
	return buf_str(&text);
}

static void test_text_is_followed_first(void **state)
{
	struct gotype_field inner[] = {{.name = "s", .type = &string_type},
				       {.name = "m", .type = &map_type}};
	struct gotype in = make_struct(inner, 2);
	struct gotype_field fields[] = {
		{.name = "m", .type = &map_type},    {.name = "in", .type = &in},
		{.name = "r", .type = &face_type},   {.name = "a", .type = &any_type},
		{.name = "e", .type = &error_type},  {.name = "n", .type = &int_type},
		{.name = "s", .type = &string_type},
	};
	struct gotype type = make_struct(fields, 7);

	(void)state;
	/* e, s; in.s; m: the fourth and last; of r the type is known without. */
	assert_string_equal(choose(&type), "0..104: 0 8 64 88");
	assert_string_equal(choose(&string_type), "0..16: 0");
	assert_string_equal(choose(&int_type), "0..8:");
}

static void test_window_is_where_most_is_said(void **state)
{
	static const struct gotype pointer = {.name = "*T", .kind = GOTYPE_POINTER, .size = 200};
	struct gotype_field fields[] = {
		{.name = "n", .type = &int_type},    {.name = "p", .type = &pointer},
		{.name = "q", .type = &pointer},     {.name = "s", .type = &string_type},
		{.name = "t", .type = &string_type},
	};
	struct gotype type = make_struct(fields, 5);

	(void)state;
	assert_string_equal(choose(&type), "208..440: 408 424");
	/* What is no larger is read from its beginning on. */
	type = make_struct(fields, 2);
	assert_string_equal(choose(&type), "0..208:");
	/* A field that is larger than any window is in none. */
	fields[2].type = &(const struct gotype){.name = "*T", .kind = GOTYPE_POINTER, .size = 300};
	type = make_struct(fields + 1, 4);
	assert_string_equal(choose(&type), "500..532: 500 516");
}

/* However much is in it. */
static void test_an_inner_struct_weighs_less(void **state)
{
	struct gotype_field inner[16], fields[] = {
					       {.name = "opts"},
					       {.name = "id", .type = &int_type},
					       {.name = "name", .type = &string_type},
				       };
	struct gotype opts, type;

	(void)state;
	for (size_t i = 0; i < 16; i++)
		inner[i] = (struct gotype_field){.name = "o", .type = &string_type};
	opts = make_struct(inner, 16);
	fields[0].type = &opts;
	type = make_struct(fields, 3);
	assert_string_equal(choose(&type), "256..280: 264");
}

static void test_what_says_nothing_is_left_out(void **state)
{
	static const struct gotype message = {
		.name = "google.golang.org/protobuf/internal/impl.MessageState",
		.kind = GOTYPE_STRUCT,
		.size = 8,
	};
	struct gotype_field fields[] = {
		{.name = "state", .type = &message},
		{.name = "sizeCache", .type = &int_type},
		{.name = "unknownFields", .type = &any_type},
		{.name = "Name", .type = &string_type},
		{.name = "XXX_sizecache", .type = &int_type},
		{.name = "_", .type = &int_type},
		{.name = "noCopy", .type = &int_type},
	};
	struct gotype type = make_struct(fields, 7);

	(void)state;
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(brief_leaves_out(&type, i), i != 3);
	assert_string_equal(choose(&type), "0..72: 32");
	/* Any struct may have a state. */
	fields[0].type = &int_type;
	for (size_t i = 0; i < 4; i++)
		assert_false(brief_leaves_out(&type, i));
}

/* More than there is room for, more than memory can be, nothing at all. */
static void test_bounds(void **state)
{
	static struct gotype_field fields[2 * BRIEF_PARTS];
	struct gotype_field padding = {.name = "_", .type = &int_type};
	struct gotype nested[31];
	struct gotype type;

	(void)state;
	for (size_t i = 0; i < 2 * BRIEF_PARTS; i++)
		fields[i] = (struct gotype_field){.name = "n", .type = &int_type};
	type = make_struct(fields, 2 * BRIEF_PARTS);
	assert_string_equal(choose(&type), "0..256:");
	type = make_struct(fields, 0);
	assert_string_equal(choose(&type), "0..0:");
	fields[0].offset = 1ull << 40;
	type.nfields = 1;
	type.size = (1ull << 40) + 8;
	assert_string_equal(choose(&type), "0..0:");
	target.limits.max_depth = 0;
	type = make_struct(fields, 3);
	assert_string_equal(choose(&type), "0..0:");
	target.limits.max_depth = 2;
	/* 8 to the 30th power elements, none of which has a part. */
	nested[0] = make_struct(&padding, 1);
	for (size_t i = 1; i < 31; i++)
		nested[i] = (struct gotype){.name = "[8]T",
					    .kind = GOTYPE_ARRAY,
					    .size = 8,
					    .count = 8,
					    .elem = &nested[i - 1]};
	assert_string_equal(choose(&nested[30]), "0..0:");
}

static const char *show(const char *func)
{
	struct fetch *fetch = fetch_new(arch_native());

	assert_non_null(fetch);
	fetch->linked = (struct fetch_span){0x400000, 0x600000};
	fetch_target_choose(&target, func, false);
	assert_int_equal(typed_signature(fetch, &target.sig, &target.abi, false, &target.limits),
			 0);
	fetch_seal(fetch);
	fetch_vm_run(&vm, fetch);
	buf_reset(&text);
	for (size_t i = 0; i < fetch->nitems; i++) {
		buf_addf(&text, "%s%s=", i ? " " : "", fetch->items[i].name);
		fetch_vm_print(&vm, &fetch->items[i], &text);
	}
	fetch_free(fetch);
	return buf_str(&text);
}

#define INTS(...)                                               \
	fetch_memory_ints(&vm, (const uint64_t[]){__VA_ARGS__}, \
			  sizeof((const uint64_t[]){__VA_ARGS__}) / 8)

static void test_pointer(void **state)
{
	(void)state;
	fetch_memory_set(&vm, 0x401000, 0);
	INTS(0x1000, 42, 0x5000, 5);
	/* Pointers are not followed any further, nor is a list whose elements would be. */
	assert_string_equal(
		show("main.(*student).greet"),
		"s=&{base:@0x2000 named:{name:\"zhang\" both:1} other:{both:2} age:-7 small:200 f:1.5"
		" next:@0x0 kids:[...] marks:[-1 20 300] props:map(3) err:nil} n=42 word=\"hello\"");
	INTS(0, 42, 0x5000, 5);
	assert_string_equal(show("main.(*student).greet"), "s=nil n=42 word=\"hello\"");
	INTS(0x10, 42, 0x5000, 5);
	assert_string_equal(show("main.(*student).greet"),
			    "s=&<unreadable 0x10> n=42 word=\"hello\"");
}

static void test_large(void **state)
{
	static uint64_t stack[600];

	(void)state;
	for (size_t i = 0; i < sizeof(stack) / sizeof(stack[0]); i++)
		stack[i] = i;
	/* its text */
	stack[384] = 0x5000;
	stack[385] = 5;
	fetch_memory_set(&vm, 0x401000, 0);
	fetch_vm_map(&vm, 0x20000, stack, sizeof(stack));
	vm.regs[FT_REG_SP] = 0x20000;
	/* One <deeper> stands for all that is not in the window. */
	assert_string_equal(show("main.large"),
			    "h={head:<deeper> last:{in:382 out:383} text:\"hello\"}"
			    " rows=[...]");
}

/* Only of an itab that is none of the executable's the type is read; of `any` what it holds. */
static void test_interfaces(void **state)
{
	static const uint64_t words[] = {0xabc, 0x777, 5, 0x99, 0x3000};
	static const uint64_t names[] = {0x5000, 5, 0x10, 3, 0x6000, 3, 0x5000, 5, 0x5000, 5};

	(void)state;
	fetch_memory_set(&vm, 0x401000, 0);
	fetch_vm_map(&vm, 0xb000, words, sizeof(words));
	fetch_vm_map(&vm, 0xb100, names, sizeof(names));
	fetch_vm_map(&vm, 0xc000, (const uint64_t[8]){0x5100, 5, 9}, 64);
	INTS(0, 0, 0x777, 0xc000, 0xb018, 0x5100, 5, 5);
	memcpy(&fetch_memory_stack[1], (const uint64_t[]){0xb100, 5, 5, 0xb200, 0, 2}, 48);
	assert_string_equal(show("main.faces"),
			    "err=nil v=any(itab \"zhang\") fn=func(153) raw=\"zhang\""
			    " names=[\"hello\" <unreadable 0x10> \"tag\" \"hello\"...] rec=[]");
	INTS(0x500000, 0xc000, 0xb000, 0xc000, 0, 0);
	assert_string_equal(show("main.reads"), "r=<unread> s=any(0x777) t=nil");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_followed_first),
		cmocka_unit_test(test_window_is_where_most_is_said),
		cmocka_unit_test(test_an_inner_struct_weighs_less),
		cmocka_unit_test(test_what_says_nothing_is_left_out),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_pointer),
		cmocka_unit_test(test_large),
		cmocka_unit_test(test_interfaces),
	};

	return cmocka_run_group_tests(tests, open_target, close_target);
}
