/* SPDX-License-Identifier: GPL-2.0-only */
/* The types are held against the kernel's own BTF, where it has one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <bpf/btf.h>

#include "probe/core_types.h"

#define VMLINUX "/sys/kernel/btf/vmlinux"

static const struct btf_type *find(const struct btf *btf, const char *name)
{
	__s32 id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	assert_true(id > 0);
	return btf__type_by_id(btf, (__u32)id);
}

/* Members by name, place and size, and of what each is made, by kind. */
static void assert_same(const struct btf *copy, const struct btf_type *a, const struct btf *kernel,
			const struct btf_type *b)
{
	assert_int_equal(btf_kind(a), btf_kind(b));
	if (!btf_is_composite(a))
		return;
	assert_int_equal(a->size, b->size);
	assert_int_equal(btf_vlen(a), btf_vlen(b));
	for (__u32 i = 0; i < btf_vlen(a); i++) {
		const struct btf_member *of = btf_members(a) + i, *is = btf_members(b) + i;
		__s32 from = btf__resolve_type(copy, of->type),
		      to = btf__resolve_type(kernel, is->type);

		assert_string_equal(btf__name_by_offset(copy, of->name_off),
				    btf__name_by_offset(kernel, is->name_off));
		assert_int_equal(btf_member_bit_offset(a, i), btf_member_bit_offset(b, i));
		assert_int_equal(btf_member_bitfield_size(a, i), btf_member_bitfield_size(b, i));
		assert_int_equal(btf__resolve_size(copy, of->type),
				 btf__resolve_size(kernel, is->type));
		assert_true(from >= 0 && to >= 0);
		if (btf_is_composite(btf__type_by_id(copy, (__u32)from)))
			assert_same(copy, btf__type_by_id(copy, (__u32)from), kernel,
				    btf__type_by_id(kernel, (__u32)to));
	}
}

static void test_types(void **state)
{
	static const char *const names[] = {"task_struct", "mm_struct", "file", "signal_struct"};
	struct core_types *types = core_types_begin();
	const char *path;
	struct btf *copy, *kernel;

	(void)state;
	assert_non_null(types);
	path = core_types_path(types);
	if (access(VMLINUX, R_OK)) {
		assert_null(path);
		core_types_free(types);
		return;
	}
	assert_non_null(path);
	copy = btf__parse(path, NULL);
	kernel = btf__parse(VMLINUX, NULL);
	assert_non_null(copy);
	assert_non_null(kernel);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_same(copy, find(copy, names[i]), kernel, find(kernel, names[i]));
	/* Which is why it is worth it. */
	assert_true(btf__type_cnt(copy) * 10 < btf__type_cnt(kernel));
	btf__free(copy);
	btf__free(kernel);
	core_types_free(types);
}

static void test_nobody_asks(void **state)
{
	(void)state;
	core_types_free(core_types_begin());
	core_types_free(NULL);
	assert_null(core_types_path(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_nobody_asks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
