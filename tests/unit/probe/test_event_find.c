/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of event_find.h, event_type.h and event_list.h with types and a tracefs made here.
 */
#include <bpf/btf.h>
#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <ftrace/marks.h>

#include "probe/event_find.h"
#include "probe/event_type.h"

struct kernel {
	struct btf *btf;
	struct event_list list;
	struct event_types found;
	struct error err;
	int void_ptr, s32, u64, byte, task_ptr, text_ptr, flag, kind;
};

static int const_of(struct btf *btf, int id)
{
	return btf__add_const(btf, id);
}

/* A prototype with the first parameter that all have; `names`: NULL: anonymous. */
static int add_proto(struct kernel *k, const int *types, const char *const *names, size_t count)
{
	int proto = btf__add_func_proto(k->btf, 0);

	btf__add_func_param(k->btf, names ? "__data" : "", k->void_ptr);
	for (size_t i = 0; i < count; i++)
		btf__add_func_param(k->btf, names ? names[i] : "", types[i]);
	return proto;
}

static void add_point(struct kernel *k, const char *name, const char *namer, const int *types,
		      const char *const *names, size_t count)
{
	char text[64];
	int proto = add_proto(k, types, NULL, count);

	snprintf(text, sizeof(text), "btf_trace_%s", name);
	btf__add_typedef(k->btf, text, btf__add_ptr(k->btf, proto));
	if (!namer)
		return;
	snprintf(text, sizeof(text), "%s%s", namer, name);
	btf__add_func(k->btf, text, BTF_FUNC_STATIC, add_proto(k, types, names, count));
}

static void add_types(struct kernel *k)
{
	struct btf *btf = k->btf;
	int character;

	k->void_ptr = btf__add_ptr(btf, 0);
	k->s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	k->u64 = btf__add_typedef(btf, "u64", btf__add_int(btf, "unsigned long", 8, 0));
	character = btf__add_int(btf, "char", 1, 0);
	k->byte = btf__add_int(btf, "unsigned char", 1, 0);
	k->task_ptr = btf__add_ptr(btf, const_of(btf, btf__add_struct(btf, "task_struct", 64)));
	k->text_ptr = btf__add_ptr(btf, const_of(btf, character));
	k->flag = btf__add_int(btf, "_Bool", 1, BTF_INT_BOOL);
	k->kind = btf__add_enum(btf, "kind", 4);
}

static void add_entry(struct kernel *k, char *directory, const char *group, const char *name)
{
	char path[128];

	(void)k;
	snprintf(path, sizeof(path), "%s/%s", directory, group);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/%s", directory, group, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void make_tracefs(struct kernel *k)
{
	char directory[] = "/tmp/ftrace-events-XXXXXX", command[64];

	assert_non_null(mkdtemp(directory));
	add_entry(k, directory, "sched", "sched_switch");
	add_entry(k, directory, "sched", "sched_waking");
	add_entry(k, directory, "sched", "made_of_others");
	add_entry(k, directory, "net", "many");
	add_entry(k, directory, "lock", "contention_begin");
	add_entry(k, directory, "syscalls", "sys_enter_openat");
	assert_int_equal(event_list_read(&k->list, directory), 0);
	snprintf(command, sizeof(command), "rm -r %s", directory);
	assert_int_equal(system(command), 0);
}

static int set_up(void **state)
{
	static const char *const switch_names[] = {"preempt", "prev", "state"};
	static const char *const many_names[] = {"a", "b", "c", "d", "e", "f", "g"};
	struct kernel *k = calloc(1, sizeof(*k));

	k->btf = btf__new_empty();
	add_types(k);
	add_point(k, "sched_switch", "__traceiter_", (int[]){k->flag, k->task_ptr, k->u64},
		  switch_names, 3);
	add_point(k, "sched_waking", NULL, (int[]){k->task_ptr}, NULL, 1);
	add_point(k, "many", "__bpf_trace_",
		  (int[]){k->s32, k->text_ptr, k->text_ptr, k->task_ptr, k->text_ptr, k->text_ptr,
			  k->byte},
		  many_names, 7);
	add_point(k, "contention_begin", NULL, (int[]){k->void_ptr}, NULL, 1);
	make_tracefs(k);
	*state = k;
	return 0;
}

static int tear_down(void **state)
{
	struct kernel *k = *state;

	event_types_release(&k->found);
	event_list_release(&k->list);
	btf__free(k->btf);
	free(k);
	return 0;
}

static int look(struct kernel *k, const char *pattern)
{
	return event_find(&k->found, pattern, &k->list, k->btf, &k->err);
}

static void test_arguments(void **state)
{
	struct kernel *k = *state;
	const struct event_type *type;

	assert_int_equal(look(k, "sched:sched_switch"), 0);
	assert_int_equal(k->found.count, 1);
	type = &k->found.types[0];
	assert_string_equal(type->name, "sched:sched_switch");
	assert_string_equal(type->point, "sched_switch");
	assert_int_equal(type->nargs, 3);
	assert_string_equal(type->args[0].name, "preempt");
	assert_int_equal(type->args[0].kind, EVENT_ARG_NUMBER);
	assert_int_equal(type->args[0].size, 1);
	assert_int_equal(type->args[1].kind, EVENT_ARG_TASK);
	assert_int_equal(type->args[1].text, 0);
	assert_int_equal(type->args[2].size, 8);
	assert_false(type->args[2].is_signed);
	assert_int_equal(type->ntexts, 1);
}

/* There are four rooms for texts: the fifth is an address. */
static void test_rooms(void **state)
{
	struct kernel *k = *state;
	const struct event_type *type;

	assert_int_equal(look(k, "net:many"), 0);
	type = &k->found.types[0];
	assert_true(type->args[0].is_signed);
	assert_int_equal(type->args[0].size, 4);
	assert_int_equal(type->args[1].kind, EVENT_ARG_STRING);
	assert_int_equal(type->args[3].kind, EVENT_ARG_TASK);
	assert_int_equal(type->args[4].text, 3);
	assert_int_equal(type->args[5].kind, EVENT_ARG_POINTER);
	assert_int_equal(type->args[5].text, EVENT_NO_TEXT);
	assert_int_equal(type->args[6].size, 1);
	assert_int_equal(type->ntexts, FT_EVENT_TEXTS);
}

static void test_names_nowhere(void **state)
{
	struct kernel *k = *state;

	assert_int_equal(look(k, "sched:sched_waking"), 0);
	assert_string_equal(k->found.types[0].args[0].name, "arg0");
}

/* Twice meant it is there once; what cannot be had is left out, and said. */
static void test_glob(void **state)
{
	struct kernel *k = *state;

	assert_int_equal(look(k, "sched:sched_*"), 0);
	assert_int_equal(k->found.count, 2);
	assert_int_equal(k->found.notes.len, 0);
	assert_int_equal(look(k, "sched:*"), 0);
	assert_int_equal(k->found.count, 2);
	assert_non_null(strstr(buf_str(&k->found.notes), "without sched:made_of_others"));
	assert_int_equal(look(k, "lock:*"), -ENOENT);
}

static void assert_refused(struct kernel *k, const char *pattern, int code, const char *words)
{
	assert_int_equal(look(k, pattern), code);
	if (!strstr(k->err.text, words))
		fail_msg("%s: not in '%s'", words, k->err.text);
	assert_int_equal(k->found.count, 0);
}

static void test_refusals(void **state)
{
	struct kernel *k = *state;

	assert_refused(k, "sched:sched_swich", -ENOENT, "did you mean sched:sched_switch");
	assert_refused(k, "sched_switch", -ENOENT, "did you mean sched:sched_switch?");
	assert_refused(k, "net:sched_switch", -ENOENT, "did you mean sched:sched_switch?");
	assert_refused(k, "lock:contention_begin", -EDEADLK, "while a lock is held");
	assert_refused(k, "syscalls:sys_enter_openat", -ENOENT, "--syscalls");
	assert_refused(k, "sched:made_of_others", -ENOENT, "no tracepoint of its own");
	assert_refused(k, "quite:another", -ENOENT, "available_events");
}

/* Without tracefs names are known, and no groups. */
static void test_without_groups(void **state)
{
	struct kernel *k = *state;

	event_list_release(&k->list);
	assert_int_equal(event_list_read(&k->list, "/nowhere"), -ENOENT);
	for (size_t i = 0; i < 2; i++) {
		static const char *const names[] = {"many", "sched_switch"};
		struct event_entry *entries =
			reallocarray(k->list.entries, i + 1, sizeof(*entries));

		k->list.entries = entries;
		entries[i].full = strdup(names[i]);
		entries[i].name = entries[i].full;
		k->list.count = k->list.cap = i + 1;
	}
	assert_int_equal(look(k, "sched:sched_*"), 0);
	assert_string_equal(k->found.types[0].name, "sched_switch");
	assert_non_null(strstr(buf_str(&k->found.notes), "tracefs is not mounted"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_arguments), TEST(test_rooms),    TEST(test_names_nowhere),
		TEST(test_glob),      TEST(test_refusals), TEST(test_without_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
