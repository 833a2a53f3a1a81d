/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "sink/summary.h"

static void check(const struct trace_summary *summary, const char *expected)
{
	struct buf buf = {0};

	summary_text(&buf, summary);
	assert_string_equal(buf_str(&buf), expected);
	buf_release(&buf);
}

static void test_plain(void **state)
{
	(void)state;
	check(&(struct trace_summary){.calls = 120, .records = 240, .duration = 5001000000},
	      "ftrace: 120 calls, 240 records, 0 lost, 5.00 s");
	check(&(struct trace_summary){.calls = 1, .records = 1, .duration = 12000000},
	      "ftrace: 1 call, 1 record, 0 lost, 12.0 ms");
	check(&(struct trace_summary){.counted = 7, .records = 14, .duration = 12000000},
	      "ftrace: 7 calls, 14 records, 0 lost, 12.0 ms");
}

static void test_everything(void **state)
{
	(void)state;
	check(&(struct trace_summary){.calls = 5,
				      .records = 9,
				      .lost = 41,
				      .missed = 2,
				      .damaged = 3,
				      .skipped = 7,
				      .unwound = 1,
				      .open = 2,
				      .duration = 1000000000},
	      "ftrace: 5 calls (1 unwound, 2 open), 9 records, 41 lost, 3 damaged, 2 hits missed, "
	      "7 roots skipped by --sample, 1.00 s; records were lost: try --buffer 64M, or fewer "
	      "functions");
	check(&(struct trace_summary){.calls = 5, .open = 2, .missed = 1, .skipped = 1},
	      "ftrace: 5 calls (2 open), 0 records, 0 lost, 1 hit missed, "
	      "1 root skipped by --sample, 0 ns");
}

static void test_switched_off(void **state)
{
	(void)state;
	check(&(struct trace_summary){.calls = 2, .records = 4, .lost = 3, .switching = 3},
	      "ftrace: 2 calls, 4 records, 3 lost, 0 ns; they were lost while functions were "
	      "switched off");
	check(&(struct trace_summary){.calls = 2, .records = 4, .lost = 4, .switching = 3},
	      "ftrace: 2 calls, 4 records, 4 lost, 0 ns; records were lost: try --buffer 64M, or fewer "
	      "functions");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_switched_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
