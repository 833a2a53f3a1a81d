/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Brief values: what is left out of them, and how they fit into their room.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <limits.h>

#include "base/width.h"
#include "sink/made_values.h"
#include "sink/value_text.h"

static struct made m;
static struct buf buf;
static const struct short_names names; /* of no package */
static const struct value_style brief = {.brief = true, .names = &names};

static int fresh(void **state)
{
	(void)state;
	made_reset(&m);
	return 0;
}

static int release(void **state)
{
	(void)state;
	buf_release(&buf);
	return 0;
}

static void assert_args(const char *text)
{
	buf_reset(&buf);
	value_text_args(&buf, made_done(&m), &brief, NULL);
	assert_string_equal(buf_str(&buf), text);
	made_reset(&m);
}

/* What becomes of the same values where a line has `room` columns for them. */
static void assert_in(unsigned int room, const char *text)
{
	struct value_room space = {0};

	buf_reset(&buf);
	value_text_args(&buf, made_done(&m), &brief, &space);
	assert_int_equal(space.width, text_width(buf.data, buf.len));
	if (space.width > room) {
		buf_reset(&buf);
		value_room_share(&space, room);
		value_text_args(&buf, made_done(&m), &brief, &space);
	}
	assert_string_equal(buf_str(&buf), text);
	assert_true(text_width(buf.data, buf.len) <= room);
}

static void add_object(const char *name, const char *type)
{
	made_add(&m, VALUE_OBJECT, name, type);
	made_in(&m);
}

static void add_pointer(const char *name, const char *type, uint64_t address)
{
	made_add(&m, VALUE_POINTER, name, type)->u = address;
	made_in(&m);
	add_object(NULL, type + 1);
}

static struct value *add_dynamic(const char *name, const char *type, uint64_t word)
{
	struct value *value = made_add(&m, VALUE_DYNAMIC, name, "interface {}");

	value->dynamic = value->text = type;
	value->nbytes = (uint32_t)strlen(type);
	value->word = word;
	return value;
}

static struct value *add_said(const char *name, const char *text)
{
	struct value *value = made_text(&m, name, text);

	value->kind = VALUE_SAID;
	return value;
}

static void add_zeros(void)
{
	made_number(&m, "a", "int", 0);
	made_add(&m, VALUE_UNSIGNED, "b", "uint");
	made_add(&m, VALUE_BOOL, "c", "bool");
	made_add(&m, VALUE_FLOAT, "d", "float64");
	made_add(&m, VALUE_COMPLEX, "e", "complex128");
	made_text(&m, "f", "");
	made_add(&m, VALUE_NULL, "g", "[]int");
	made_add(&m, VALUE_ADDRESS, "h", "uintptr");
	made_add(&m, VALUE_FUNC, "i", "func()");
	add_said("j", "0s")->zero = true;
	made_add(&m, VALUE_LIST, "k", "[2]int");
	made_in(&m);
	made_number(&m, NULL, "int", 0);
	made_number(&m, NULL, "int", 0);
	made_out(&m);
	made_add(&m, VALUE_HEX, "l", "x64");
}

static void fields_that_are_zero_are_left_out(void **state)
{
	(void)state;
	add_object("s", "main.T");
	add_zeros();
	made_out(&m);
	assert_args("s={}");
	add_object("s", "main.T");
	add_zeros();
	made_number(&m, "n", "int", 1);
	add_object("inner", "main.Inner");
	add_zeros();
	made_out(&m);
	made_add(&m, VALUE_FLOAT, "minus", "float64")->f = -0.0;
	made_add(&m, VALUE_MAP, "m", "map[int]int")->len = 0;
	made_add(&m, VALUE_LIST, "empty", "[]int");
	made_text(&m, "cut", "")->truncated = true;
	made_error(&m, "bad", VALUE_UNREADABLE, 0);
	made_out(&m);
	assert_args("s={n:1, minus:-0, m:map[0], empty:[], cut:..., bad:<unreadable 0x0>}");
}

static void zeros_outside_of_structs_are_there(void **state)
{
	(void)state;
	add_zeros();
	assert_args(
		"a=0, b=0, c=false, d=0, e=(0+0i), f=\"\", g=nil, h=0x0, i=0x0, j=0s, k=[0, 0], "
		"l=0x0");
}

static void what_was_not_read_is_told_once(void **state)
{
	(void)state;
	add_pointer("s", "*main.T", 0xc000);
	made_add(&m, VALUE_DEEPER, "a", "T");
	made_number(&m, "n", "int", 1);
	made_add(&m, VALUE_DEEPER, "b", "T");
	add_object("inner", "main.Inner");
	made_add(&m, VALUE_DEEPER, "c", "T");
	made_number(&m, "zero", "int", 0);
	made_out(&m);
	made_text(&m, "z", "last");
	made_out(&m);
	made_out(&m);
	assert_args("s=&{n:1, z:\"last\", ...}");
	add_object("s", "main.T");
	made_add(&m, VALUE_DEEPER, "a", "T");
	made_add(&m, VALUE_DEEPER, "b", "T");
	made_out(&m);
	made_add(&m, VALUE_DEEPER, "d", "T");
	assert_args("s={...}, d=...");
	made_add(&m, VALUE_LIST, "l", "[]T")->truncated = true;
	made_in(&m);
	made_number(&m, NULL, "int", 1);
	made_add(&m, VALUE_DEEPER, NULL, "T");
	made_add(&m, VALUE_DEEPER, NULL, "T");
	made_out(&m);
	assert_args("l=[1, ...]");
}

static void pointers_that_were_not_followed_are_named(void **state)
{
	(void)state;
	made_add(&m, VALUE_ADDRESS, "p", "*example.org/m/http.Server")->u = 0xc000123;
	made_add(&m, VALUE_ADDRESS, "q", "uintptr")->u = 0x10;
	made_add(&m, VALUE_ADDRESS, "r", "*a/b.Map[c/d.Key,*e/f.Value]")->u = 0x20;
	add_dynamic("i", "*http.response", 0xc000456);
	add_dynamic("j", "*http.response", 0);
	assert_args("p=*http.Server(0xc000123), q=0x10, r=*b.Map[d.Key,*f.Value](0x20), "
		    "i=*http.response(0xc000456), j=*http.response(...)");
}

static void pointers_in_structs_are_named_where_they_were_shown(void **state)
{
	static struct shown shown;
	static const struct tree tree;
	const struct value_style style = {.brief = true, .names = &names, .shown = &shown};

	(void)state;
	shown_begin_tree(&shown, &tree);
	shown_begin_line(&shown, 0);
	add_pointer("t", "*main.T", 0xc000);
	made_number(&m, "n", "int", 1);
	made_out(&m);
	made_out(&m);
	add_object("s", "main.S");
	made_add(&m, VALUE_ADDRESS, "other", "*main.T")->u = 0xd000;
	made_add(&m, VALUE_ADDRESS, "same", "*main.T")->u = 0xc000;
	made_add(&m, VALUE_ADDRESS, "none", "*main.T");
	made_add(&m, VALUE_ADDRESS, "raw", "unsafe.Pointer")->u = 0xe000;
	made_out(&m);
	buf_reset(&buf);
	value_text_args(&buf, made_done(&m), &style, NULL);
	assert_string_equal(buf_str(&buf), "t=&{n:1}, s={same:*main.T(0xc000), ...}");
	made_reset(&m);
	add_object("s", "main.S");
	made_add(&m, VALUE_ADDRESS, "alone", "*main.T")->u = 0xc000;
	made_out(&m);
	assert_args("s={...}");
}

/* Whoever gets an error looks for what it is. */
static void errors_are_shown_at_each_level(void **state)
{
	static struct shown shown;
	struct call calls[2] = {{.parent = CALL_NONE}, {.parent = 0, .level = 1}};
	struct tree tree = {.calls = calls, .ncalls = 2};
	const struct value_style style = {.brief = true, .names = &names, .shown = &shown};

	(void)state;
	shown_begin_tree(&shown, &tree);
	for (uint32_t line = 0; line < 2; line++) {
		shown_begin_line(&shown, line);
		for (int error = 0; error < 2; error++) {
			add_dynamic("e", "*main.T", 0xc000 + 8 * (uint64_t)error)->type =
				error ? "error" : "main.I";
			made_in(&m);
			made_add(&m, VALUE_POINTER, NULL, NULL);
			made_in(&m);
			add_object(NULL, NULL);
			made_number(&m, "n", "int", 1);
			made_out(&m);
			made_out(&m);
			made_out(&m);
		}
		buf_reset(&buf);
		value_text_args(&buf, made_done(&m), &style, NULL);
		assert_string_equal(buf_str(&buf), line ? "e=*main.T(0xc000), e=*main.T{n:1}"
							: "e=*main.T{n:1}, e=*main.T{n:1}");
		made_reset(&m);
	}
}

static void interfaces_have_one_pair_of_brackets(void **state)
{
	(void)state;
	add_dynamic("i", "*main.T", 0xc000);
	made_in(&m);
	made_add(&m, VALUE_POINTER, NULL, NULL);
	made_in(&m);
	add_object(NULL, NULL);
	made_number(&m, "n", "int", 1);
	made_out(&m);
	made_out(&m);
	made_out(&m);
	add_dynamic("j", "main.T", 0);
	made_in(&m);
	add_object(NULL, NULL);
	made_number(&m, "n", "int", 2);
	made_out(&m);
	made_out(&m);
	add_dynamic("k", "int", 0);
	made_in(&m);
	made_number(&m, NULL, "int", 3);
	made_out(&m);
	add_dynamic("e", "*errors.errorString", 0xc000)->says = true;
	made_in(&m);
	made_text(&m, NULL, "boom");
	made_out(&m);
	assert_args("i=*main.T{n:1}, j=main.T{n:2}, k=int(3), e=*errors.errorString(\"boom\")");
}

static void what_a_value_says_stands_for_it(void **state)
{
	(void)state;
	add_said("d", "30s");
	made_add(&m, VALUE_POINTER, "r", "*net/http.Request")->says = true;
	made_in(&m);
	add_object(NULL, NULL);
	made_text(&m, "Method", "GET");
	made_out(&m);
	made_text(&m, NULL, "GET example.com/\x1b");
	made_out(&m);
	made_add(&m, VALUE_POINTER, "u", "*net/url.URL");
	made_in(&m);
	add_said(NULL, "http://a/")->truncated = true;
	made_out(&m);
	made_add(&m, VALUE_UNSIGNED, "c", "net/http.ConnState")->u = 2;
	m.all[m.count - 1].symbol = "StateIdle";
	assert_args("d=30s, r=GET example.com/\\x1b, u=http://a/..., c=2 (StateIdle)");
}

static void more_items_than_were_read_are_told(void **state)
{
	(void)state;
	made_number(&m, "a", "int", 1);
	m.values.len = 40;
	assert_args("a=1, ...");
	m.values.len = 2;
	assert_args("...");
}

static void values_end_at_their_bounds(void **state)
{
	static char text[300];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	made_text(&m, "s", text);
	buf_reset(&buf);
	value_text_args(&buf, made_done(&m), &brief, NULL);
	assert_int_equal(buf.len, strlen("s=") + 100);
	assert_memory_equal(buf.data + buf.len - 5, "x\"...", 5);
	made_reset(&m);
	add_dynamic("e", "*errors.errorString", 0xc000)->says = true;
	made_in(&m);
	made_text(&m, NULL, text);
	made_out(&m);
	buf_reset(&buf);
	value_text_args(&buf, made_done(&m), &brief, NULL);
	assert_int_equal(buf.len, strlen("e=") + 200);
	assert_memory_equal(buf.data + buf.len - 6, "x\"...)", 6);
}

static void add_large(void)
{
	add_pointer("s", "*main.T", 0xc000);
	add_object("conf", "main.Conf");
	made_text(&m, "name", "a name");
	made_text(&m, "path", "/srv/data/of/this/server");
	made_out(&m);
	made_text(&m, "addr", "127.0.0.1:8080");
	made_add(&m, VALUE_LIST, "tags", "[]string");
	made_in(&m);
	for (int i = 0; i < 8; i++)
		made_text(&m, NULL, "a tag");
	made_out(&m);
	made_number(&m, "conns", "int", 12345);
	made_out(&m);
	made_out(&m);
}

/* Scalars and texts come before what is made of parts, each in its place. */
static void what_says_most_comes_first(void **state)
{
	(void)state;
	add_large();
	assert_in(
		100,
		"s=&{conf:{name:\"a name\", path:\"/srv/data/of/this/server\"}, addr:\"127.0.0.1:8080\", conns:12345, ...}");
	assert_in(
		94,
		"s=&{conf:{name:\"a name\", path:\"/srv/data/o\"...}, addr:\"127.0.0.1:8080\", conns:12345, ...}");
	assert_in(68, "s=&{addr:\"127.0.0.1:8080\", tags:[\"a tag\", ...], conns:12345, ...}");
	assert_in(44, "s=&{addr:\"127.0.0.1:8080\", conns:12345, ...}");
	assert_in(40, "s=&{addr:\"127.0.0.1:8080\", ...}");
	assert_in(25, "s=&{conns:12345, ...}");
	assert_in(14, "...");
	assert_in(4, "...");
}

static void short_values_are_kept_whole(void **state)
{
	(void)state;
	made_number(&m, "n", "int", 1);
	made_text(&m, "text", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	made_add(&m, VALUE_NULL, "err", "error");
	made_text(&m, "more", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
	assert_in(70, "n=1, text=\"aaaaaaaaaaaaaaaaa\"..., err=nil, more=\"bbbbbbbbbbbbbbbbb\"...");
	assert_in(30, "n=1, err=nil, ...");
}

/* Of a method that fails the reason is looked for, then what it was called with, and its receiver last. */
static void structs_give_way_to_texts_and_both_to_errors(void **state)
{
	(void)state;
	add_pointer("s", "*main.Server", 0xc000);
	made_number(&m, "appliedIndex", "int", 4);
	made_number(&m, "committedIndex", "int", 4);
	made_number(&m, "lead", "int", 1366803315117190);
	made_out(&m);
	made_out(&m);
	add_pointer("r", "*main.Put", 0xc100);
	made_text(&m, "Key", "hello");
	made_text(&m, "Value", "world");
	made_out(&m);
	made_out(&m);
	made_text(&m, "subject", "$SYS.ACCOUNT.$G.CONNECT");
	assert_in(
		100,
		"s=&{appliedIndex:4, ...}, r=&{Key:\"hello\", Value:\"world\"}, subject=\"$SYS.ACCOUNT.$G.CONNECT\"");

	made_reset(&m);
	made_text(&m, "query", "insert into nowhere (name) values (?)");
	add_dynamic("err", "*sqlite.Error", 0xc200)->type = "error";
	made_in(&m);
	made_add(&m, VALUE_POINTER, NULL, NULL);
	made_in(&m);
	add_object(NULL, NULL);
	made_text(&m, "msg", "no such table: nowhere (1)");
	made_number(&m, "code", "int", 1);
	made_out(&m);
	made_out(&m);
	made_out(&m);
	assert_in(
		95,
		"query=\"insert into nowhere (na\"..., err=*sqlite.Error{msg:\"no such table: nowhere (1)\", code:1}");
}

static void wide_characters_take_two_columns(void **state)
{
	(void)state;
	made_text(&m, "s",
		  "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
		  "\x1b\x1b\x1b\x1b");
	assert_in(40, "s=\"\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
		      "\\x1b\\x1b\\x1b\\x1b\"");
	assert_in(30, "s=\"\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"
		      "\\x1b\\x1b\"...");
	assert_in(16, "s=\"\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad\"...");
}

static uint32_t random_state;

/* xorshift: the same values in each run. */
static uint32_t pick(uint32_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % below;
}

static void add_any(const char *name, unsigned int depth)
{
	static const char *const texts[] = {"", "a", "\x1b[31m\n\xff",
					    "\xe6\xbc\xa2\xe5\xad\x97"
					    "e\xcc\x81",
					    "a text of some thirty columns."};
	uint32_t kind = pick(depth < 4 && m.count < 40 ? 10 : 6);

	if (kind == 0)
		made_number(&m, name, "int", pick(3) * 1234567);
	else if (kind == 1 || kind == 2)
		made_text(&m, name, texts[pick(5)])->truncated = !pick(4);
	else if (kind == 3)
		add_said(name, texts[pick(5)])->zero = !pick(4);
	else if (kind == 4)
		made_add(&m, pick(2) ? VALUE_DEEPER : VALUE_NULL, name, "T");
	else if (kind == 5)
		made_add(&m, VALUE_ADDRESS, name, "*example.org/a/b.Type")->u =
			pick(2) * 0xc000123456;
	if (kind < 6)
		return;
	if (kind == 6)
		made_add(&m, VALUE_POINTER, name, "*main.T")->u = 0xc000;
	else if (kind == 7)
		add_dynamic(name, "*main.T", 0xc000);
	else
		made_add(&m, kind == 8 ? VALUE_OBJECT : VALUE_LIST, name, "main.T");
	made_in(&m);
	for (uint32_t i = kind < 8 ? 1 : pick(6); i; i--)
		add_any(kind == 8 ? "field" : NULL, depth + 1);
	made_out(&m);
}

static void any_values_fit_into_their_room(void **state)
{
	static struct shown shown;
	const struct value_style style = {.brief = true, .names = &names, .shown = &shown};
	struct call call = {.parent = CALL_NONE};
	struct tree tree = {.calls = &call, .ncalls = 1};

	(void)state;
	random_state = 20260701;
	for (int round = 0; round < 3000; round++) {
		struct value_room space = {0};
		uint32_t room = 16 + pick(200);

		made_reset(&m);
		for (uint32_t i = pick(6); i; i--)
			add_any("arg", 0);
		shown_begin_tree(&shown, &tree);
		shown_begin_line(&shown, 0);
		buf_reset(&buf);
		value_text_args(&buf, made_done(&m), &style, &space);
		assert_true(space.width <= m.values.nitems * 206);
		if (space.width <= room)
			continue;
		shown_undo(&shown, 0);
		buf_reset(&buf);
		value_room_share(&space, room);
		value_text_args(&buf, made_done(&m), &style, &space);
		if (text_width(buf.data, buf.len) > room)
			fail_msg("round %d: more than %u columns: %s", round, room, buf_str(&buf));
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, release)
	const struct CMUnitTest tests[] = {
		TEST(fields_that_are_zero_are_left_out),
		TEST(zeros_outside_of_structs_are_there),
		TEST(what_was_not_read_is_told_once),
		TEST(pointers_that_were_not_followed_are_named),
		TEST(pointers_in_structs_are_named_where_they_were_shown),
		TEST(errors_are_shown_at_each_level),
		TEST(interfaces_have_one_pair_of_brackets),
		TEST(what_a_value_says_stands_for_it),
		TEST(more_items_than_were_read_are_told),
		TEST(values_end_at_their_bounds),
		TEST(what_says_most_comes_first),
		TEST(short_values_are_kept_whole),
		TEST(structs_give_way_to_texts_and_both_to_errors),
		TEST(wide_characters_take_two_columns),
		TEST(any_values_fit_into_their_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
