/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/written.h"

static const char *const symbols[] = {
	"main.main",
	"net/http.Get",
	"github.com/prometheus/prometheus/promql.(*Engine).exec",
	"github.com/caddyserver/caddy/v2.Load",
	"github.com/caddyserver/caddy/v2/modules/caddyhttp.(*Server).ServeHTTP",
	"gopkg.in/yaml%2ev3.Unmarshal",
	"github.com/a/b/util.Do",
	"github.com/c/util.Do",
};

/* The nearest form in which `written` matches the symbol. */
static enum written_form form_of(struct written_symbol *at, const char *symbol, const char *written)
{
	written_symbol_set(at, symbol);
	for (enum written_form form = 0; form < WRITTEN_NOTHING; form++)
		if (written_matches(at, written, form))
			return form;
	return WRITTEN_NOTHING;
}

struct row {
	const char *symbol, *written;
	enum written_form form;
};

static void check_all(const struct row *rows, size_t count)
{
	struct short_names names = {0};
	struct written_symbol at;

	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		assert_int_equal(short_names_add(&names, symbols[i]), 0);
	short_names_seal(&names);
	written_symbol_init(&at, &names);
	for (size_t i = 0; i < count; i++) {
		enum written_form form = form_of(&at, rows[i].symbol, rows[i].written);

		if (form != rows[i].form)
			fail_msg("%s for %s: %d instead of %d", rows[i].written, rows[i].symbol,
				 form, rows[i].form);
	}
	written_symbol_release(&at);
	short_names_release(&names);
}

#define CHECK(rows) check_all(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_whole_names(void **state)
{
	static const struct row rows[] = {
		{"main.main", "main.main", WRITTEN_NAME},
		{"main.main", "main.*", WRITTEN_GLOB},
		{"main.main", "main.Main", WRITTEN_NOTHING},
		{"net/http.Get", "net/http.?et", WRITTEN_GLOB},
		/* A dot of the path is one. */
		{"gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3.Unmarshal", WRITTEN_NAME},
		{"gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml%2ev3.Unmarshal", WRITTEN_NAME},
		{"gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3.*", WRITTEN_GLOB},
		{"gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml?v3.*", WRITTEN_GLOB},
		{"gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml_v3.*", WRITTEN_NOTHING},
		/* Assembly. */
		{"runtime.memmove.abi0", "runtime.memmove.abi0", WRITTEN_NAME},
		{"runtime.memmove.abi0", "runtime.memmove", WRITTEN_GLOB},
		{"runtime.memmove.abi0", "runtime.memmov", WRITTEN_NOTHING},
	};

	(void)state;
	CHECK(rows);
}

static void test_generics(void **state)
{
	static const struct row rows[] = {
		{"main.Map[go.shape.string]", "main.Map", WRITTEN_GLOB},
		{"main.Map[go.shape.string]", "main.Map[go.shape.string]", WRITTEN_NAME},
		{"main.Map[go.shape.string]", "main.M?p", WRITTEN_GLOB},
		{"main.Map[go.shape.string]", "main.Map[string]", WRITTEN_GLOB},
		{"main.Map[go.shape.string]", "main.Map[...]", WRITTEN_GLOB},
		{"main.Map[go.shape.string]", "main.Map[*]", WRITTEN_GLOB},
		{"main.Map[go.shape.string]", "main.Map[int]", WRITTEN_NOTHING},
		{"main.Map[go.shape.string]", "main.Map[string,int]", WRITTEN_NOTHING},
		{"main.Map[go.shape.string]", "main.Ma", WRITTEN_NOTHING},
		{"main.Map[go.shape.string].func1", "main.Map.func1", WRITTEN_GLOB},
		{"main.Map[go.shape.string].func1", "main.Map[string].func*", WRITTEN_GLOB},
		{"main.Map[go.shape.string].func1", "main.Map", WRITTEN_NOTHING},
		{"main.(*Set[go.shape.string]).Add", "main.(*Set).Add", WRITTEN_GLOB},
		{"main.(*Set[go.shape.string]).Add", "main.(*Set[string]).Add", WRITTEN_GLOB},
		{"main.(*Set[go.shape.string]).Add", "main.(*Set[...]).*", WRITTEN_GLOB},
		{"main.(*Set[go.shape.int32]).Add", "main.(*Set[rune]).Add", WRITTEN_GLOB},
		{"main.P[go.shape.int,go.shape.string]", "main.P[int, string]", WRITTEN_GLOB},
		{"main.P[go.shape.int,go.shape.string]", "main.P[int,*]", WRITTEN_GLOB},
		{"main.P[go.shape.int,go.shape.string]", "main.P[int]", WRITTEN_NOTHING},
		{"main.P[go.shape.*uint8]", "main.P[*main.T]", WRITTEN_GLOB},
		{"main.P[go.shape.*uint8]", "main.P[[]main.T]", WRITTEN_NOTHING},
		{"main.P[go.shape.[]main.T]", "main.P[[]main.T]", WRITTEN_GLOB},
		{"main.P[go.shape.interface {}]", "main.P[any]", WRITTEN_GLOB},
		{"main.P[go.shape.map[string]int]", "main.P[map[string]int]", WRITTEN_GLOB},
		{"main.P[go.shape.struct { A int \"x:\\\"]\\\"\" }]", "main.P", WRITTEN_GLOB},
		/* Go 1.19 numbers them; stripped, 1.20 and older have one name for all. */
		{"main.Map[go.shape.int_0]", "main.Map[int]", WRITTEN_GLOB},
		{"main.Map[...]", "main.Map", WRITTEN_GLOB},
		{"main.Map[...]", "main.Map[int]", WRITTEN_NOTHING},
		/* A set is one all the same. */
		{"main.leaf", "main.[kl]eaf", WRITTEN_GLOB},
		{"main.Map[go.shape.int]", "main.[M]ap*", WRITTEN_GLOB},
	};

	(void)state;
	CHECK(rows);
}

/* As text shows them, and ends. */
static void test_ends(void **state)
{
	static const char load[] = "github.com/caddyserver/caddy/v2.Load";
	static const char exec[] = "github.com/prometheus/prometheus/promql.(*Engine).exec";
	static const struct row rows[] = {
		{exec, "promql.(*Engine).exec", WRITTEN_SHORT_NAME},
		{exec, "promql.*", WRITTEN_SHORT_GLOB},
		{exec, "prometheus/promql.*", WRITTEN_END_GLOB},
		{exec, "prometheus/promql.(*Engine).exec", WRITTEN_END_NAME},
		{exec, "theus/promql.*", WRITTEN_NOTHING},
		{exec, "(*Engine).exec", WRITTEN_NOTHING},
		{exec, "Engine.exec", WRITTEN_NOTHING},
		{exec, "promql", WRITTEN_NOTHING},
		{load, "caddy.Load", WRITTEN_SHORT_NAME},
		{load, "caddyserver/caddy.Load", WRITTEN_END_NAME},
		{load, "caddy/v2.Load", WRITTEN_END_NAME},
		{load, "v2.Load", WRITTEN_END_NAME},
		{"github.com/caddyserver/caddy/v2/modules/caddyhttp.(*Server).ServeHTTP",
		 "caddy/modules/caddyhttp.*", WRITTEN_END_GLOB},
		{"gopkg.in/yaml%2ev3.Unmarshal", "yaml.v3.Unmarshal", WRITTEN_SHORT_NAME},
		{"gopkg.in/yaml%2ev3.Unmarshal", "yaml%2ev3.Unmarshal", WRITTEN_NOTHING},
		/* What would be the same is longer. */
		{"github.com/a/b/util.Do", "b/util.Do", WRITTEN_SHORT_NAME},
		{"github.com/a/b/util.Do", "util.Do", WRITTEN_END_NAME},
		{"github.com/a/b/util.Map[go.shape.int]", "b/util.Map[go.shape.int]",
		 WRITTEN_SHORT_NAME},
		{"github.com/a/b/util.Map[go.shape.int]", "b/util.Map[int]", WRITTEN_SHORT_GLOB},
		{"main.F[github.com/a/b/util.T]", "main.F[b/util.T]", WRITTEN_SHORT_NAME},
		{"type:.eq.github.com/a/b/util.T", "util.T", WRITTEN_NOTHING},
	};

	(void)state;
	CHECK(rows);
}

/* What no linker wrote, and globs that are no names. */
static void test_odd(void **state)
{
	static const struct row rows[] = {
		{"", "*", WRITTEN_GLOB},
		{"a[", "a[", WRITTEN_NAME},
		{"a[b", "a", WRITTEN_NOTHING},
		{"a[\"]", "a", WRITTEN_NOTHING},
		{"a[]", "a", WRITTEN_GLOB},
		{"a[b][c", "a?c", WRITTEN_GLOB},
		{"a[b]", "a[", WRITTEN_NOTHING},
		{"a[b]", "a\\[b\\]", WRITTEN_GLOB},
		{"a[b][c][d][e][f][g]", "a[b][c][d][e][f]", WRITTEN_NOTHING},
		{"a[,]", "a[,]", WRITTEN_NAME},
		{"a/", "", WRITTEN_END_NAME},
		{"%", "%", WRITTEN_NAME},
	};

	(void)state;
	CHECK(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_names),
		cmocka_unit_test(test_generics),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
