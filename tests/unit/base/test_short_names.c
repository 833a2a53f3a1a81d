/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/short_names.h"

static const char *const symbols[] = {
	"main.main",
	"net/http.Get",
	"encoding/json.Marshal",
	"vendor/golang.org/x/net/idna.ToASCII",
	"github.com/caddyserver/caddy/v2.Load",
	"github.com/caddyserver/caddy/v2/modules/caddyhttp.(*Server).ServeHTTP",
	"gopkg.in/yaml%2ev3.Unmarshal",
	"github.com/a/b/util.Do",
	"github.com/c/util.Do",
	"k8s.io/api/core/v1.Pod",
	/* Told apart by a version alone, and from another one by more. */
	"example.com/twin.F",
	"example.com/twin/v2.F",
	"example.org/twin.F",
	"example.com/three/lib.F",
	"example.com/three/v3/lib.F",
	/* One that is the end of another. */
	"log.Print",
	"github.com/x/log.Print",
	"github.com/x/main.F",
	/* Nothing to do with packages. */
	"cmpbody",
	"github.com/c/sub.T.github.com/a/b/util.do",
	"go:struct { net/http.Flusher; x.http.CloseNotifier }.Flush",
	"type:.eq.example.org/only/util.T",
};

static void check_all(const char *const (*rows)[2], size_t count, const struct short_names *names)
{
	struct buf text = {0};

	for (size_t i = 0; i < count; i++) {
		buf_reset(&text);
		short_names_put(names, &text, rows[i][0]);
		assert_string_equal(buf_str(&text), rows[i][1]);
	}
	buf_release(&text);
}

#define CHECK(rows, names) check_all(rows, sizeof(rows) / sizeof((rows)[0]), names)

static void test_short(void **state)
{
	static const char *const rows[][2] = {
		{"main.main", "main.main"},
		{"net/http.(*Server).Serve.func1", "http.(*Server).Serve.func1"},
		{"net/http.(*Server).Serve-fm", "http.(*Server).Serve-fm"},
		{"encoding/json.init.0", "json.init.0"},
		{"encoding/json.glob..func1", "json.glob..func1"},
		{"vendor/golang.org/x/net/idna.ToASCII", "idna.ToASCII"},
		{"github.com/caddyserver/caddy/v2.Load", "caddy.Load"},
		{"github.com/caddyserver/caddy/v2/modules/caddyhttp.(*Server).ServeHTTP",
		 "caddyhttp.(*Server).ServeHTTP"},
		{"gopkg.in/yaml%2ev3.Unmarshal", "yaml.v3.Unmarshal"},
		{"github.com/a/b/util.Do", "b/util.Do"},
		{"github.com/c/util.Do", "c/util.Do"},
		{"k8s.io/api/core/v1.Pod", "v1.Pod"},
		{"log.Print", "log.Print"},
		{"github.com/x/log.Print", "x/log.Print"},
		{"github.com/x/main.F", "x/main.F"},
		{"cmpbody", "cmpbody"},
		{"runtime.memmove.abi0", "runtime.memmove.abi0"},
		/* Promoted methods, and what is made for types without names. */
		{"github.com/c/sub.T.github.com/a/b/util.do", "sub.T.b/util.do"},
		{"github.com/c/sub.(*T).github.com/a/b/util.do", "sub.(*T).b/util.do"},
		{"main.T.net/http.do", "main.T.http.do"},
		{"go:struct { net/http.Flusher; net/http.CloseNotifier }.Flush",
		 "go:struct { http.Flusher; http.CloseNotifier }.Flush"},
	};
	static const char *const versions[][2] = {
		{"example.com/twin.F", "example.com/twin.F"},
		{"example.com/twin/v2.F", "example.com/twin/v2.F"},
		{"example.org/twin.F", "example.org/twin.F"},
		{"example.com/three/lib.F", "three/lib.F"},
		{"example.com/three/v3/lib.F", "three/v3/lib.F"},
	};
	struct short_names names = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		assert_int_equal(short_names_add(&names, symbols[i]), 0);
	short_names_seal(&names);
	CHECK(rows, &names);
	CHECK(versions, &names);
	short_names_release(&names);
}

/* Paths inside of names. */
static void test_inside(void **state)
{
	static const char *const rows[][2] = {
		{"main.Map[go.shape.string]", "main.Map[go.shape.string]"},
		{"main.Map[github.com/a/b/util.T,net/http.Header]",
		 "main.Map[b/util.T,http.Header]"},
		{"net/http.(*Set[github.com/c/util.T[go.shape.int]]).Add.func1",
		 "http.(*Set[c/util.T[go.shape.int]]).Add.func1"},
		{"main.F[go.shape.struct { net/http.x int \"json:\\\"a/b.c\\\"\"; Y "
		 "[]gopkg.in/yaml%2ev3.Node }]",
		 "main.F[go.shape.struct { http.x int \"json:\\\"a/b.c\\\"\"; Y []yaml.v3.Node }]"},
		{"type:.eq.[2]github.com/c/util.T", "type:.eq.[2]c/util.T"},
		{"type..hash.net/http.socksAddr", "type..hash.http.socksAddr"},
		{"*net/http.Request", "*http.Request"},
		{"map[string]*net/http.Request", "map[string]*http.Request"},
		{"func(...github.com/c/util.T) (int, error)", "func(...c/util.T) (int, error)"},
		{"<-chan net/http.Header", "<-chan http.Header"},
		/* Packages that have types only. */
		{"*github.com/z/model.T", "*model.T"},
		{"github.com/z/util.T", "z/util.T"},
		{"github.com/z/log.T", "z/log.T"},
	};
	struct short_names names = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
		assert_int_equal(short_names_add(&names, symbols[i]), 0);
	short_names_seal(&names);
	CHECK(rows, &names);
	short_names_release(&names);
}

static void test_full(void **state)
{
	static const char *const rows[][2] = {
		{"gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3.Unmarshal"},
		{"example.com/gr%c3%bcn.F", "example.com/gr\xc3\xbcn.F"},
		{"net/http.Get", "net/http.Get"},
		{"odd%", "odd%"},
		{"odd%2", "odd%2"},
		{"odd%zz%00", "odd%zz%00"},
	};

	(void)state;
	CHECK(rows, NULL);
}

/* Text that no linker wrote. */
static void test_odd(void **state)
{
	static const char *const rows[][2] = {
		{"", ""},
		{"/", "/"},
		{"a//b.F", "b.F"},
		{"/.F", ".F"},
		{"v2/v3.F", "v2.F"},
		{"...", "..."},
		{"a/b", "a/b"},
		{"x[\"open", "x[\"open"},
		{"x[\"\\", "x[\"\\"},
	};
	struct short_names names = {0};

	(void)state;
	short_names_seal(&names);
	CHECK(rows, &names);
	short_names_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_odd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
