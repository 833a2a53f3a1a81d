/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/escape.h"
#include "rule/filter.h"
#include "rule/print_expr.h"

struct row {
	const char *filter;
	const char *expected;
};

#define FOR_EACH(row, rows) \
	for (const struct row *row = rows; row < rows + sizeof(rows) / sizeof(*rows); row++)

static const char *const operators[] = {
	[FILTER_OR] = "||", [FILTER_AND] = "&&", [FILTER_NOT] = "!",   [FILTER_EQ] = "==",
	[FILTER_NE] = "!=", [FILTER_LT] = "<",   [FILTER_LE] = "<=",   [FILTER_GT] = ">",
	[FILTER_GE] = ">=", [FILTER_BITS] = "&", [FILTER_MATCH] = "~",
};

/* Tests as (left OP@COLUMN right), operands as what they are, without columns. */
static void print_node(struct buf *buf, const struct filter_node *node)
{
	switch (node->kind) {
	case FILTER_ITEM:
		buf_adds(buf, node->text);
		assert_int_equal(node->len, strlen(node->text));
		assert_non_null(node->expr);
		return;
	case FILTER_BOOL:
		buf_adds(buf, node->number ? "TRUE" : "FALSE");
		return;
	case FILTER_ERROR:
		buf_adds(buf, "ERROR");
		return;
	case FILTER_DURATION:
		buf_adds(buf, "DURATION");
		return;
	case FILTER_NUMBER:
		if (node->negative)
			buf_addi(buf, (int64_t)node->number);
		else
			buf_addu(buf, node->number);
		return;
	case FILTER_FLOAT:
		buf_addf(buf, "%gf", node->real);
		return;
	case FILTER_TIME:
		buf_addf(buf, "%lluns", (unsigned long long)node->number);
		return;
	case FILTER_TEXT:
		escape_quoted(buf, node->text, node->len);
		return;
	case FILTER_NIL:
		buf_adds(buf, "NIL");
		return;
	default:
		break;
	}
	buf_addc(buf, '(');
	if (node->right) {
		print_node(buf, node->left);
		buf_addc(buf, ' ');
	}
	buf_addf(buf, "%s@%u ", operators[node->kind], node->column);
	print_node(buf, node->right ? node->right : node->left);
	buf_addc(buf, ')');
}

static void check_trees(const struct row *rows, size_t count)
{
	for (const struct row *row = rows; row < rows + count; row++) {
		struct error err = {0};
		struct filter *filter = filter_parse(row->filter, 1, &err);
		struct buf buf = {0};

		print_message("%s\n", row->filter);
		assert_string_equal(err.text, "");
		assert_non_null(filter);
		print_node(&buf, filter->root);
		assert_string_equal(buf_str(&buf), row->expected);
		buf_release(&buf);
		filter_free(filter);
	}
}

#define CHECK_TREES(rows) check_trees(rows, sizeof(rows) / sizeof(*(rows)))

static void globs(void **state)
{
	static const struct row rows[] = {
		{"main.f: n", "main.f|n"},
		{"main.f:n", "main.f|n"},
		{" main.f : n ", "main.f|n"},
		{"main.f\t:\tn", "main.f|n"},
		{"main.(*T).M: n", "main.(*T).M|n"},
		{"main.F[go.shape.int]: n", "main.F[go.shape.int]|n"},
		{"main.F[go.shape.struct { a: int }]: n", "main.F[go.shape.struct { a: int }]|n"},
		{"main.F[go.shape.struct { A int \"k: v\" }]: n",
		 "main.F[go.shape.struct { A int \"k: v\" }]|n"},
		{"main.[a:b]*:n", "main.[a:b]*|n"},
		{"main.(*Stu*: n", "main.(*Stu*|n"},
		{"main.(*Stu*:n", "main.(*Stu*|n"},
		{"main.\\(*: n", "main.\\(*|n"},
		{"type:.eq.main.T: n", "type:.eq.main.T|n"},
		{"type:.eq.main.T:n", "type:.eq.main.T|n"},
		{"*: n", "*|n"},
	};

	(void)state;
	FOR_EACH(row, rows)
	{
		struct error err = {0};
		struct filter *filter = filter_parse(row->filter, 1, &err);
		struct buf buf = {0};

		print_message("%s\n", row->filter);
		assert_string_equal(err.text, "");
		assert_non_null(filter);
		buf_addf(&buf, "%s|%s", filter->glob, filter->root->text);
		assert_string_equal(buf_str(&buf), row->expected);
		buf_release(&buf);
		filter_free(filter);
	}
	filter_free(NULL);
}

static void precedence(void **state)
{
	static const struct row rows[] = {
		{"f: n > 3 && (req.Method == \"GET\" || !tls)",
		 "((n >@6 3) &&@10 ((req.Method ==@25 \"GET\") ||@34 (!@37 tls)))"},
		{"f: a || b && c", "(a ||@6 (b &&@11 c))"},
		{"f: a && b || c", "((a &&@6 b) ||@11 c)"},
		{"f: (a || b) && c", "((a ||@7 b) &&@13 c)"},
		{"f: a || b || c", "((a ||@6 b) ||@11 c)"},
		{"f: a && b && c", "((a &&@6 b) &&@11 c)"},
		{"f: !a && b", "((!@4 a) &&@7 b)"},
		{"f: !(a && b)", "(!@4 (a &&@8 b))"},
		{"f: !!a", "(!@4 (!@5 a))"},
		{"f: !(a == 1)", "(!@4 (a ==@8 1))"},
		{"f: !a || !b", "((!@4 a) ||@7 (!@10 b))"},
		{"f: a == 1 && b != 2", "((a ==@6 1) &&@11 (b !=@16 2))"},
		{"f: a < 1 || b <= 2", "((a <@6 1) ||@10 (b <=@15 2))"},
		{"f: a > 1 || b >= 2", "((a >@6 1) ||@10 (b >=@15 2))"},
		{"f: a & 4 && b", "((a &@6 4) &&@10 b)"},
		{"f:a&4&&b", "((a &@4 4) &&@6 b)"},
		{"f:a<3||b~\"x*\"", "((a <@4 3) ||@6 (b ~@9 \"x*\"))"},
		{"f: 3 < n", "(3 <@6 n)"},
		{"f: a == b", "(a ==@6 b)"},
		{"f: (a) == (b)", "(a ==@8 b)"},
		{"f: ((a == 1))", "(a ==@8 1)"},
		{"f: tls == true", "(tls ==@8 TRUE)"},
		{"f: false != tls", "(FALSE !=@10 tls)"},
		{"f: true", "TRUE"},
		{"f: err != nil", "(err !=@8 NIL)"},
		{"f: gr\xc3\xbc\xc3\x9f == 1", "(gr\xc3\xbc\xc3\x9f ==@9 1)"},
	};

	(void)state;
	CHECK_TREES(rows);
}

static void operands(void **state)
{
	static const struct row rows[] = {
		{"f: s.x.y == 1", "(s.x.y ==@10 1)"},
		{"f: s . x [ 3 ] == 1", "(s.x[3] ==@16 1)"},
		{"f: *p == 1", "(*p ==@7 1)"},
		{"f: (*p).x == 1", "((*p).x ==@11 1)"},
		{"f: (*p)[3].y", "(*p)[3].y"},
		{"f: len(s) > 0", "(len(s) >@11 0)"},
		{"f: cap( s.x ) > len(*p)", "(cap(s.x) >@15 len(*p))"},
		{"f: len == 1", "(len ==@8 1)"},
		{"f: truest == nil2", "(truest ==@11 nil2)"},
		{"f: ~r0 == ~p1", "(~r0 ==@8 ~p1)"},
		{"f: s ~ \"a*\" && ~r0", "((s ~@6 \"a*\") &&@13 ~r0)"},
		{"f: $pid == 1 || $tid == 2", "(($pid ==@9 1) ||@14 ($tid ==@22 2))"},
		{"f: $goid != 1 && $comm == \"main\"",
		 "(($goid !=@10 1) &&@15 ($comm ==@24 \"main\"))"},
		{"f: $arg1 > 2 && $ret2 == 0", "(($arg1 >@10 2) &&@14 ($ret2 ==@23 0))"},
		{"f: $retval != nil", "($retval !=@12 NIL)"},
		{"f: $duration > 10ms", "(DURATION >@14 10000000ns)"},
		{"f: 1.5s <= $duration", "(1500000000ns <=@9 DURATION)"},
		{"f: $duration >= timeout", "(DURATION >=@14 timeout)"},
		{"f: $duration < 0ns", "(DURATION <@14 0ns)"},
		{"f: $error", "ERROR"},
		{"f: !$error && $duration > 1ms", "((!@4 ERROR) &&@12 (DURATION >@25 1000000ns))"},
		{"f: $error == false", "(ERROR ==@11 FALSE)"},
		{"f: timeout > 2m", "(timeout >@12 120000000000ns)"},
		{"f: n == -5", "(n ==@6 -5)"},
		{"f: n == 0x1F", "(n ==@6 31)"},
		{"f: n == 0xe", "(n ==@6 14)"},
		{"f: n == 0x1e5", "(n ==@6 485)"},
		{"f: n == -0x10", "(n ==@6 -16)"},
		{"f: n == 017", "(n ==@6 15)"},
		{"f: n == 18446744073709551615", "(n ==@6 18446744073709551615)"},
		{"f: n == -9223372036854775808", "(n ==@6 -9223372036854775808)"},
		{"f: n==-1", "(n ==@5 -1)"},
		{"f: x > 0.5", "(x >@6 0.5f)"},
		{"f: x > -2.5", "(x >@6 -2.5f)"},
		{"f: x > 1e3 && x < 1.5e-3", "((x >@6 1000f) &&@12 (x <@17 0.0015f))"},
		{"f: s == \"\"", "(s ==@6 \"\")"},
		{"f: s == \"a: b || c\"", "(s ==@6 \"a: b || c\")"},
		{"f: s == \"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\"",
		 "(s ==@6 \"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\")"},
		{"f: s == \"\\x41\\102\\u00e4\\u4e16\\U0001f600\"",
		 "(s ==@6 \"AB\xc3\xa4\xe4\xb8\x96\xf0\x9f\x98\x80\")"},
		{"f: s == \"\\xff\\000\\377\"", "(s ==@6 \"\\xff\\x00\\xff\")"},
		{"f: s ~ \"GET *\"", "(s ~@6 \"GET *\")"},
	};

	(void)state;
	CHECK_TREES(rows);
}

/* Every node knows where it stands, and an item what it is. */
static void columns(void **state)
{
	static const struct row rows[] = {
		{"f: s.x[2] == 10ms", "4 index@7:2(field@5:x(name@4:s)) 14"},
		{"f: len(*p) > \"x\"", "4 len@4(deref@8(name@9:p)) 14"},
		{"f: $retval  !=  nil", "4 ret@4:1 17"},
		{"f: gr\xc3\xbc\xc3\x9f == -7", "4 name@4:gr\xc3\xbc\xc3\x9f 12"},
		{"f: (*p).x == (a)", "5 field@8:x(deref@5(name@6:p)) 15"},
	};

	(void)state;
	FOR_EACH(row, rows)
	{
		struct error err = {0};
		struct filter *filter = filter_parse(row->filter, 1, &err);
		struct buf buf = {0};

		print_message("%s\n", row->filter);
		assert_string_equal(err.text, "");
		assert_non_null(filter);
		buf_addf(&buf, "%u ", filter->root->left->column);
		print_expr(&buf, filter->root->left->expr);
		buf_addf(&buf, " %u", filter->root->right->column);
		assert_string_equal(buf_str(&buf), row->expected);
		buf_release(&buf);
		filter_free(filter);
	}
}

/* Each message, without "filter 2, column ". */
static const struct row mistakes[] = {
	{"", "1: it is empty; write 'GLOB: EXPR', like 'main.handle: n > 3'"},
	{" ", "1: it is empty; write 'GLOB: EXPR', like 'main.handle: n > 3'"},
	{"n > 3", "6: no ':' between GLOB and EXPR; write 'GLOB: EXPR', like 'main.handle: n > 3'"},
	{": n", "1: no function before the ':'; write 'GLOB: EXPR'"},
	{"main.f:",
	 "8: no condition behind the ':'; write 'GLOB: EXPR', like 'main.handle: n > 3'"},
	{"main.f: ",
	 "9: no condition behind the ':'; write 'GLOB: EXPR', like 'main.handle: n > 3'"},
	{"f: s == \"a\x1b\"", "11: a byte 0x1b that is no text; leave it out"},
	/* operators */
	{"f: n >", "7: an operand is missing; write it"},
	{"f: > 3", "4: '>' stands where an operand should; write that instead"},
	{"f: n = 3", "6: '=' is no operator; write =="},
	{"f: n | 3", "6: '|' is no operator; write ||"},
	{"f: n 3", "6: '3' stands where an operator or the end should; write that instead"},
	{"f: n + 3 > 4", "6: '+' stands where an operator or the end should; write that instead"},
	{"f: n == 3)", "10: this ')' has no '('; leave it out"},
	{"f: (n == 3", "11: ')' is missing for the '(' of column 4; write it"},
	{"f: (n 3)", "7: '3' stands where an operator or ')' should; write that instead"},
	{"f: ()", "5: an operand is missing; write it"},
	{"f: a && ", "9: an operand is missing; write it"},
	{"f: a || || b", "9: '|' stands where an operand should; write that instead"},
	{"f: !", "5: an operand is missing; write it"},
	{"f: != 3", "5: '=' stands where an operand should; write that instead"},
	{"f: a == 1 and b", "11: 'and' is no operator; write &&"},
	{"f: a == 1 or b", "11: 'or' is no operator; write ||"},
	{"f: s == 'x'", "9: no operand begins with '; write strings in double quotes"},
	{"f: +8(%ax) == 1",
	 "4: memory has no name here; give it one by a rule, FUNC(NAME=+...), and write NAME"},
	{"f: %xmm0 == 1",
	 "4: unknown register 'xmm0'; ax bx cx dx si di bp sp r8 to r15 ip flags cs ss orig_ax and "
	 "their parts (eax, al, r8d) are known"},
	{"f: s !~ \"x\"", "6: '!' stands where an operator or the end should; write that instead"},
	{"f: a == 1 == b", "11: comparisons do not chain; join two with &&"},
	{"f: 1 < a < 3", "10: comparisons do not chain; join two with &&"},
	{"f: a & 4 != 0",
	 "10: a '&' test is true or false already (any of these bits); leave this comparison out"},
	{"f: !a == b", "4: '!' is of the name alone; write !(...) around the comparison"},
	{"f: (a > 1) == b", "12: '==' compares values, not conditions; join these with && or ||"},
	{"f: a == (b > 1)", "6: '==' compares values, not conditions; join these with && or ||"},
	{"f: a == !b", "9: '!' stands where an operand should; write that instead"},
	/* values that are no conditions */
	{"f: 3", "4: a value alone is no condition; compare it with something"},
	{"f: a && \"x\"", "9: a value alone is no condition; compare it with something"},
	{"f: !nil", "5: a value alone is no condition; compare it with something"},
	{"f: ! 10ms", "6: a value alone is no condition; compare it with something"},
	{"f: (1.5)", "5: a value alone is no condition; compare it with something"},
	{"f: $duration", "4: a value alone is no condition; compare it with something"},
	/* operands that never fit */
	{"f: s ~ x", "6: '~' wants a glob in double quotes on its right, like \"GET *\""},
	{"f: s ~ 3", "6: '~' wants a glob in double quotes on its right, like \"GET *\""},
	{"f: s ~ \"a\\x00b\"", "6: a glob has no \\x00 in it; leave it out"},
	{"f: s ~ \"[a][b][c][d][e][f][g][h][i][j][k][l][m][n][o][p][q]\"",
	 "6: more than 16 brackets in a glob; quote those that are no sets, like \\\\["},
	{"f: p > nil", "6: '>' is not for nil, true and false; they compare by == and !="},
	{"f: true <= b", "9: '<=' is not for nil, true and false; they compare by == and !="},
	{"f: b & false", "6: '&' is not for nil, true and false; they compare by == and !="},
	{"f: $error < true", "11: '<' is not for nil, true and false; they compare by == and !="},
	{"f: $errors",
	 "4: unknown variable '$errors'; $argN, $retN, $retval, $duration, $error, $comm, $pid, "
	 "$tid and $goid are known"},
	{"f: $duration > 10",
	 "14: $duration compares with a TIME; write a number with ns, us, ms, s or m, like 10ms"},
	{"f: \"x\" == $duration",
	 "8: $duration compares with a TIME; write a number with ns, us, ms, s or m, like 10ms"},
	{"f: $duration & 1ms",
	 "14: $duration compares with a TIME; write a number with ns, us, ms, s or m, like 10ms"},
	/* operands */
	{"f: $foo",
	 "4: unknown variable '$foo'; $argN, $retN, $retval, $duration, $error, $comm, $pid, $tid and "
	 "$goid are known"},
	{"f: $stack0 == 1",
	 "4: unknown variable '$stack0'; $argN, $retN, $retval, $duration, $error, $comm, "
	 "$pid, $tid and $goid are known"},
	{"f: $arg0 == 1", "8: bad number of $argN; write one from 1 to 255"},
	{"f: - 5 == n", "4: '-' stands where an operand should; write that instead"},
	{"f: s. == 1", "7: '=' stands where a field's name should; write that instead"},
	{"f: s[x] == 1",
	 "6: bad number 'x'; write it decimal, hexadecimal (0x1f) or octal (017), with at most 64 bits"},
	{"f: (*p). == 1", "10: '=' stands where a field's name should; write that instead"},
	{"f: len(3) == 1", "8: '3' stands where a name should; write that instead"},
	{"f: foo(x) == 1", "7: '(' stands where an operator or the end should; write that instead"},
	{"f: n == 3x",
	 "9: bad number '3x'; write it decimal, hexadecimal (0x1f), octal (017), or as a "
	 "TIME with ns, us, ms, s or m"},
	{"f: n == 08",
	 "9: bad number '08'; write it decimal, hexadecimal (0x1f), octal (017), or as a "
	 "TIME with ns, us, ms, s or m"},
	{"f: n == 0x",
	 "9: bad number '0x'; write it decimal, hexadecimal (0x1f), octal (017), or as a "
	 "TIME with ns, us, ms, s or m"},
	{"f: n == 1.2.3", "9: bad number '1.2.3'; write it like 1.5 or 2e9"},
	{"f: n == 1e", "9: bad number '1e'; write it like 1.5 or 2e9"},
	{"f: n == 1e999", "9: bad number '1e999'; write it like 1.5 or 2e9"},
	{"f: n == 18446744073709551616",
	 "9: the number '18446744073709551616' has more than 64 bits; write a smaller one"},
	{"f: n == -9223372036854775809",
	 "9: the number '-9223372036854775809' has more than 64 bits; write a smaller one"},
	{"f: $duration > 10xs", "16: '10xs' has an unknown unit 'xs'; take ns, us, ms, s or m"},
	{"f: $duration > -10ms", "16: '-10ms' is negative; give a TIME from 0 on, like 10ms"},
	/* strings */
	{"f: s == \"abc", "9: the closing '\"' is missing for this string; write it"},
	{"f: s == \"abc\\\"", "9: the closing '\"' is missing for this string; write it"},
	{"f: s == \"abc\\",
	 "13: the string ends in the middle of an escape; write \\\\ for a backslash"},
	{"f: s == 'abc'", "9: no operand begins with '; write strings in double quotes"},
	{"f: s == \"a\\q\"",
	 "11: bad escape '\\q'; Go's are \\n \\t \\\" \\\\ \\xff \\377 \\u00e4 and their like"},
	{"f: s == \"\\x4\"",
	 "10: bad escape '\\x'; Go's are \\n \\t \\\" \\\\ \\xff \\377 \\u00e4 and their like"},
	{"f: s == \"\\400\"",
	 "10: bad escape '\\4'; Go's are \\n \\t \\\" \\\\ \\xff \\377 \\u00e4 and their like"},
	{"f: s == \"\\ud800\"",
	 "10: bad escape '\\u'; Go's are \\n \\t \\\" \\\\ \\xff \\377 \\u00e4 and their like"},
	{"f: s == \"\\U00110000\"",
	 "10: bad escape '\\U'; Go's are \\n \\t \\\" \\\\ \\xff \\377 \\u00e4 and their like"},
};

static void messages(void **state)
{
	(void)state;
	FOR_EACH(row, mistakes)
	{
		struct buf expected = {0};
		struct error err = {0};

		print_message("%s\n", row->filter);
		assert_null(filter_parse(row->filter, 2, &err));
		buf_addf(&expected, "filter 2, column %s", row->expected);
		assert_string_equal(err.text, buf_str(&expected));
		assert_int_equal(err.code, -EINVAL);
		assert_null(filter_parse(row->filter, 2, NULL));
		buf_release(&expected);
	}
}

/* "f: " and `count` times `part`, then `end`; the error of it, "" for none. */
static void check_repeated(const char *part, int count, const char *end, const char *expected)
{
	struct error err = {0};
	struct buf buf = {0};

	buf_adds(&buf, "f: ");
	for (int i = 0; i < count; i++)
		buf_adds(&buf, part);
	buf_adds(&buf, end);
	filter_free(filter_parse(buf_str(&buf), 1, &err));
	assert_string_equal(err.text, expected);
	buf_release(&buf);
}

static void limits(void **state)
{
	(void)state;
	check_repeated("a||", 127, "a", "");
	check_repeated("a||", 128, "a",
		       "filter 1, column 386: more than 256 operators and operands; write fewer");
	check_repeated("!", 64, "a", "");
	check_repeated(
		"!", 65, "a",
		"filter 1, column 68: more than 64 parentheses and '!' around each other; leave some out");
	check_repeated(
		"(", 65, "a",
		"filter 1, column 68: more than 64 parentheses and '!' around each other; leave some out");
	check_repeated(
		"(", 30000, "",
		"filter 1, column 68: more than 64 parentheses and '!' around each other; leave some out");
	check_repeated("!(", 32, "a",
		       "filter 1, column 69: ')' is missing for the '(' of column 67; write it");
	check_repeated(
		"(!", 33, "a",
		"filter 1, column 68: more than 64 parentheses and '!' around each other; leave some out");
	check_repeated("s == \"", 1, "\"", "");
	check_repeated("x", 70000, "", "filter 1: more than 65536 bytes; write less");
}

static void string_limit(void **state)
{
	struct error err = {0};
	struct buf buf = {0};

	(void)state;
	for (size_t len = 256; len <= 257; len++) {
		struct filter *filter;

		buf_reset(&buf);
		buf_adds(&buf, "f: s == \"");
		buf_fill(&buf, 'x', len);
		buf_addc(&buf, '"');
		filter = filter_parse(buf_str(&buf), 1, &err);
		if (len == 256)
			assert_int_equal(filter->root->right->len, 256);
		else
			assert_null(filter);
		filter_free(filter);
	}
	assert_string_equal(err.text,
			    "filter 1, column 9: a string of more than 256 bytes; write less, or "
			    "~ and its beginning");
	buf_release(&buf);
}

/* Every piece of a text with everything in it is parsed or refused: ASan is the judge. */
static void truncated(void **state)
{
	static const char whole[] =
		"m.(*F[int]).M: !(len((*s).x[4]) & 0x1f || $duration > 1.5ms) && ~r0 ~ \"a\\u00e4\\x41\\102\" "
		"|| -5e-1 <= $retval && p != nil";

	(void)state;
	for (size_t len = 0; len <= strlen(whole); len++) {
		for (size_t from = 0; from <= len; from++) {
			struct buf buf = {0};

			buf_adds(&buf, "f:");
			buf_add(&buf, whole + from, len - from);
			filter_free(filter_parse(buf_str(&buf), 1, NULL));
			filter_free(filter_parse(buf_str(&buf) + 2, 1, NULL));
			buf_release(&buf);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(globs),        cmocka_unit_test(precedence),
		cmocka_unit_test(operands),     cmocka_unit_test(columns),
		cmocka_unit_test(messages),     cmocka_unit_test(limits),
		cmocka_unit_test(string_limit), cmocka_unit_test(truncated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
