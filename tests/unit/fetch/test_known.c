/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of known types: that it can be searched, that paths are found, and that docs/values.md has every row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fetch/known.h"

static void test_every_row_is_found_by_its_name(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct known *row; (row = known_row(count)); count++) {
		char name[128];

		if (row->type[0] == '[')
			continue;
		snprintf(name, sizeof(name), "%s%s", row->type,
			 strchr(row->type, '[') ? "int]" : "");
		assert_ptr_equal(known_named(name), row);
		snprintf(name, sizeof(name), "%sx", row->type);
		if (!strchr(row->type, '['))
			assert_ptr_not_equal(known_named(name), row);
		assert_non_null(row->parts[0]);
	}
	assert_in_range(count, 60, 1000);
	assert_null(known_named(""));
	assert_null(known_named("time"));
	assert_null(known_named("[]time.Time"));
	assert_null(known_named("main.Time"));
	assert_non_null(known_bytes("github.com/google/uuid.UUID"));
	assert_null(known_bytes("main.MyUUID"));
	assert_null(known_bytes("[16]uint8"));
}

static void test_a_path_goes_through_structs_by_value(void **state)
{
	static const struct gotype word = {.name = "int32", .kind = GOTYPE_INT32, .size = 4};
	static const struct gotype_field inner_fields[] = {
		{.name = "state", .type = &word, .offset = 4}};
	static const struct gotype inner = {.name = "internal/sync.Mutex",
					    .kind = GOTYPE_STRUCT,
					    .size = 8,
					    .fields = inner_fields,
					    .nfields = 1};
	static const struct gotype_field fields[] = {{.name = "mu", .type = &inner, .offset = 8}};
	static const struct gotype outer = {.name = "sync.Mutex",
					    .kind = GOTYPE_STRUCT,
					    .size = 16,
					    .fields = fields,
					    .nfields = 1};
	const struct gotype *part;
	uint64_t offset;

	(void)state;
	assert_true(known_part(&outer, "mu.state|state", &part, &offset));
	assert_ptr_equal(part, &word);
	assert_int_equal(offset, 12);
	assert_true(known_part(&inner, "mu.state|state", &part, &offset));
	assert_int_equal(offset, 4);
	assert_true(known_part(&inner, "state:16", &part, &offset));
	assert_int_equal(known_part_max("state:16"), 16);
	assert_int_equal(known_part_max("state"), UINT32_MAX);
	assert_true(known_part(&word, "", &part, &offset));
	assert_ptr_equal(part, &word);
	assert_false(known_part(&outer, "mu.stat", &part, &offset));
	assert_false(known_part(&outer, "mu.state.x", &part, &offset));
	assert_false(known_part(&outer, "state", &part, &offset));
}

/* Fields that have moved, or another type of that name: then it is not known. */
static void test_a_type_of_other_fields_is_not_known(void **state)
{
	static const struct gotype word = {.name = "int64", .kind = GOTYPE_INT64, .size = 8};
	static const struct gotype_field fields[] = {{.name = "wall", .type = &word}};
	static const struct gotype other = {.name = "time.Time",
					    .kind = GOTYPE_STRUCT,
					    .size = 8,
					    .fields = fields,
					    .nfields = 1};
	uint64_t from, to;
	bool follow;

	(void)state;
	assert_non_null(known_find(&other));
	assert_false(known_extent(known_find(&other), &other, &from, &to, &follow));
}

static void test_the_document_has_every_row(void **state)
{
	static char text[256 << 10];
	FILE *file = fopen("docs/values.md", "r");
	const char *field, *type;
	size_t len;

	(void)state;
	assert_non_null(file);
	len = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	assert_in_range(len, 1000, sizeof(text) - 2);
	for (size_t i = 0; known_row(i); i++) {
		char row[160];

		snprintf(row, sizeof(row), "`%s%s`", known_row(i)->type,
			 strchr(known_row(i)->type + 1, '[') ? "T]" : "");
		if (!strstr(text, row))
			fail_msg("docs/values.md does not have %s", row);
	}
	for (size_t i = 0; (field = known_field_at(i, &type)); i++) {
		char row[160];

		snprintf(row, sizeof(row), "`%s`", type);
		if (!strstr(text, row))
			fail_msg("docs/values.md does not have %s.%s", type, field);
		assert_non_null(known_field_named(type, field));
	}
	assert_null(known_field_named("runtime.Frame", "Line"));
	assert_null(known_field_named("main.Frame", "PC"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_is_found_by_its_name),
		cmocka_unit_test(test_a_path_goes_through_structs_by_value),
		cmocka_unit_test(test_a_type_of_other_fields_is_not_known),
		cmocka_unit_test(test_the_document_has_every_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
