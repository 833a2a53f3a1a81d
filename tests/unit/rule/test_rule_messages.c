/* SPDX-License-Identifier: GPL-2.0-only */
/* What a rule with a mistake in it says, and where it points. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/buf.h"
#include "rule/rule.h"

struct row {
	const char *rule;
	const char *expected;
};

/* Each message, without "rule 7, column ". */
static const struct row mistakes[] = {
	/* the whole rule */
	{"", "1: it is empty; write FUNC(ITEM, ...)"},
	{"  ", "1: it is empty; write FUNC(ITEM, ...)"},
	{"main.f", "7: no list of items; write 'main.f(ITEM, ...)', or 'main.f()' to read nothing"},
	{"main.f(%ax) x", "12: ' x' stands behind the last ')'; write FUNC(ITEM, ...)"},
	{"main.f(%ax", "7: ')' is missing for this '('; write it"},
	{"main.f %ax)", "11: this ')' has no '('; write FUNC(ITEM, ...)"},
	{"main.f(%ax))", "12: this ')' has no '('; write FUNC(ITEM, ...)"},
	{"(%ax)", "1: no function before the '('; write FUNC(ITEM, ...)"},
	{"(%ax)(%bx)", "1: no function before the '('; write FUNC(ITEM, ...)"},
	{"main.f(a=+8(%ax)", "7: ')' is missing for this '('; in a glob write '\\('"},
	{"main.f(a=(%ax)", "7: ')' is missing for this '('; in a glob write '\\('"},
	{"main.f)x(%ax)", "7: this ')' has no '('; in a glob write '\\)'"},
	{"((((((((((((((((((f(%ax)",
	 "17: more than 16 parentheses around each other; leave some out"},
	{"f(\x01)", "3: a byte 0x01 that is no text; leave it out"},
	{"f(\xff)", "3: a byte 0xff that is no text; leave it out"},
	/* lists and items */
	{"f(,)", "3: an item is missing; write it, or leave the ',' out"},
	{"f(%ax,)", "7: an item is missing; write it, or leave the ',' out"},
	{"f(%ax,,%bx)", "7: an item is missing; write it, or leave the ',' out"},
	{"f(%1,%2,%3,%4)",
	 "3: unknown register '1'; ax bx cx dx si di bp sp r8 to r15 ip flags cs ss orig_ax and "
	 "their parts (eax, al, r8d) are known"},
	{"f(a,b,c,d)", "9: more than 3 items in a list; write fewer or raise --max-items"},
	{"f(=%ax)", "3: no name before the '='; write NAME=EXPR, or EXPR alone"},
	{"f(a=)", "5: an expression is missing; write it"},
	{"f(a==%ax)", "5: '=' stands where an expression should; write that instead"},
	{"f(%ax %bx)", "7: '%' stands where ',' or ')' should; write that instead"},
	{"f(%ax[3])", "6: '[' stands where ',' or ')' should; write that instead"},
	{"f(n u8)", "5: 'u8' stands where ',' or ')' should; write that instead"},
	{"f(a b=%ax)", "5: 'b' stands where ',' or ')' should; write that instead"},
	{"f(3)", "3: '3' stands where an expression should; write that instead"},
	{"f(gr\xc3\xbc\xc3\x9f"
	 "e=%ax, %axx)",
	 "14: unknown register 'axx'; did you mean ax?"},
	/* registers and variables */
	{"f(%)",
	 "3: unknown register ''; ax bx cx dx si di bp sp r8 to r15 ip flags cs ss orig_ax and their parts "
	 "(eax, al, r8d) are known"},
	{"f(%r16)", "3: unknown register 'r16'; did you mean r10, r11, r12?"},
	{"f(%r7d)",
	 "3: unknown register 'r7d'; ax bx cx dx si di bp sp r8 to r15 ip flags cs ss orig_ax and their "
	 "parts (eax, al, r8d) are known"},
	{"f(%r08)", "3: unknown register 'r08'; did you mean r8?"},
	{"f(%AX)",
	 "3: unknown register 'AX'; ax bx cx dx si di bp sp r8 to r15 ip flags cs ss orig_ax and their "
	 "parts (eax, al, r8d) are known"},
	{"f($foo)",
	 "3: unknown variable '$foo'; $argN, $retN, $retval, $stack, $stackN, $comm, $pid, "
	 "$tid and $goid are known"},
	{"f($arg)",
	 "3: unknown variable '$arg'; $argN, $retN, $retval, $stack, $stackN, $comm, $pid, "
	 "$tid and $goid are known"},
	{"f($pid1)",
	 "3: unknown variable '$pid1'; $argN, $retN, $retval, $stack, $stackN, $comm, $pid, "
	 "$tid and $goid are known"},
	{"f($duration)", "3: unknown variable '$duration'; $argN, $retN, $retval, $stack, $stackN, "
			 "$comm, $pid, $tid and $goid are known"},
	{"f($arg0)", "7: bad number of $argN; write one from 1 to 255"},
	{"f($arg256)", "7: bad number of $argN; write one from 1 to 255"},
	{"f()($ret0)", "9: bad number of $retN; write one from 1 to 255"},
	{"f($stack65536)", "9: bad number of $stackN; write one from 0 to 65535"},
	{"f($stack99999999999999999999)", "9: bad number of $stackN; write one from 0 to 65535"},
	{"f($retval)",
	 "3: '$retval' is not there at entry; write it in a second list, FUNC()($retval)"},
	{"f(+0($ret1))",
	 "6: '$ret1' is not there at entry; write it in a second list, FUNC()($ret1)"},
	{"f()($arg1)",
	 "5: '$arg1' is gone at return, registers hold results then; write it in the first list"},
	/* memory */
	{"f(+8)", "5: '(' behind the offset is missing; write it"},
	{"f(+8%ax)", "5: '%' stands where '(' behind the offset should; write that instead"},
	{"f(+(%ax))", "4: '(' stands where a number should; write that instead"},
	{"f(+x(%ax))",
	 "4: bad number 'x'; write it decimal, hexadecimal (0x1f) or octal (017), with at most 64 bits"},
	{"f(+08(%ax))",
	 "4: bad number '08'; write it decimal, hexadecimal (0x1f) or octal (017), with at most 64 bits"},
	{"f(+0x(%ax))",
	 "4: bad number '0x'; write it decimal, hexadecimal (0x1f) or octal (017), with at most 64 bits"},
	{"f(+9223372036854775808(%ax))",
	 "4: bad number '9223372036854775808'; write one of 63 bits behind a sign"},
	{"f(-9223372036854775809(%ax))",
	 "4: bad number '9223372036854775809'; write one of 63 bits behind a sign"},
	{"f(+8())", "6: an expression is missing; write it"},
	{"f((%ax,%bx))",
	 "12: a value of several words needs a TYPE; write gostring, gobytes or goerror behind a ':'"},
	{"f((%ax,%bx):u64)",
	 "13: 'u64' is one word; write one EXPR, or gostring, gobytes or goerror"},
	{"f((%ax,%bx):gostring[2])",
	 "13: 'gostring[2]' lies in memory; write the EXPR of its address"},
	{"f((%ax,%bx,%cx):gostring)", "17: gostring is 2 words, and 3 are written"},
	{"f((%ax,%bx,%cx):goerror)", "17: goerror is 2 words, and 3 are written"},
	{"f((%ax,%bx,%cx,%dx):gobytes)", "16: more than 3 words; no TYPE has more"},
	{"f((%ax,%bx:gostring))", "11: ':' stands where ',' or ')' should; write that instead"},
	{"f(((%ax,%bx),%cx):gobytes)", "8: ')' is missing for the '(' of column 4; write it"},
	{"f(+8(%ax,%bx))", "9: ')' is missing for the '(' of column 5; write it"},
	{"f(+8(%ax:u8))", "9: ')' is missing for the '(' of column 5; write it"},
	{"f(+8(%ax 1))", "10: '1' stands where ')' should; write that instead"},
	{"f(+1(+2(+3(+4(+5(+6(+7(+8(+9(%ax))))))))))",
	 "27: memory nests deeper than 8 levels; leave some out"},
	{"f(*+1(*+2(*+3(*+4(*+5(%ax))))))",
	 "19: memory nests deeper than 8 levels; leave some out"},
	{"f(*********p)", "11: memory nests deeper than 8 levels; leave some out"},
	{"f((((((((((((((((((%ax))))))))))))))))))",
	 "19: more than 16 parentheses or stars around each other; leave some out"},
	{"f(*len(s))", "3: '*' is of a name, a register or memory; leave it out"},
	{"f(*$comm)", "3: '*' is of a name, a register or memory; leave it out"},
	{"f(*)", "4: an expression is missing; write it"},
	{"f(@)", "4: an address, a symbol or +OFFSET is missing; write it"},
	{"f(@,%ax)", "4: an address, a symbol or +OFFSET is missing; write it"},
	{"f(@main.x+)", "11: a number is missing; write it"},
	{"f(@main.x+y)",
	 "11: bad number 'y'; write it decimal, hexadecimal (0x1f) or octal (017), with at most 64 bits"},
	{"f(@main.F[int)", "4: ']' is missing in 'main.F[int'; write it"},
	{"f(@+)", "5: a number is missing; write it"},
	{"f(@1x)",
	 "4: bad number '1x'; write it decimal, hexadecimal (0x1f) or octal (017), with at most 64 bits"},
	{"f(\\)", "4: a number is missing; write it"},
	{"f(\\-)", "5: a number is missing; write it"},
	{"f(\\18446744073709551616)",
	 "4: bad number '18446744073709551616'; write it decimal, hexadecimal (0x1f) or octal (017), with at most 64 bits"},
	/* names */
	{"f(s.)", "5: a field's name is missing; write it"},
	{"f(s.3)", "5: '3' stands where a field's name should; write that instead"},
	{"f(s[])", "5: ']' stands where a number should; write that instead"},
	{"f(s[-1])", "5: '-' stands where a number should; write that instead"},
	{"f(s[1)", "6: ']' is missing; write it"},
	{"f(s[1:2])", "6: ':' stands where ']' should; write that instead"},
	{"f(len())", "7: a name is missing; write it"},
	{"f(len(%ax))", "7: '%' stands where a name should; write that instead"},
	{"f(len(len(s)))", "3: len() is of a name; write a parameter or result"},
	{"f(cap(s,t))", "8: ')' is missing for the '(' of column 6; write it"},
	{"f(len(*len(s)))", "7: '*' is of a name; leave it out"},
	{"f(len(s).x)", "9: '.' stands where ',' or ')' should; write that instead"},
	{"f(foo(s))", "6: '(' stands where ',' or ')' should; write that instead"},
	{"f(a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b)",
	 "68: more than 32 fields and indexes behind a name; leave some out"},
	/* types */
	{"f(%ax:)", "7: a type is missing; write it"},
	{"f(%ax:,%bx)", "7: a type is missing; write it"},
	{"f(%ax:u7)", "7: unknown type 'u7'; did you mean u8?"},
	{"f(%ax:b)",
	 "7: unknown type 'b'; u8..u64, s8..s64, x8..x64, bool, char, f32, f64, ptr, c8..c512, string, "
	 "gostring, gobytes, goerror and b<width>@<offset>/<container> are known"},
	{"f(%ax:u8 x)", "10: 'x' stands where ',' or ')' should; write that instead"},
	{"f(%ax:c0)", "7: 'c0' is no text type; c8, c16, ... c512 count bits, 8 a byte"},
	{"f(%ax:c12)", "7: 'c12' is no text type; c8, c16, ... c512 count bits, 8 a byte"},
	{"f(%ax:c520)", "7: 'c520' is no text type; c8, c16, ... c512 count bits, 8 a byte"},
	{"f(%ax:c128)",
	 "7: 'c128' is 16 bytes of text, a value has 8; write +0(EXPR):c128 for the memory "
	 "it points to"},
	{"f($comm:u64)", "9: $comm is text; leave 'u64' out or write string"},
	{"f($comm:string[2])", "9: $comm is text; leave 'string[2]' out or write string"},
	{"f(%ax:b4)", "9: '@' and the bit field's offset is missing; write it"},
	{"f(%ax:b4@8)", "11: '/' and the bit field's container is missing; write it"},
	{"f(%ax:b4@/8)", "10: bad number '' for the offset; write b<width>@<offset>/<container>"},
	{"f(%ax:b4x@0/8)", "8: bad number '4x' for the width; write b<width>@<offset>/<container>"},
	{"f(%ax:b0@0/8)", "8: bad width of a bit field; write one from 1 to 64"},
	{"f(%ax:b65@0/64)", "8: bad width of a bit field; write one from 1 to 64"},
	{"f(%ax:b1@64/64)", "10: bad offset of a bit field; write one from 0 to 63"},
	{"f(%ax:b1@0/128)", "12: bad container of a bit field; write one from 8 to 64"},
	{"f(%ax:b1@0/24)", "12: bad container of a bit field; write 8, 16, 32 or 64"},
	{"f(%ax:b4@5/8)",
	 "7: 4 bits from bit 5 on do not fit in a container of 8 bits; take fewer, or a larger one"},
	{"f(%ax:u8[])", "10: ']' stands where the array's length should; write that instead"},
	{"f(%ax:u8[0])", "10: bad length of an array; write one from 1 to 64"},
	{"f(%ax:u8[65])", "10: bad length of an array; write one from 1 to 64"},
	{"f(%ax:u8[x])", "10: bad number 'x' for an array's length; write one from 1 to 64"},
	{"f(%ax:u8[2)", "11: ']' is missing; write it"},
	{"f(%ax:u8[2][2])", "12: '[' stands where ',' or ')' should; write that instead"},
};

static void messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		const struct row *row = &mistakes[i];
		struct buf expected = {0};
		struct error err = {0};

		print_message("%s\n", row->rule);
		assert_null(rule_parse(row->rule, 7, 3, &err));
		buf_addf(&expected, "rule 7, column %s", row->expected);
		assert_string_equal(err.text, buf_str(&expected));
		assert_int_equal(err.code, -EINVAL);
		assert_null(rule_parse(row->rule, 7, 3, NULL));
		buf_release(&expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
