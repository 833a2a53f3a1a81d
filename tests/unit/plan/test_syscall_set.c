/* SPDX-License-Identifier: GPL-2.0-only */
/* Which system calls are chosen, and what is read of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "arch/arch.h"
#include "plan/syscall_form_rows.h"
#include "plan/syscall_set.h"

static uint64_t set[MARKS_SYSCALLS / 64];

static void parse(const char *text)
{
	struct error err = {0};

	assert_int_equal(syscall_set_parse(text, set, &err), 0);
}

static void refused(const char *text, const char *expected)
{
	struct error err = {0};

	assert_true(syscall_set_parse(text, set, &err) < 0);
	assert_string_equal(err.text, expected);
}

static void test_sets(void **state)
{
	(void)state;
	parse(NULL);
	assert_true(marks_has(set, SYS_read));
	assert_true(marks_has(set, MARKS_SYSCALLS - 1));
	assert_false(marks_has(set, SYS_futex));
	assert_false(marks_has(set, SYS_madvise));
	parse("all");
	assert_true(marks_has(set, SYS_futex));
	parse("read,%memory");
	assert_true(marks_has(set, SYS_read));
	assert_true(marks_has(set, SYS_mmap));
	assert_true(marks_has(set, SYS_mlockall));
	assert_false(marks_has(set, SYS_write));
	/* All but these, and still without the runtime's own. */
	parse("!read,%network");
	assert_false(marks_has(set, SYS_read));
	assert_false(marks_has(set, SYS_connect));
	assert_false(marks_has(set, SYS_futex));
	assert_true(marks_has(set, SYS_write));
	parse("all,!futex");
	assert_false(marks_has(set, SYS_futex));
	assert_true(marks_has(set, SYS_epoll_pwait));
}

static void test_refused(void **state)
{
	(void)state;
	refused("opennat", "'opennat' is no system call; did you mean openat, openat2?");
	refused("read,",
		"'' is no system call; give names or %file %network %desc %process %memory "
		"%signal, !NAME for all but that, or all");
	refused("%fil", "'%fil' is no system call; did you mean %file?");
}

/* Every form is a call's, and what it makes the kernel side read is within its bounds. */
static void test_forms(void **state)
{
	const struct arch *arch = arch_native();
	size_t found = 0;

	(void)state;
	for (unsigned int i = 0; i < arch->nsyscalls; i++) {
		const struct syscall_form *form = syscall_form_of(i);
		struct ft_reads reads;

		if (!form)
			continue;
		found++;
		assert_string_equal(form->name, arch->syscalls[i]);
		syscall_reads(form, &reads);
		for (size_t at = 0; at < FT_READS && reads.reads[at].what; at++) {
			const struct ft_read *read = &reads.reads[at];

			assert_true(read->arg <= FT_ARG_RESULT);
			assert_true(read->count < FT_COUNT_AT + SYSCALL_ARGS);
			assert_true(read->when <= FT_AT_SUCCESS);
			assert_true(read->most <= FT_PATH_MAX);
		}
		for (size_t at = 0; at < SYSCALL_ARGS; at++)
			if (form->args[at].type == SYS_FLAGS || form->args[at].type == SYS_ENUM)
				assert_non_null(form->args[at].words);
	}
	for (const struct syscall_form *form = syscall_forms_files; form->name; form++)
		found--;
	for (const struct syscall_form *form = syscall_forms_others; form->name; form++)
		found--;
	assert_int_equal(found, 0);
}

static void test_reads(void **state)
{
	struct ft_reads reads;

	(void)state;
	syscall_reads(syscall_form("read"), &reads);
	assert_int_equal(reads.reads[0].what, FT_READ_FILE);
	assert_int_equal(reads.reads[1].what, FT_READ_BYTES);
	assert_int_equal(reads.reads[1].when, FT_AT_SUCCESS);
	assert_int_equal(reads.reads[1].count, FT_ARG_RESULT);
	assert_int_equal(reads.reads[2].what, FT_READ_NONE);
	syscall_reads(syscall_form("getsockname"), &reads);
	assert_int_equal(reads.reads[1].count, FT_COUNT_AT + 2);
	syscall_reads(NULL, &reads);
	assert_int_equal(reads.reads[0].what, FT_READ_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
