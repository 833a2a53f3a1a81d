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

#include "out/list.h"

static struct image_info info = {.module_root = "/src/app"};

/* In the place of the image layer's: a plan without executables. */
const struct image_info *image_info(const struct image *img)
{
	(void)img;
	return &info;
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
	struct writer w;
	ssize_t len;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	writer_init(&w, fds[1]);
	config.writer = &w;
	assert_int_equal(list(&config), 0);
	writer_close(&w);
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

static void test_nothing(void **state)
{
	struct plan none = {0};

	(void)state;
	check(list_text, (struct list_config){.plan = &none}, "0 functions, 0 entries, 0 exits\n");
	check(list_jsonl, (struct list_config){.plan = &none}, "");
}

static void test_write_error(void **state)
{
	struct writer w;
	struct list_config config = {.plan = &whole, .writer = &w};
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	writer_init(&w, fd);
	assert_int_equal(list_text(&config), -ENOSPC);
	writer_close(&w);
	writer_init(&w, fd);
	assert_int_equal(list_jsonl(&config), -ENOSPC);
	writer_close(&w);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),        cmocka_unit_test(test_text_with_callbacks),
		cmocka_unit_test(test_jsonl),       cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_write_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
