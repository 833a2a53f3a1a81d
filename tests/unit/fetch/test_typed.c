/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Typed values of a real Go program's functions: what is read of them, run on registers and memory made
 * up here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fetch/typed.h"
#include "fetch_memory.h"
#include "fetch_target.h"

static struct fetch_target target;
static struct fetch_vm vm;
static struct buf text;

static int open_target(void **state)
{
	(void)state;
	fetch_target_open(&target, "", "");
	return 0;
}

static int close_target(void **state)
{
	(void)state;
	fetch_target_close(&target);
	buf_release(&text);
	return 0;
}

static void choose(const char *func)
{
	fetch_target_choose(&target, func, false);
	fetch_memory_set(&vm, 0x401000, 0);
}

#define INTS(...)                                               \
	fetch_memory_ints(&vm, (const uint64_t[]){__VA_ARGS__}, \
			  sizeof((const uint64_t[]){__VA_ARGS__}) / 8)

static const char *show(bool results)
{
	struct fetch *fetch = fetch_new(arch_native());

	assert_non_null(fetch);
	assert_int_equal(typed_signature(fetch, &target.sig, &target.abi, results, &target.limits),
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

/* Shows the parameters, which begin like this. */
static void assert_begins(const char *expected)
{
	if (strncmp(show(false), expected, strlen(expected)) != 0)
		fail_msg("%s\ndoes not begin with\n%s", buf_str(&text), expected);
}

static void test_numbers(void **state)
{
	uint64_t rubbish = 0x1234567800000000;

	(void)state;
	choose("main.numbers");
	INTS(rubbish | 0xfd, rubbish | 0xfffd, rubbish | 0xfffffffd, (uint64_t)-3, rubbish | 1);
	assert_string_equal(show(false), "a=-3 b=65533 c=-3 d=18446744073709551613 e=true f=<in X0>"
					 " g=<in X1>");
	assert_string_equal(show(true), "~r0=-3 ~r1=65533 ~r2=<in X0>");
}

static void test_pointer(void **state)
{
	(void)state;
	choose("main.(*student).greet");
	INTS(0x1000, 42, 0x5000, 5);
	/* One pointer is followed; two levels of structs; what is in them and refers elsewhere is short. */
	assert_string_equal(
		show(false),
		"s=&{base:@0x2000 named:{name:\"zhang\" both:1} other:{both:2} age:-7 small:200 f:1.5"
		" next:@0x0 kids:[...] marks:[-1 20 300] props:map(3) err:nil} n=42 word=\"hello\"");
	target.limits.max_depth = 1;
	assert_non_null(strstr(show(false), "named:<deeper> other:<deeper> age:-7"));
	target.limits.max_depth = 2;
	vm.regs[FT_REG_AX] = 0;
	assert_string_equal(show(false), "s=nil n=42 word=\"hello\"");
	vm.regs[FT_REG_AX] = 0x10;
	assert_string_equal(show(false), "s=&<unreadable 0x10> n=42 word=\"hello\"");
}

static void test_structs(void **state)
{
	(void)state;
	choose("main.structs");
	INTS(0xff00000005, 6, 0xabc0001, 0xffff, 0x5000, 5);
	fetch_memory_stack[1] = 0x2000;
	assert_begins("p={x:5 y:<in X0> z:6} q={a:1 b:-1} r=[\"hello\"] big=[{base:&{id:77"
		      " tag:\"tag\"} named:{name:\"\" both:0}");
}

static void test_strings(void **state)
{
	(void)state;
	choose("main.(*student).greet");
	target.limits.max_string = 3;
	INTS(0, 42, 0x5000, 5);
	assert_string_equal(show(false), "s=nil n=42 word=\"hel\"...");
	INTS(0, 42, 0x5000, 3);
	assert_string_equal(show(false), "s=nil n=42 word=\"hel\"");
	INTS(0, 42, 0, 0);
	assert_string_equal(show(false), "s=nil n=42 word=\"\"");
	INTS(0, 42, 0x13, 1);
	assert_string_equal(show(false), "s=nil n=42 word=<unreadable 0x13>");
	INTS(0, 42, 0x5000, (uint64_t)-1);
	assert_string_equal(show(false), "s=nil n=42 word=<bad length>");
	target.limits.max_string = 64;
}

static void test_references(void **state)
{
	static const uint64_t words[] = {0xabc, 0x5000, 5, 0x99, 0x3000};
	static const uint64_t names[] = {0x5000, 5, 0x10, 3, 0x6000, 3};
	static const uint32_t points[] = {1, 0x3fc00000, 2, 3, 0, 4};

	(void)state;
	choose("main.faces");
	/* itab 0xb000 {_, type}; an error value that begins with a string */
	fetch_vm_map(&vm, 0xb000, words, sizeof(words));
	fetch_vm_map(&vm, 0xb100, names, sizeof(names));
	fetch_vm_map(&vm, 0xb200, points, sizeof(points));
	fetch_vm_map(&vm, 0xc000, (const uint64_t[8]){0x5100, 5, 9}, 64);
	INTS(0xb000, 0xc000, 0x777, 0xc000, 0xb018, 0x5100, 5, 5);
	memcpy(&fetch_memory_stack[1], (const uint64_t[]){0xb100, 3, 3, 0xb200, 2, 2}, 48);
	assert_string_equal(
		show(false),
		"err=error(0x5000 \"zhang\") v=any(0x777 \"zhang\") fn=func(153) raw=\"zhang\""
		" names=[\"hello\" <unreadable 0x10> \"tag\"] rec=[{x:1 y:1.5 z:2} {x:3 y:0 z:4}]");
	INTS(0, 0, 0, 0, 0, 0, 0, 0);
	memset(&fetch_memory_stack[1], 0, 48);
	assert_string_equal(show(false), "err=nil v=nil fn=nil raw=\"\" names=[] rec=[]");
	/* a bad table, a bad value, bad lengths: each by itself */
	INTS(0x20, 0xc000, 0x777, 0x30, 0x40, 0x5100, (uint64_t)-5, 5);
	memcpy(&fetch_memory_stack[1], (const uint64_t[]){0xb100, 1ull << 62, 3, 0x50, 2, 2}, 48);
	assert_string_equal(
		show(false),
		"err=<unreadable 0x28> v=any(0x777) fn=<unreadable 0x40> raw=<bad length>"
		" names=<bad length> rec=<unreadable 0x50>");
}

/* Elements that refer to something have slots of their own, and none that is not there is followed. */
static void test_elements(void **state)
{
	static const uint64_t bases[] = {0x2000, 0, 0x2000, 0x10};
	static const uint64_t links[] = {0x2000, 5, 0, 6};
	static int64_t big[100] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	static const uint64_t indirect = 0x2000;

	(void)state;
	choose("main.links");
	fetch_vm_map(&vm, 0xb000, bases, sizeof(bases));
	fetch_vm_map(&vm, 0xb100, links, sizeof(links));
	fetch_vm_map(&vm, 0xb200, big, sizeof(big));
	fetch_vm_map(&vm, 0xbf00, &indirect, sizeof(indirect));
	INTS(0xb000, 4, 4, 0xbf00, 0xb200, 0xb100, 2, 2);
	fetch_memory_stack[1] = 0x2000;
	memcpy(&fetch_memory_stack[3], (const int16_t[]){1, -2, 3, 4, 5, 6, 7, 8, 9}, 18);
	memcpy(&fetch_memory_stack[8], (const uint64_t[]){0x5000, 5, 0x6000, 3}, 32);
	assert_string_equal(
		show(false),
		"ps=[&{id:77 tag:\"tag\"} nil &{id:77 tag:\"tag\"} &<unreadable 0x10>] pp=&@0x2000"
		" big=&[1 2 3 4 5 6 7 8...] link=[{p:&{id:77 tag:\"tag\"} n:5} {p:nil n:6}]"
		" two=[&{id:77 tag:\"tag\"} nil] many=[1 -2 3 4 5 6 7 8...] tags=[\"hello\" \"tag\"]");
	/* one element: the others' places are not looked at */
	INTS(0xb000, 1, 4, 0, 0, 0xb100, 1, 2);
	assert_begins(
		"ps=[&{id:77 tag:\"tag\"}] pp=nil big=nil link=[{p:&{id:77 tag:\"tag\"} n:5}]");
	target.limits.max_elems = 1;
	INTS(0xb000, 4, 4, 0, 0, 0, 0, 0);
	assert_begins("ps=[&{id:77 tag:\"tag\"}...] pp=nil");
	target.limits.max_elems = 8;
}

static void test_containers(void **state)
{
	(void)state;
	choose("main.lists");
	INTS(0x2000, 3, 8, 0x3200, 0x3000, 0x3100, 0x6000, 3);
	assert_string_equal(show(false), "a=[77 24576 3] b=[136 119 102 85] c=&[-1 -2 -3] d=map(3)"
					 " e=chan(2 8) f=\"tag\"");
	INTS(0, 0, 8, 0, 0, 0, 0x6000, 3);
	assert_string_equal(show(false), "a=[] b=[136 119 102 85] c=nil d=nil e=nil f=\"tag\"");
	INTS(0x2000, 3, 8, 0x11, 0x12, 0x13, 0x14, 3);
	assert_string_equal(
		show(false),
		"a=[77 24576 3] b=[136 119 102 85] c=&<unreadable 0x11> d=<unreadable 0x12>"
		" e=<unreadable 0x13> f=<unreadable 0x14>");
}

/* Nothing is said of what lies behind the bytes that one operation reads. */
static void test_large(void **state)
{
	static uint64_t stack[600];

	(void)state;
	choose("main.large");
	for (size_t i = 0; i < sizeof(stack) / sizeof(stack[0]); i++)
		stack[i] = i;
	fetch_vm_map(&vm, 0x20000, stack, sizeof(stack));
	vm.regs[FT_REG_SP] = 0x20000;
	assert_string_equal(show(false), "h={head:1 body:[2 3 4 5 6 7 8 9...] last:{in:382 out:383}"
					 " text:<deeper>} rows=<left out: more than --max-bytes>");
}

/* However little room there is, nothing breaks and no value is shown that was not read. */
static void test_room(void **state)
{
	(void)state;
	choose("main.structs");
	INTS(0xff00000005, 6, 0xabc0001, 0xffff, 0x5000, 5);
	for (uint32_t bytes = 0; bytes <= FT_VALUES_MAX; bytes += 24) {
		target.limits.max_bytes = bytes;
		show(false);
	}
	target.limits.max_bytes = 304;
	assert_string_equal(show(false),
			    "p={x:5 y:<in X0> z:6} q={a:1 b:-1} r=<left out: more than "
			    "--max-bytes> big=<left out: more than --max-bytes>");
	target.limits.max_bytes = FT_VALUES_MAX;
	target.limits.max_items = 2;
	assert_string_equal(show(false), "p={x:5 y:<in X0> z:6} q={a:1 b:-1}");
	target.limits.max_items = 32;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),    cmocka_unit_test(test_pointer),
		cmocka_unit_test(test_structs),    cmocka_unit_test(test_strings),
		cmocka_unit_test(test_references), cmocka_unit_test(test_elements),
		cmocka_unit_test(test_containers), cmocka_unit_test(test_large),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, open_target, close_target);
}
