/* SPDX-License-Identifier: GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "trace/decode.h"

static struct plan_func funcs[2];
static struct site sites[] = {
	{.kind = SITE_ENTRY, .func = 0},
	{.kind = SITE_RET, .func = 0},
	{.kind = SITE_TAIL, .func = 1},
	{.kind = SITE_RECOVER, .func = PLAN_NO_FUNC},
	{.kind = SITE_GOEXIT, .func = PLAN_NO_FUNC},
	{.kind = SITE_ENTRY, .func = 2}, /* of no function there is */
};
static const struct plan plan = {.funcs = funcs, .nfuncs = 2, .sites = sites, .nsites = 6};

static union {
	struct ft_record r;
	struct ft_entry e;
	struct ft_callers c;
	unsigned char bytes[sizeof(struct ft_callers) + 8 * (FT_CALLERS_MAX + 1)];
} record;

static int read_it(uint8_t kind, uint32_t site, size_t len, struct event *event)
{
	record.r.kind = kind;
	record.r.site = site;
	record.r.size = (uint16_t)len;
	return decode(&plan, &record, len, event);
}

static int reset(void **state)
{
	(void)state;
	memset(&record, 0, sizeof(record));
	return 0;
}

/* Which kind of record may come from which site. */
static void test_kinds_and_sites(void **state)
{
	static const bool good[FT_KINDS + 1][6] = {
		[FT_ENTRY] = {true},
		[FT_EXIT] = {false, true, true},
		[FT_RECOVER] = {false, false, false, true},
		[FT_GOEXIT] = {false, false, false, false, true},
	};
	struct event event;

	(void)state;
	for (uint8_t kind = 0; kind <= FT_KINDS; kind++)
		for (uint32_t site = 0; site < 6; site++) {
			size_t len = kind == FT_ENTRY ? sizeof(record.e) : sizeof(record.r);

			if (kind == FT_EXEC || kind == FT_PROC_EXIT)
				continue;
			if (read_it(kind, site, len, &event) != (good[kind][site] ? 0 : -EBADMSG))
				fail_msg("kind %u, site %u", kind, site);
			if (good[kind][site])
				assert_ptr_equal(event.site, &sites[site]);
		}
	assert_int_equal(read_it(FT_EXIT, 6, sizeof(record.r), &event), -EBADMSG);
	assert_int_equal(read_it(FT_EXIT, UINT32_MAX, sizeof(record.r), &event), -EBADMSG);
}

static void test_process_events(void **state)
{
	struct event event;

	(void)state;
	assert_int_equal(read_it(FT_EXEC, 0, sizeof(record.r), &event), 0);
	assert_null(event.site);
	assert_int_equal(read_it(FT_PROC_EXIT, 99, sizeof(record.r), &event), 0);
	/* Of the thread, as the kernel sends them. */
	record.r.flags = FT_R_THREAD;
	assert_int_equal(read_it(FT_EXEC, 0, sizeof(record.r), &event), 0);
	assert_int_equal(read_it(FT_PROC_EXIT, 0, sizeof(record.r), &event), 0);
	record.r.flags = FT_R_VALUES;
	assert_int_equal(read_it(FT_EXEC, 0, sizeof(record.r) + 8, &event), -EBADMSG);
}

static void test_sizes(void **state)
{
	struct event event;

	(void)state;
	for (size_t len = 0; len < sizeof(record.r); len++)
		assert_int_equal(read_it(FT_EXIT, 1, len, &event), -EBADMSG);
	for (size_t len = 0; len < sizeof(record.e); len++)
		assert_int_equal(read_it(FT_ENTRY, 0, len, &event), -EBADMSG);
	assert_int_equal(read_it(FT_EXIT, 1, sizeof(record.r), &event), 0);
	record.r.size = sizeof(record.r) + 1;
	assert_int_equal(decode(&plan, &record, sizeof(record.r), &event), -EBADMSG);
}

static void test_values(void **state)
{
	struct event event;

	(void)state;
	/* What follows without being announced is damage. */
	assert_int_equal(read_it(FT_EXIT, 1, sizeof(record.r) + 8, &event), -EBADMSG);
	record.r.flags = FT_R_VALUES;
	assert_int_equal(read_it(FT_EXIT, 1, sizeof(record.r) + 8, &event), 0);
	assert_ptr_equal(event.values, record.bytes + sizeof(record.r));
	assert_int_equal(event.nvalues, 8);
	assert_null(event.entry);
	assert_int_equal(read_it(FT_ENTRY, 0, sizeof(record.e) + 16, &event), 0);
	assert_ptr_equal(event.values, record.bytes + sizeof(record.e));
	assert_int_equal(event.nvalues, 16);
	assert_ptr_equal(event.entry, &record.e);
}

static void test_callers(void **state)
{
	struct event event;

	(void)state;
	record.c.count = 2;
	assert_int_equal(read_it(FT_CALLERS, 0, sizeof(record.c) + 16, &event), 0);
	assert_int_equal(event.nvalues, 0);
	/* There may be room for more, but never for less. */
	assert_int_equal(read_it(FT_CALLERS, 0, sizeof(record.c) + 24, &event), 0);
	assert_int_equal(read_it(FT_CALLERS, 0, sizeof(record.c) + 15, &event), -EBADMSG);
	record.c.count = UINT32_MAX;
	assert_int_equal(read_it(FT_CALLERS, 0, sizeof(record.c) + 16, &event), -EBADMSG);
	record.c.count = FT_CALLERS_MAX;
	assert_int_equal(read_it(FT_CALLERS, 0, sizeof(record.bytes), &event), 0);
	record.c.count = FT_CALLERS_MAX + 1;
	assert_int_equal(read_it(FT_CALLERS, 0, sizeof(record.bytes), &event), -EBADMSG);
}

/* The runtime's own sites have nothing read at them. */
static void test_flags_of_a_kind(void **state)
{
	struct event event;

	(void)state;
	record.r.flags = FT_R_VALUES;
	assert_int_equal(read_it(FT_RECOVER, 3, sizeof(record.r), &event), -EBADMSG);
	assert_int_equal(read_it(FT_CALLERS, 0, sizeof(record.c), &event), -EBADMSG);
	record.r.flags = FT_R_STACK;
	assert_int_equal(read_it(FT_RECOVER, 3, sizeof(record.r), &event), 0);
}

static void test_unknown_flags(void **state)
{
	struct event event;

	(void)state;
	for (int bit = 3; bit < 8; bit++) {
		record.r.flags = (uint8_t)(1 << bit);
		assert_int_equal(read_it(FT_EXIT, 1, sizeof(record.r), &event), -EBADMSG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_kinds_and_sites, reset),
		cmocka_unit_test_setup(test_process_events, reset),
		cmocka_unit_test_setup(test_sizes, reset),
		cmocka_unit_test_setup(test_values, reset),
		cmocka_unit_test_setup(test_callers, reset),
		cmocka_unit_test_setup(test_flags_of_a_kind, reset),
		cmocka_unit_test_setup(test_unknown_flags, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
