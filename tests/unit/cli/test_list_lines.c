/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/cmd/list_lines.h"

static struct image_info info = {.module_root = "/src/app"};

/* In the place of the image layer's: a plan without executables. */
const struct image_info *image_info(const struct image *img)
{
	(void)img;
	return &info;
}

ssize_t image_find(const struct image *img, uint64_t pc)
{
	(void)img, (void)pc;
	return -1;
}

int image_func(const struct image *img, size_t index, bool with_position, struct image_func *func)
{
	(void)img, (void)index, (void)with_position, (void)func;
	return -EINVAL;
}

static struct site sites[] = {
	{.kind = SITE_ENTRY, .emulated = true},
	{.kind = SITE_RET},
	{.kind = SITE_TAIL},
	{.kind = SITE_ENTRY},
};

static struct plan_func funcs[] = {
	{.name = "main.add",
	 .file = "/src/app/sub/add.go",
	 .line = 19,
	 .size = 37,
	 .first_site = 0,
	 .nsites = 3},
	{.name = "main.\x1b[2J\"spin", .file = "?", .size = 112, .first_site = 3, .nsites = 1},
};

static struct plan_skipped skipped[] = {
	{.name = "main.tiny", .reason = "inlined everywhere"},
};

static const struct list_place places[] = {
	{"/src/app/main.go", 12},
	{"/usr/lib/go/src/fmt/print.go", 300},
};

static struct plan whole = {
	.nimages = 1,
	.funcs = funcs,
	.nfuncs = 2,
	.sites = sites,
	.nsites = 4,
	.skipped = skipped,
	.nskipped = 1,
};

static const char *params(const struct plan *plan, uint32_t func, void *arg)
{
	(void)plan;
	(void)arg;
	return func == 0 ? "(a int, b string) error" : NULL;
}

static size_t inlined_at(const struct plan *plan, uint32_t func, const struct list_place **to,
			 void *arg)
{
	(void)plan;
	(void)arg;
	*to = places;
	return func == 0 ? 2 : 0;
}

static void check(int (*list)(const struct list_config *), struct list_config config,
		  const char *expected)
{
	char got[4096];
	struct outlet w;
	ssize_t len;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	outlet_init(&w, fds[1]);
	config.outlet = &w;
	assert_int_equal(list(&config), 0);
	outlet_close(&w);
	close(fds[1]);
	len = read(fds[0], got, sizeof(got) - 1);
	assert_true(len >= 0);
	got[len] = '\0';
	close(fds[0]);
	assert_string_equal(got, expected);
}

static void test_text(void **state)
{
	(void)state;
	check(list_text, (struct list_config){.plan = &whole},
	      "FUNCTION                SIZE  ENTRY    EXITS  FILE:LINE\n"
	      "main.add                  37  cheap        2  sub/add.go:19\n"
	      "main.\\x1b[2J\"spin        112  stepped      0  ?\n"
	      "\n"
	      "NOT TRACED            REASON\n"
	      "main.tiny             inlined everywhere\n"
	      "\n"
	      "2 functions, 2 entries (1 stepped), 2 exits; 1 not traced\n");
}

static void test_text_with_callbacks(void **state)
{
	struct plan one = whole;

	(void)state;
	one.nfuncs = 1;
	one.nskipped = 0;
	check(list_text,
	      (struct list_config){.plan = &one, .params = params, .inlined_at = inlined_at},
	      "FUNCTION                SIZE  ENTRY    EXITS  FILE:LINE\n"
	      "main.add                  37  cheap        2  sub/add.go:19\n"
	      "    func(a int, b string) error\n"
	      "    also inlined, and not seen there: main.go:12, print.go:300\n"
	      "\n"
	      "1 function, 1 entry, 2 exits\n");
}

static const char *long_params(const struct plan *plan, uint32_t func, void *arg)
{
	(void)plan;
	(void)func;
	(void)arg;
	return "(s *example.org/x/v2/store.T, ...net/http.Header)";
}

/* Names of functions and types in short, or with their whole paths. */
static void test_names(void **state)
{
	struct short_names names = {0};
	struct plan_func func = funcs[0];
	struct plan one = whole;

	(void)state;
	func.name = "example.org/x/v2/store.(*T).Get";
	assert_int_equal(short_names_add(&names, func.name), 0);
	short_names_seal(&names);
	one.images[0].names = &names;
	one.funcs = &func;
	one.nfuncs = 1;
	one.nskipped = 0;
	check(list_text, (struct list_config){.plan = &one, .params = long_params},
	      "FUNCTION                SIZE  ENTRY    EXITS  FILE:LINE\n"
	      "store.(*T).Get            37  cheap        2  sub/add.go:19\n"
	      "    func(s *store.T, ...http.Header)\n"
	      "\n"
	      "1 function, 1 entry, 2 exits\n");
	check(list_text,
	      (struct list_config){.plan = &one, .params = long_params, .full_names = true},
	      "FUNCTION                           SIZE  ENTRY    EXITS  FILE:LINE\n"
	      "example.org/x/v2/store.(*T).Get      37  cheap        2  sub/add.go:19\n"
	      "    func(s *example.org/x/v2/store.T, ...net/http.Header)\n"
	      "\n"
	      "1 function, 1 entry, 2 exits\n");
	short_names_release(&names);
}

static size_t inlined_at_many(const struct plan *plan, uint32_t func, const struct list_place **to,
			      void *arg)
{
	static const struct list_place many[] = {
		{"a.go", 1}, {"a.go", 2}, {"a.go", 3}, {"a.go", 4}, {"a.go", 5},
		{"b.go", 6}, {"b.go", 7}, {"b.go", 8}, {"b.go", 9}, {"<autogenerated>", 1},
	};

	(void)plan;
	(void)func;
	(void)arg;
	*to = many;
	return sizeof(many) / sizeof(many[0]);
}

/* Not a page for what is inlined everywhere. */
static void test_many_places(void **state)
{
	struct plan one = whole;

	(void)state;
	one.nfuncs = 1;
	one.nskipped = 0;
	check(list_text, (struct list_config){.plan = &one, .inlined_at = inlined_at_many},
	      "FUNCTION                SIZE  ENTRY    EXITS  FILE:LINE\n"
	      "main.add                  37  cheap        2  sub/add.go:19\n"
	      "    also inlined, and not seen there: a.go:1, a.go:2, a.go:3, a.go:4, a.go:5, "
	      "b.go:6, b.go:7, b.go:8, and at 2 more places\n"
	      "\n"
	      "1 function, 1 entry, 2 exits\n");
}

static void test_jsonl(void **state)
{
	(void)state;
	check(list_jsonl,
	      (struct list_config){.plan = &whole, .params = params, .inlined_at = inlined_at},
	      "{\"type\":\"probe\",\"func\":\"main.add\",\"size\":37,"
	      "\"file\":\"/src/app/sub/add.go\",\"line\":19,\"entry\":\"cheap\",\"exits\":2,"
	      "\"params\":\"(a int, b string) error\",\"inlined_at\":["
	      "{\"file\":\"/src/app/main.go\",\"line\":12},"
	      "{\"file\":\"/usr/lib/go/src/fmt/print.go\",\"line\":300}]}\n"
	      "{\"type\":\"probe\",\"func\":\"main.\\u001b[2J\\\"spin\",\"size\":112,"
	      "\"entry\":\"stepped\",\"exits\":0}\n"
	      "{\"type\":\"skipped\",\"func\":\"main.tiny\",\"reason\":\"inlined everywhere\"}\n");
}

static void test_followed(void **state)
{
	struct plan_func levels[] = {funcs[0], funcs[0]};
	struct plan graph = whole;

	(void)state;
	levels[1].level = 2;
	graph.funcs = levels;
	graph.nskipped = 0;
	graph.calls.pointers = 1;
	check(list_text, (struct list_config){.plan = &graph},
	      "FUNCTION                SIZE  ENTRY    EXITS  FILE:LINE\n"
	      "main.add                  37  cheap        2  sub/add.go:19\n"
	      "main.add                  37  cheap        2  sub/add.go:19\n"
	      "\n"
	      "2 functions, 2 entries, 4 exits; 1 by --follow-calls; 1 call through pointers, not "
	      "followed\n");
	graph.calls.pointers = 7;
	graph.nfuncs = 1;
	check(list_text, (struct list_config){.plan = &graph},
	      "FUNCTION                SIZE  ENTRY    EXITS  FILE:LINE\n"
	      "main.add                  37  cheap        2  sub/add.go:19\n"
	      "\n"
	      "1 function, 1 entry, 2 exits; 7 calls through pointers, not followed\n");
	graph.funcs = &levels[1];
	check(list_jsonl, (struct list_config){.plan = &graph},
	      "{\"type\":\"probe\",\"func\":\"main.add\",\"size\":37,"
	      "\"file\":\"/src/app/sub/add.go\",\"line\":19,\"entry\":\"cheap\",\"exits\":2,"
	      "\"level\":2}\n");
}

static void test_nothing(void **state)
{
	struct plan none = {0};

	(void)state;
	check(list_text, (struct list_config){.plan = &none}, "0 functions, 0 entries, 0 exits\n");
	check(list_jsonl, (struct list_config){.plan = &none}, "");
}

static void test_write_error(void **state)
{
	struct outlet w;
	struct list_config config = {.plan = &whole, .outlet = &w};
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	outlet_init(&w, fd);
	assert_int_equal(list_text(&config), -ENOSPC);
	outlet_close(&w);
	outlet_init(&w, fd);
	assert_int_equal(list_jsonl(&config), -ENOSPC);
	outlet_close(&w);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),        cmocka_unit_test(test_text_with_callbacks),
		cmocka_unit_test(test_jsonl),       cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_write_error), cmocka_unit_test(test_followed),
		cmocka_unit_test(test_names),       cmocka_unit_test(test_many_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
