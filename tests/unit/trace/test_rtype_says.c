/* SPDX-License-Identifier: GPL-2.0-only */
/* Only a type that has the name and the shape which the sources have is believed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "trace/rtype_says.h"

/* A pointer to a struct, a letter for each field: s i b l n p as rtype_says.c has them, u a number of
 * eight bytes that nothing has, - a string behind something that is not told. */
static enum rtype_says says(const char *name, const char *fields)
{
	static struct shape children[8], target;
	struct rtype type = {.name = name, .shape = {.kind = SHAPE_POINTER, .size = 8}};
	uint32_t at = 0;

	target = (struct shape){.kind = SHAPE_STRUCT, .children = children};
	for (; fields[target.nchildren]; target.nchildren++) {
		struct shape *child = &children[target.nchildren];

		*child = (struct shape){.at = at};
		switch (fields[target.nchildren]) {
		case '-':
			at += 8;
			child->at = at;
			/* fall through */
		case 's':
			child->kind = SHAPE_STRING;
			at += 16;
			break;
		case 'i':
			child->kind = SHAPE_INTERFACE;
			at += 16;
			break;
		case 'b':
		case 'l':
			child->kind = fields[target.nchildren] == 'b' ? SHAPE_BYTES : SHAPE_SLICE;
			at += 24;
			break;
		case 'n':
			child->kind = SHAPE_SIGNED;
			at += 8;
			break;
		case 'p':
			child->kind = SHAPE_POINTER;
			at += 8;
			break;
		default:
			child->kind = SHAPE_UNSIGNED;
			at += 8;
		}
	}
	type.shape.children = &target;
	type.shape.nchildren = 1;
	rtype_find_says(&type);
	return type.says;
}

static void a_name_and_its_fields_are_known(void **state)
{
	(void)state;
	assert_int_equal(says("*errors.errorString", "s"), SAYS_FIRST);
	assert_int_equal(says("*io/fs.PathError", "ssi"), SAYS_PATH);
	assert_int_equal(says("*os.LinkError", "sssi"), SAYS_LINK);
	assert_int_equal(says("*os/exec.ExitError", "pb"), SAYS_EXIT);
	assert_int_equal(says("*net.OpError", "ssiii"), SAYS_OP);
	assert_int_equal(says("*net.DNSError", "sssu"), SAYS_DNS);
	assert_int_equal(says("*net.DNSError", "isssu"), SAYS_DNS);
	assert_int_equal(says("*net.TCPAddr", "bns"), SAYS_ADDR_PORT);
	assert_int_equal(says("*errors.joinError", "l"), SAYS_JOIN);
	assert_int_equal(says("*encoding/json.UnmarshalTypeError", "sinss"), SAYS_UNMARSHAL);
	assert_int_equal(says("*encoding/json.UnmarshalTypeError", "sinssi"), SAYS_UNMARSHAL_27);
	assert_int_equal(says("*github.com/pkg/errors.withStack", "ip"), SAYS_WRAP_0);
	assert_int_equal(says("*encoding/xml.SyntaxError", "sn"), SAYS_XML);
}

static void other_fields_make_another_type(void **state)
{
	(void)state;
	assert_int_equal(says("*errors.errorString", "u"), SAYS_NOTHING);
	assert_int_equal(says("*errors.errorString", ""), SAYS_NOTHING);
	assert_int_equal(says("*errors.errorString", "-"), SAYS_NOTHING);
	assert_int_equal(says("*io/fs.PathError", "ss"), SAYS_NOTHING);
	assert_int_equal(says("*io/fs.PathError", "ssis"), SAYS_NOTHING);
	assert_int_equal(says("*io/fs.PathError", "uussi"), SAYS_NOTHING);
	assert_int_equal(says("*net.OpError", "ssisi"), SAYS_NOTHING);
	assert_int_equal(says("*net.DNSError", "iss"), SAYS_NOTHING);
	assert_int_equal(says("*net.TCPAddr", "lns"), SAYS_NOTHING);
	assert_int_equal(says("*encoding/json.UnmarshalTypeError", "sinssn"), SAYS_NOTHING);
	assert_int_equal(says("*github.com/jackc/pgx/v5/pgconn.PgError", "sssss"), SAYS_NOTHING);
	assert_int_equal(says("*main.PathError", "ssi"), SAYS_NOTHING);
	assert_int_equal(says("*example.com/net.OpError", "ssiii"), SAYS_NOTHING);
}

static void numbers_and_strings_are_no_pointers(void **state)
{
	struct rtype number = {.name = "syscall.Errno", .shape = {.kind = SHAPE_UNSIGNED}};
	struct rtype text = {.name = "net.UnknownNetworkError", .shape = {.kind = SHAPE_STRING}};
	struct rtype words = {.name = "context.deadlineExceededError",
			      .shape = {.kind = SHAPE_STRUCT}};

	(void)state;
	rtype_find_says(&number);
	assert_int_equal(number.says, SAYS_ERRNO);
	number.shape.kind = SHAPE_SIGNED;
	rtype_find_says(&number);
	assert_int_equal(number.says, SAYS_NOTHING);
	rtype_find_says(&text);
	assert_int_equal(text.says, SAYS_BEHIND);
	text.shape.kind = SHAPE_POINTER;
	rtype_find_says(&text);
	assert_int_equal(text.says, SAYS_NOTHING);
	rtype_find_says(&words);
	assert_int_equal(words.says, SAYS_WORDS);
	assert_string_equal(words.words, "context deadline exceeded");
}

static void http2_is_in_three_places(void **state)
{
	static const struct {
		const char *name;
		enum rtype_says says;
	} rows[] = {
		{"net/http.http2ConnectionError", SAYS_CODE},
		{"net/http/internal/http2.ConnectionError", SAYS_CODE},
		{"golang.org/x/net/http2.ConnectionError", SAYS_CODE},
		{"net/http.ConnectionError", SAYS_NOTHING},
		{"http2.ConnectionError", SAYS_NOTHING},
		{"example.com/http2.ConnectionError", SAYS_NOTHING},
		{"http2:ConnectionError", SAYS_NOTHING},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rtype type = {.name = rows[i].name, .shape = {.kind = SHAPE_UNSIGNED}};

		rtype_find_says(&type);
		assert_int_equal(type.says, rows[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_and_its_fields_are_known),
		cmocka_unit_test(other_fields_make_another_type),
		cmocka_unit_test(numbers_and_strings_are_no_pointers),
		cmocka_unit_test(http2_is_in_three_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
