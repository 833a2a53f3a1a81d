/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules compiled for functions of a real Go program, and run on registers and memory made up here:
 * what each item shows, and what a mistake says.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "fetch_memory.h"
#include "fetch_target.h"
#include "fetch_vm.h"
#include "rule/rule.h"

#define SITE 0x401000
#define BIAS 0x10000

static struct fetch_target target;
static struct fetch_vm vm;
static struct buf text;
static const uint8_t counter[16] = {7};

static void set_memory(void)
{
	fetch_memory_set(&vm, SITE, BIAS);
}

static void set_ints(const uint64_t *values, size_t count)
{
	fetch_memory_ints(&vm, values, count);
}

/* "name type=value; ..." of all items. */
static const char *show(const char *rule_text, bool at_return)
{
	struct error err = {0};
	struct fetch *fetch = fetch_target_compile(&target, rule_text, at_return, &err);

	buf_reset(&text);
	if (!fetch)
		fail_msg("%s: %s", rule_text, err.text);
	fetch_seal(fetch);
	fetch_vm_run(&vm, fetch);
	for (size_t i = 0; i < fetch->nitems; i++) {
		buf_addf(&text, "%s%s %s=", i ? "; " : "", fetch->items[i].name,
			 fetch->items[i].type);
		fetch_vm_print(&vm, &fetch->items[i], &text);
	}
	fetch_free(fetch);
	return buf_str(&text);
}

struct row {
	const char *rule, *expected;
};

static void check_rows(const struct row *rows, size_t count, bool at_return)
{
	for (size_t i = 0; i < count; i++) {
		print_message("%s\n", rows[i].rule);
		assert_string_equal(show(rows[i].rule, at_return), rows[i].expected);
	}
}

#define CHECK(rows, at_return) check_rows(rows, sizeof(rows) / sizeof(*(rows)), at_return)

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

/* Registers, memory, constants and variables need no debug information. */
static const struct row plain[] = {
	{"f(%ax, %rax, %eax, %al, %ah)",
	 "%ax x64=0x1000; %rax x64=0x1000; %eax x64=0x1000; %al x64=0x0; %ah x64=0x10"},
	{"f(%bx:s8, %bx:u8, %bx:s64, %ebx:s32, %bl:u64)",
	 "%bx s8=-2; %bx u8=254; %bx s64=-2; %ebx s32=-2; %bl u64=254"},
	{"f(%bx:bool, %bx:b4@1/8, %cx:char, %cx:c16, %cx:c64)",
	 "%bx bool=true; %bx b4@1/8=15; %cx char=\"A\"; %cx c16=\"AB\"; %cx c64=\"ABC\""},
	{"f(%si:f64, %di:f32, %ax:ptr)", "%si f64=1.5; %di f32=0.25; %ax ptr=@0x1000"},
	{"f(s.name=(*+8(%ax)):c64)", "s.name c64=\"zhang\""},
	{"f(+8(%ax):gostring, +16(%ax):s64)", "+8(%ax) gostring=\"zhang\"; +16(%ax) s64=5"},
	{"f(+0(+8(%ax)):string, +8(%ax):x64)", "+0(+8(%ax)) string=\"zhang\"; +8(%ax) x64=0x5100"},
	{"f(-16(+8(%ax)):u8)", "-16(+8(%ax)) u8=<unreadable 0x50f0>"},
	{"f(+42(%ax):s8, +43(%ax):u8, +48(%ax):f64)",
	 "+42(%ax) s8=-7; +43(%ax) u8=200; +48(%ax) f64=1.5"},
	{"f(+88(%ax):s16[3], +88(%ax):x16[1])",
	 "+88(%ax) s16[3]=[-1 20 300]; +88(%ax) x16[1]=[0xffff]"},
	{"f(+0(%dx):string[4])",
	 "+0(%dx) string[4]=[\"hello\" <nil> <unreadable 0x666> \"zhang\"]"},
	{"f(%r8:string, %r9:string, %r8:u8[3])",
	 "%r8 string=\"hello\"; %r9 string=<unreadable 0x9>; %r8 u8[3]=[104 101 108]"},
	{"f($stack, $stack0:ptr, $stack1)",
	 "$stack x64=0x7000; $stack0 ptr=@0x4b2c80; $stack1 x64=0x1122334455667788"},
	{"f($stack60000, %bx:u8)", "$stack60000 x64=<unreadable 0x7c300>; %bx u8=254"},
	{"f(\\3, \\-1:s32, %ip)", "\\3 x64=0x3; \\-1 s32=-1; %ip x64=0x411000"},
	{"f($pid:u32, $tid:u64, $goid, $comm, c=$comm:string)",
	 "$pid u32=412; $tid u64=413; $goid x64=0x12; $comm string=\"main\"; c string=\"main\""},
	{"f(+0(%r9):gostring, +0(%r9):gobytes, +0(%r9):goerror)",
	 "+0(%r9) gostring=<unreadable 0x9>; +0(%r9) gobytes=<unreadable 0x9>;"
	 " +0(%r9) goerror=<unreadable 0x9>"},
	{"f(%ax:gostring, +64(%ax):gobytes)",
	 "%ax gostring=<unreadable 0x2000>; +64(%ax) gobytes=\"\\x00\\x00\""},
	{"f(a=(%r8, \\4):gostring, (%r8,\\5,%bx):gobytes, (%r8,\\2):gobytes)",
	 "a gostring=\"hell\"; (%r8,\\5,%bx) gobytes=\"hello\"; (%r8,\\2) gobytes=\"he\""},
	{"f((+8(%ax),+16(%ax)):gostring, (%ax,+0(%r9)):gostring, (%r9,\\3):gostring)",
	 "(+8(%ax),+16(%ax)) gostring=\"zhang\"; (%ax,+0(%r9)) gostring=<unreadable 0x9>;"
	 " (%r9,\\3) gostring=<unreadable 0x9>"},
	{"f((\\0,\\0):goerror, (\\0,\\0):gostring)",
	 "(\\0,\\0) goerror=nil; (\\0,\\0) gostring=\"\""},
	{"f(+0(+8(+0(%ax))):c24)", "+0(+8(+0(%ax))) c24=\"tag\""},
	{"f()", ""},
};

static void test_plain(void **state)
{
	uint64_t quarter = 0x3e800000;

	(void)state;
	set_memory();
	memcpy(&vm.regs[FT_REG_SI], &fetch_memory_student.f, 8);
	set_ints((const uint64_t[]){0x1000, (uint64_t)-2, 0x434241, quarter}, 4);
	vm.regs[FT_REG_DX] = 0x4000;
	vm.regs[FT_REG_R8] = 0x5000;
	vm.regs[FT_REG_R9] = 9;
	fetch_target_choose(&target, "main.main", false);
	CHECK(plain, false);
}

static const struct row selectors[] = {
	{"f(n, word, $arg2, $arg3)",
	 "n int=42; word string=\"hello\"; $arg2 int=42; $arg3 string=\"hello\""},
	{"f(s.name, s.age, s.small, s.f)",
	 "s.name string=\"zhang\"; s.age int8=-7; s.small uint8=200; s.f float64=1.5"},
	/* promoted through an embedded pointer and an embedded struct */
	{"f(s.id, s.tag, s.base.id, s.other.both)",
	 "s.id int=77; s.tag string=\"tag\"; s.base.id int=77; s.other.both int=2"},
	{"f(s.kids[1].age, s.kids[2].age, n)",
	 "s.kids[1].age int8=-10; s.kids[2].age int8=<out of range>; n int=42"},
	{"f(s.next.age, s.next.next.age, s.age)",
	 "s.next.age int8=<nil>; s.next.next.age int8=<nil>; s.age int8=-7"},
	{"f(s.marks, s.marks[2], (*s).age, *s.base)",
	 "s.marks [3]int16=[-1 20 300]; s.marks[2] int16=300; (*s).age int8=-7;"
	 " *s.base main.base={id:77 tag:\"tag\"}"},
	{"f(word[1], word[1]:char, word[5], s.name[0])",
	 "word[1] uint8=101; word[1] char=\"e\"; word[5] uint8=<out of range>; s.name[0] uint8=122"},
	{"f(len(word), len(s.kids), cap(s.kids), len(s.marks), len(s.props), len(word):u8)",
	 "len(word) int=5; len(s.kids) int=2; cap(s.kids) int=2; len(s.marks) int=3;"
	 " len(s.props) int=3; len(word) u8=5"},
	/* a TYPE reads the value's own bits */
	{"f(s.age:s64, s.age:u8, s.small:s64, s.small:x32, n:s8)",
	 "s.age s64=-7; s.age u8=249; s.small s64=200; s.small x32=0xc8; n s8=42"},
	{"f(s:x64, s:ptr, +8(s):gostring, +42(s):s8, *+0(s):x64)",
	 "s x64=0x1000; s ptr=@0x1000; +8(s) gostring=\"zhang\"; +42(s) s8=-7; *+0(s) x64=0x4d"},
	{"f(word:gostring, word:string, s.err:goerror, +1(word):c16)",
	 "word gostring=\"hello\"; word string=\"hello\"; s.err goerror=nil; +1(word) c16=\"el\""},
	{"f(s.marks:c16, s.f:x64, s.f:f64)",
	 "s.marks c16=\"\\xff\\xff\"; s.f x64=0x3ff8000000000000; s.f f64=1.5"},
};

static void test_selectors(void **state)
{
	(void)state;
	set_memory();
	set_ints((const uint64_t[]){0x1000, 42, 0x5000, 5}, 4);
	fetch_target_choose(&target, "main.(*student).greet", false);
	CHECK(selectors, false);
	/* One bad pointer spoils what is behind it and nothing else. */
	vm.regs[FT_REG_AX] = 0x10;
	assert_string_equal(
		show("f(s.name, n, s.base.id, +8(s):gostring, word)", false),
		"s.name string=<unreadable 0x18>; n int=42; s.base.id int=<unreadable 0x10>;"
		" +8(s) gostring=<unreadable 0x18>; word string=\"hello\"");
	vm.regs[FT_REG_AX] = 0;
	assert_string_equal(show("f(s.name, s.kids[0].age, n)", false),
			    "s.name string=<nil>; s.kids[0].age int8=<nil>; n int=42");
	/* A negative length is no length. */
	vm.regs[FT_REG_DI] = (uint64_t)-5;
	assert_string_equal(show("f(word, word[0], n)", false),
			    "word string=<bad length>; word[0] uint8=<out of range>; n int=42");
}

static const struct row narrow[] = {
	{"f(a, b, c, d, e)",
	 "a int8=-3; b uint16=65533; c int32=-3; d uint64=18446744073709551613; e bool=true"},
	{"f(a:u8, a:s64, b:u64, b:s64, c:x64, e:u8)",
	 "a u8=253; a s64=-3; b u64=65533; b s64=65533; c x64=0xfffffffd; e u8=1"},
	{"f(f, g, $arg6, g:x64, +0(f), d)",
	 "f float64=<in X0>; g main.celsius=<in X1>; $arg6 float64=<in X0>; g x64=<in X1>;"
	 " +0(f) x64=<in X0>; d uint64=18446744073709551613"},
	{"f(+3(b):u8)", "+3(b) u8=<unreadable 0x10000>"},
};

static void test_narrow(void **state)
{
	uint64_t rubbish = 0x1234567800000000;

	(void)state;
	set_memory();
	set_ints((const uint64_t[]){rubbish | 0xfd, rubbish | 0xfffd, rubbish | 0xfffffffd,
				    (uint64_t)-3, rubbish | 1},
		 5);
	fetch_target_choose(&target, "main.numbers", false);
	CHECK(narrow, false);
	fetch_target_choose(&target, "main.numbers", true);
	set_ints((const uint64_t[]){rubbish | 0x80, 1}, 2);
	assert_string_equal(show("f()($retval, $ret2, $ret3, ~r0:u8)", true),
			    "$retval int8=-128; $ret2 uint16=1; $ret3 float32=<in X0>; ~r0 u8=128");
}

/* a 3 words, b and the like on the stack, c, d, e, f words: see the compiler's own assignment. */
static const struct row containers[] = {
	{"f(a[0], a[1], a[2], len(a), cap(a))",
	 "a[0] int=77; a[1] int=24576; a[2] int=<out of range>; len(a) int=2; cap(a) int=8"},
	{"f(b, b[3], b:c32, len(b))",
	 "b [4]uint8=[136 119 102 85]; b[3] uint8=85; b c32=\"\\x88wfU\"; len(b) int=4"},
	{"f(c[1], *c, len(c), (*c)[2])",
	 "c[1] int32=-2; *c [3]int32=[-1 -2 -3]; len(c) int=3; (*c)[2] int32=-3"},
	{"f(len(d), len(e), cap(e), f)",
	 "len(d) int=3; len(e) int=2; cap(e) int=8; f string=\"tag\""},
};

static void test_containers(void **state)
{
	(void)state;
	set_memory();
	set_ints((const uint64_t[]){0x2000, 2, 8, 0x3200, 0x3000, 0x3100, 0x6000, 3}, 8);
	fetch_target_choose(&target, "main.lists", false);
	CHECK(containers, false);
	/* len and cap of nil are 0, an index into it is out of range. */
	set_ints((const uint64_t[]){0, 0, 0, 0, 0, 0}, 6);
	assert_string_equal(show("f(len(d), len(e), cap(e), len(a), a[0], c[0])", false),
			    "len(d) int=0; len(e) int=0; cap(e) int=0; len(a) int=0;"
			    " a[0] int=<out of range>; c[0] int32=<nil>");
	vm.regs[FT_REG_SI] = 0x13;
	assert_string_equal(show("f(len(d), len(a))", false),
			    "len(d) int=<unreadable 0x13>; len(a) int=0");
}

/* Without debug information $argN is a word of the ABI. */
static void test_words(void **state)
{
	static const struct row args[] = {
		{"f($arg1:x64, $arg2:s32, $arg3:u8, +0($arg5):u8[2])",
		 "$arg1 x64=0x1000; $arg2 s32=-2; $arg3 u8=65; +0($arg5) u8[2]=[104 101]"},
		{"f(t=($arg5, $arg6):gostring, $arg5:string)",
		 "t gostring=\"hello\"; $arg5 string=\"hello\""},
		{"f($arg10:x64, $arg11:x64)", "$arg10 x64=0x1122334455667788; $arg11 x64=0x2"},
	};
	static const struct row results[] = {
		{"f()($retval:x64, ($ret5,$ret6):gostring)",
		 "$retval x64=0x1000; ($ret5,$ret6) gostring=\"hello\""},
	};
	struct dwarf *dwarf = target.dwarf;

	(void)state;
	set_memory();
	set_ints((const uint64_t[]){0x1000, (uint64_t)-2, 0x434241, 0, 0x5000, 5}, 6);
	fetch_memory_stack[2] = 2;
	target.dwarf = NULL;
	fetch_target_choose(&target, "main.main", false);
	CHECK(args, false);
	fetch_target_choose(&target, "main.main", true);
	CHECK(results, true);
	target.dwarf = dwarf;
}

static void test_structs(void **state)
{
	(void)state;
	set_memory();
	/* p.x and p.z in AX and BX, p.y in X0, q in CX and DI, r in SI and R8, big on the stack */
	set_ints((const uint64_t[]){0xff00000005, 6, 0xabc0001, 0xffff, 0x5000, 5}, 6);
	fetch_target_choose(&target, "main.structs", false);
	assert_string_equal(
		show("f(p.x, p.y, p.z, p, q.b, r[0], r)", false),
		"p.x int32=5; p.y float32=<in X0>; p.z int32=6;"
		" p main.point={x:5 y:<in X0> z:6}; q.b int16=-1; r[0] string=\"hello\";"
		" r [1]string=[\"hello\"]");
	fetch_memory_stack[1] = 0x2000;
	assert_string_equal(show("f(big[0].base.id, big[0].id)", false),
			    "big[0].base.id int=77; big[0].id int=77");
}

static void test_captures(void **state)
{
	static uint64_t closure[8], total = 5;
	uint64_t offset;

	(void)state;
	set_memory();
	fetch_target_choose(&target, "main.closures.func1", false);
	assert_int_equal(target.sig.ncaptures, 3);
	for (size_t i = 0; i < 3; i++) {
		offset = target.sig.captures[i].offset / 8;
		assert_true(offset < 7);
		if (!strcmp(target.sig.captures[i].name, "total"))
			closure[offset] = 0xa900;
		else if (!strcmp(target.sig.captures[i].name, "k"))
			closure[offset] = 11;
		else
			memcpy(&closure[offset], (const uint64_t[]){0x5000, 5}, 16);
	}
	fetch_vm_map(&vm, 0xa000, closure, sizeof(closure));
	fetch_vm_map(&vm, 0xa900, &total, sizeof(total));
	vm.regs[FT_REG_DX] = 0xa000;
	vm.regs[FT_REG_AX] = 3;
	assert_string_equal(show("f(n, total, k, s, len(s))", false),
			    "n int=3; total int=5; k int=11; s string=\"hello\"; len(s) int=5");
}

/* Symbols, addresses and places in the file are moved by the load base. */
static void test_places(void **state)
{
	uint64_t vaddr, size, offset, entry;
	char rule[256];
	const uint8_t *code;

	(void)state;
	set_memory();
	fetch_target_choose(&target, "main.main", false);
	assert_int_equal(image_symbol(target.image, "main.counter", &vaddr, &size), 0);
	fetch_vm_map(&vm, vaddr + BIAS, counter, sizeof(counter));
	entry = gotarget_address(&target.file, "main.main");
	code = image_code(target.image, entry, 8);
	assert_int_equal(image_offset(target.image, entry, &offset), 0);
	fetch_vm_map(&vm, entry + BIAS, code, 8);
	assert_string_equal(show("f(@main.counter, @main.counter:s64, n=@main.counter+1:u8)",
				 false),
			    "@main.counter x64=0x7; @main.counter s64=7; n u8=0");
	snprintf(rule, sizeof(rule), "f(a=@0x%llx:u8, b=@+%llu:u8, c=@0x%llx:u8)",
		 (unsigned long long)vaddr, (unsigned long long)offset, (unsigned long long)entry);
	buf_reset(&text);
	show(rule, false);
	snprintf(rule, sizeof(rule), "a u8=7; b u8=%u; c u8=%u", code[0], code[0]);
	assert_string_equal(buf_str(&text), rule);
}

/* What has no room is left out by itself; the number of items is an error. */
static void test_bounds(void **state)
{
	struct error err = {0};

	(void)state;
	set_memory();
	set_ints((const uint64_t[]){0x1000, 42, 0x5000, 5}, 4);
	fetch_target_choose(&target, "main.(*student).greet", false);
	target.limits.max_bytes = 400;
	assert_string_equal(show("f(n, +0(s):c512, +0(s):c512, n:u8)", false),
			    "n int=42; +0(s) c512=\"\";"
			    " +0(s) c512=<left out: more than --max-bytes>; n u8=42");
	target.limits.max_bytes = FT_VALUES_MAX;
	target.limits.max_string = 3;
	assert_string_equal(
		show("f(word, +0(%cx):string, s.base.tag, t=+0(+8(+0(s))):string)", false),
		"word string=\"hel\"...; +0(%cx) string=\"hel\"...; s.base.tag string=\"tag\";"
		" t string=\"tag\"");
	target.limits.max_string = 64;
	target.limits.max_items = 2;
	assert_null(fetch_target_compile(&target, "f(n, n, n)", false, &err));
	assert_int_equal(err.code, -E2BIG);
	target.limits.max_items = 32;
}

/* 32 large items exhaust slots, then statuses, then operations, and nothing breaks. */
static void test_crowd(void **state)
{
	struct buf rule = {0};

	(void)state;
	set_memory();
	set_ints((const uint64_t[]){0x1000, 42, 0x5000, 5}, 4);
	fetch_target_choose(&target, "main.(*student).greet", false);
	buf_adds(&rule, "f(n");
	for (int i = 0; i < 31; i++)
		buf_adds(&rule, i % 2 ? ", *s" : ", +0(s):goerror[3]");
	buf_adds(&rule, ")");
	show(buf_str(&rule), false);
	assert_memory_equal(buf_str(&text), "n int=42; ", 10);
	assert_non_null(strstr(buf_str(&text), "<left out: more than --max-bytes>"));
	buf_release(&rule);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),    cmocka_unit_test(test_selectors),
		cmocka_unit_test(test_narrow),   cmocka_unit_test(test_containers),
		cmocka_unit_test(test_structs),  cmocka_unit_test(test_words),
		cmocka_unit_test(test_captures), cmocka_unit_test(test_places),
		cmocka_unit_test(test_bounds),   cmocka_unit_test(test_crowd),
	};

	return cmocka_run_group_tests(tests, open_target, close_target);
}
