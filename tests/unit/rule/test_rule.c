/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rule/print_expr.h"
#include "rule/rule.h"
#include "rule/scan.h"

struct row {
	const char *rule;
	const char *expected;
};

#define FOR_EACH(row, rows) \
	for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(*rows); row++)

static void print_list(struct buf *buf, const struct rule_item *items, size_t count)
{
	buf_addc(buf, '(');
	for (size_t i = 0; i < count; i++)
		buf_addf(buf, "%s%s%s", i ? ", " : "", items[i].name, items[i].named ? "=" : "");
	buf_addc(buf, ')');
}

/* The rule's function and the names of its items. */
static void splits(void **state)
{
	static const struct row rows[] = {
		{"main.f()", "main.f ()"},
		{"main.f(  )", "main.f ()"},
		{"main.f()()", "main.f () ()"},
		{" main.f ( %ax ) ( %bx ) ", "main.f (%ax) (%bx)"},
		{"main.f(x=%ax)(y=%ax)", "main.f (x=) (y=)"},
		{"main.f()(%ax,%bx)", "main.f () (%ax, %bx)"},
		{"main.(*Student).String(s.age=+16(%ax):s64)", "main.(*Student).String (s.age=)"},
		{"main.(*T).M()(%ax)", "main.(*T).M () (%ax)"},
		{"main.F[go.shape.int,go.shape.string](x=%ax)",
		 "main.F[go.shape.int,go.shape.string] (x=)"},
		{"main.F[func(int) (a,b)](x=%ax)", "main.F[func(int) (a,b)] (x=)"},
		{"main.(*L[go.shape.int]).Push(%bx)", "main.(*L[go.shape.int]).Push (%bx)"},
		{"main.glob*()", "main.glob* ()"},
		{"*(n)", "* (n)"},
		{"main.[fg]*(%ax)", "main.[fg]* (%ax)"},
		{"main.\\(\\*Stu*(%ax)", "main.\\(\\*Stu* (%ax)"},
		{"main.f.func1(%ax)", "main.f.func1 (%ax)"},
		{"main.(*T).M-fm(%ax)", "main.(*T).M-fm (%ax)"},
		{"main.f-range1()", "main.f-range1 ()"},
		{"gopkg.in/yaml%2ev3.f(%ax)", "gopkg.in/yaml%2ev3.f (%ax)"},
		{"main.f((%ax))", "main.f ((%ax))"},
		{"main.f((%ax))((%bx))", "main.f ((%ax)) ((%bx))"},
		{"main.f(+0((+8(%ax))))", "main.f (+0((+8(%ax))))"},
		{"main.f(a=%ax,b=%bx , c = %cx)", "main.f (a=, b=, c=)"},
		{"main.f(s.name=(*+0(%ax)):c64, s.name.len=(+8(%ax)):s64, s.age=(+16(%ax)):s64)",
		 "main.f (s.name=, s.name.len=, s.age=)"},
		{"main.f((*+0(%ax)):c64)", "main.f ((*+0(%ax)))"},
		{"main.f( s.x [3] : u8)", "main.f (s.x [3])"},
		{"main.f(s-age=%ax, *p=%bx, 2nd=%cx, gr\xc3\xb6\xc3\x9f"
		 "e=%dx)",
		 "main.f (s-age=, *p=, 2nd=, gr\xc3\xb6\xc3\x9f"
		 "e=)"},
	};

	(void)state;
	FOR_EACH(row, rows)
	{
		struct error err = {0};
		struct rule *rule = rule_parse(row->rule, 1, RULE_ITEMS, &err);
		struct buf buf = {0};

		print_message("%s\n", row->rule);
		assert_string_equal(err.text, "");
		assert_non_null(rule);
		buf_addf(&buf, "%s ", rule->func);
		print_list(&buf, rule->entry, rule->nentry);
		if (rule->has_results) {
			buf_addc(&buf, ' ');
			print_list(&buf, rule->results, rule->nresults);
		}
		assert_string_equal(buf_str(&buf), row->expected);
		buf_release(&buf);
		rule_free(rule);
	}
}

/* The one item of each rule: its expression, and its type if it has one. */
static void check_items(const struct row *rows, size_t count)
{
	for (const struct row *row = rows; row < rows + count; row++) {
		struct error err = {0};
		struct rule *rule = rule_parse(row->rule, 1, RULE_ITEMS, &err);
		const struct rule_item *item;
		struct buf buf = {0};

		print_message("%s\n", row->rule);
		assert_string_equal(err.text, "");
		assert_non_null(rule);
		assert_int_equal(rule->nentry + rule->nresults, 1);
		item = rule->nentry ? rule->entry : rule->results;
		print_expr(&buf, item->expr);
		if (item->type.kind != RULE_NO_TYPE) {
			buf_addc(&buf, ' ');
			print_type(&buf, &item->type);
		}
		assert_string_equal(buf_str(&buf), row->expected);
		buf_release(&buf);
		rule_free(rule);
	}
}

#define CHECK_ITEMS(rows) check_items(rows, sizeof(rows) / sizeof(*(rows)))

static void registers(void **state)
{
	static const struct row rows[] = {
		{"f(%ax)", "reg@3:ax/64"},           {"f(%rax)", "reg@3:ax/64"},
		{"f(%eax)", "reg@3:ax/32"},          {"f(%al)", "reg@3:ax/8"},
		{"f(%ah)", "reg@3:ax/8>>8"},         {"f(%dh)", "reg@3:dx/8>>8"},
		{"f(%bx)", "reg@3:bx/64"},           {"f(%cx)", "reg@3:cx/64"},
		{"f(%dx)", "reg@3:dx/64"},           {"f(%si)", "reg@3:si/64"},
		{"f(%sil)", "reg@3:si/8"},           {"f(%di)", "reg@3:di/64"},
		{"f(%edi)", "reg@3:di/32"},          {"f(%bp)", "reg@3:bp/64"},
		{"f(%sp)", "reg@3:sp/64"},           {"f(%spl)", "reg@3:sp/8"},
		{"f(%r8)", "reg@3:r8/64"},           {"f(%r8d)", "reg@3:r8/32"},
		{"f(%r9w)", "reg@3:r9/16"},          {"f(%r10b)", "reg@3:r10/8"},
		{"f(%r15)", "reg@3:r15/64"},         {"f(%r15d)", "reg@3:r15/32"},
		{"f(%ip)", "reg@3:ip/64"},           {"f(%flags)", "reg@3:flags/64"},
		{"f(%cs)", "reg@3:cs/64"},           {"f(%ss)", "reg@3:ss/64"},
		{"f(%orig_ax)", "reg@3:orig_ax/64"},
	};

	(void)state;
	CHECK_ITEMS(rows);
}

static void memory(void **state)
{
	static const struct row rows[] = {
		{"f(+8(%ax))", "mem@3:+8(reg@6:ax/64)"},
		{"f(-8(%ax))", "mem@3:-8(reg@6:ax/64)"},
		{"f(+u8(%ax))", "mem@3:+8(reg@7:ax/64)"},
		{"f(-u0x10(%ax))", "mem@3:-16(reg@10:ax/64)"},
		{"f(+010(%ax))", "mem@3:+8(reg@8:ax/64)"},
		{"f( + 8 ( %ax ) )", "mem@4:+8(reg@10:ax/64)"},
		{"f(+9223372036854775807(%ax))", "mem@3:+9223372036854775807(reg@24:ax/64)"},
		{"f(-9223372036854775808(%ax))", "mem@3:-9223372036854775808(reg@24:ax/64)"},
		{"f(*+8(%ax))", "mem@3:+0(mem@4:+8(reg@7:ax/64))"},
		{"f((%bx, %cx):gostring)", "tuple@3(reg@4:bx/64 reg@9:cx/64) gostring@14:128"},
		{"f(b=( +0(%ax) ,%bx, \\8 ):gobytes)",
		 "tuple@5(mem@7:+0(reg@10:ax/64) reg@16:bx/64 imm@21:8) gobytes@26:192"},
		{"f((%ax,%bx):gobytes)", "tuple@3(reg@4:ax/64 reg@8:bx/64) gobytes@13:192"},
		{"f(((%cx)):u8)", "reg@5:cx/64 u@11:8"},
		{"f(($arg1,$arg2):goerror)", "tuple@3(arg@4:1 arg@10:2) goerror@17:128"},
		{"f((*+0(%ax)):c64)", "mem@4:+0(mem@5:+0(reg@8:ax/64)) text@14:64"},
		{"f(*(+8(%ax)))", "mem@3:+0(mem@5:+8(reg@8:ax/64))"},
		{"f(*%ax)", "mem@3:+0(reg@4:ax/64)"},
		{"f(*@main.p)", "mem@3:+0(sym@4:main.p+0)"},
		{"f(+1(+2(+3(+4(+5(+6(+7(+8(%ax)))))))))",
		 "mem@3:+1(mem@6:+2(mem@9:+3(mem@12:+4(mem@15:+5(mem@18:+6(mem@21:+7(mem@24:+8(reg@27:ax/64))))))))"},
		{"f(+8($stack))", "mem@3:+8(stack@6)"},
		{"f(+8(s.next))", "mem@3:+8(field@7:next(name@6:s))"},
		{"f(+0($arg1):gostring)", "mem@3:+0(arg@6:1) gostring@13:128"},
		{"f(@0x4b2c80)", "addr@3:4926592"},
		{"f(@4926592:u8)", "addr@3:4926592 u@12:8"},
		{"f(@main.counter)", "sym@3:main.counter+0"},
		{"f(@main.counter+8:s64)", "sym@3:main.counter+8 s@19:64"},
		{"f(@main.counter + 0x10)", "sym@3:main.counter+16"},
		{"f(@github.com/go-x/y%2ez.V)", "sym@3:github.com/go-x/y%2ez.V+0"},
		{"f(@main..dict.F[int,string])", "sym@3:main..dict.F[int,string]+0"},
		{"f(@+0x1000:u32)", "file@3:4096 u@12:32"},
		{"f(\\5)", "imm@3:5"},
		{"f(\\-1)", "imm@3:18446744073709551615"},
		{"f(\\+0x10:u8)", "imm@3:16 u@10:8"},
		{"f(\\18446744073709551615)", "imm@3:18446744073709551615"},
	};

	(void)state;
	CHECK_ITEMS(rows);
}

static void variables(void **state)
{
	static const struct row rows[] = {
		{"f($stack)", "stack@3"},     {"f($stack0)", "word@3:0"},
		{"f($stack12)", "word@3:12"}, {"f($stack65535)", "word@3:65535"},
		{"f()($stack1)", "word@5:1"}, {"f($arg1)", "arg@3:1"},
		{"f($arg255)", "arg@3:255"},  {"f()($ret2)", "ret@5:2"},
		{"f()($retval)", "ret@5:1"},  {"f($comm)", "comm@3"},
		{"f($COMM)", "comm@3"},       {"f($comm:string)", "comm@3 string@9"},
		{"f()($pid)", "pid@5"},       {"f($tid)", "tid@3"},
		{"f($goid)", "goid@3"},       {"f($arg2:u8)", "arg@3:2 u@9:8"},
	};

	(void)state;
	CHECK_ITEMS(rows);
}

static void names(void **state)
{
	static const struct row rows[] = {
		{"f(n)", "name@3:n"},
		{"f(~p0)", "name@3:~p0"},
		{"f()(~r0)", "name@5:~r0"},
		{"f(_x1)", "name@3:_x1"},
		{"f(gr\xc3\xb6\xc3\x9f"
		 "e.x)",
		 "field@8:x(name@3:gr\xc3\xb6\xc3\x9f"
		 "e)"},
		{"f(s.a.b)", "field@6:b(field@4:a(name@3:s))"},
		{"f(s[3])", "index@4:3(name@3:s)"},
		{"f(s[0x10].x)", "field@10:x(index@4:16(name@3:s))"},
		{"f(*p)", "deref@3(name@4:p)"},
		{"f(**p)", "deref@3(deref@4(name@5:p))"},
		{"f(*s.p)", "deref@3(field@5:p(name@4:s))"},
		{"f((*s).p)", "field@7:p(deref@4(name@5:s))"},
		{"f((*p)[2])", "index@7:2(deref@4(name@5:p))"},
		{"f((n))", "name@4:n"},
		{"f(len(s))", "len@3(name@7:s)"},
		{"f(cap(s.x[1]))", "cap@3(index@10:1(field@8:x(name@7:s)))"},
		{"f(len(*p))", "len@3(deref@7(name@8:p))"},
		{"f(len((*p).x))", "len@3(field@11:x(deref@8(name@9:p)))"},
		{"f(len ( s ) : u32)", "len@3(name@9:s) u@15:32"},
		{"f(len)", "name@3:len"},
		{"f(cap.x)", "field@6:x(name@3:cap)"},
		{"f(s . x)", "field@5:x(name@3:s)"},
		{"f(b.u8:u8)", "field@4:u8(name@3:b) u@8:8"},
	};

	(void)state;
	CHECK_ITEMS(rows);
}

static void types(void **state)
{
	static const struct row rows[] = {
		{"u8", "u@7:8"},
		{"u16", "u@7:16"},
		{"u32", "u@7:32"},
		{"u64", "u@7:64"},
		{"s8", "s@7:8"},
		{"s16", "s@7:16"},
		{"s32", "s@7:32"},
		{"s64", "s@7:64"},
		{"x8", "x@7:8"},
		{"x16", "x@7:16"},
		{"x32", "x@7:32"},
		{"x64", "x@7:64"},
		{"bool", "bool@7:8"},
		{"char", "char@7:8"},
		{"f32", "f@7:32"},
		{"f64", "f@7:64"},
		{"ptr", "ptr@7:64"},
		{"string", "string@7"},
		{"ustring", "string@7"},
		{"gostring", "gostring@7:128"},
		{"gobytes", "gobytes@7:192"},
		{"goerror", "goerror@7:128"},
		{"c8", "text@7:8"},
		{"c24", "text@7:24"},
		{"c64", "text@7:64"},
		{"b4@8/32", "bits@7:4>>8/32"},
		{"b1@0/8", "bits@7:1>>0/8"},
		{"b64@0/64", "bits@7:64>>0/64"},
		{"b1@63/64", "bits@7:1>>63/64"},
		{"b3@5/16[4]", "bits@7:3>>5/16[4]"},
		{"u8[1]", "u@7:8[1]"},
		{"u8[64]", "u@7:8[64]"},
		{"string[2]", "string@7[2]"},
		{"s16 [ 0x4 ]", "s@7:16[4]"},
		{"c512[2]", "text@7:512[2]"},
	};

	(void)state;
	FOR_EACH(row, rows)
	{
		struct buf text = {0}, got = {0};
		struct error err = {0};
		struct rule *rule;

		buf_addf(&text, "f(%%ax:%s )", row->rule);
		rule = rule_parse(buf_str(&text), 1, RULE_ITEMS, &err);
		print_message("%s\n", text.data);
		assert_string_equal(err.text, "");
		assert_non_null(rule);
		assert_string_equal(rule->entry[0].type.text, row->rule);
		assert_string_equal(rule->entry[0].name, "%ax");
		print_type(&got, &rule->entry[0].type);
		assert_string_equal(buf_str(&got), row->expected);
		buf_release(&got);
		buf_release(&text);
		rule_free(rule);
	}
}

static void kinds_of_place(void **state)
{
	struct rule *rule =
		rule_parse("f(+0(%ax), @1, @a.b, @+1, %ax, $stack0, \\1, x.y, *p)", 1, 32, NULL);

	(void)state;
	assert_non_null(rule);
	for (size_t i = 0; i < rule->nentry; i++)
		assert_int_equal(rule_expr_is_memory(rule->entry[i].expr), i < 4);
	assert_int_equal(rule->entry[1].column, 12);
	assert_null(rule->entry[1].type.text);
	assert_int_equal(rule->entry[1].type.column, 0);
	rule_free(rule);
	rule_free(NULL);
}

/* Every beginning of every text here, right or wrong, is parsed or refused: ASan is the judge. */
static void truncated(void **state)
{
	static const char whole[] =
		"main.(*F[int]).M(a=*+8(-u0x1(%ax)):b1@2/8[3],@m.x[i]+1,@+2,\\-3,len((*s).x[4]):c8,$arg1)"
		"($retval:gostring,~r0.x)";

	(void)state;
	for (size_t len = 0; len <= strlen(whole); len++) {
		for (size_t from = 0; from <= len; from++) {
			char *text = strndup(whole + from, len - from);

			rule_free(rule_parse(text, 1, RULE_ITEMS, NULL));
			free(text);
		}
	}
}

static void long_words(void **state)
{
	struct error err = {0};
	struct buf buf = {0};
	struct rule *rule;

	(void)state;
	buf_fill(&buf, '(', SCAN_MAX + 1);
	assert_null(rule_parse(buf_str(&buf), 2, RULE_ITEMS, &err));
	assert_string_equal(err.text, "rule 2: more than 65536 bytes; write less");
	buf_reset(&buf);
	buf_fill(&buf, '(', 30000);
	buf_adds(&buf, "%ax");
	buf_fill(&buf, ')', 30000);
	assert_null(rule_parse(buf_str(&buf), 2, RULE_ITEMS, &err));
	buf_reset(&buf);
	buf_adds(&buf, "f(");
	for (int i = 0; i < 32; i++)
		buf_addf(&buf, "%sv%d=%%ax", i ? "," : "", i);
	buf_adds(&buf, ")");
	rule = rule_parse(buf_str(&buf), 2, RULE_ITEMS, &err);
	assert_non_null(rule);
	assert_int_equal(rule->nentry, 32);
	assert_string_equal(rule->entry[31].name, "v31");
	rule_free(rule);
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits),         cmocka_unit_test(registers),
		cmocka_unit_test(memory),         cmocka_unit_test(variables),
		cmocka_unit_test(names),          cmocka_unit_test(types),
		cmocka_unit_test(kinds_of_place), cmocka_unit_test(truncated),
		cmocka_unit_test(long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
