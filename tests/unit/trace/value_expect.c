/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/value_expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

void assert_error(const struct value *value, const char *text)
{
	char room[VALUE_ERROR_MAX];

	assert_int_equal(value->kind, VALUE_ERROR);
	assert_string_equal(value_error(value, room), text);
}

void assert_text(const struct value *value, const char *text)
{
	assert_int_equal(value->kind, VALUE_TEXT);
	assert_int_equal(value->nbytes, strlen(text));
	assert_memory_equal(value->text, text, value->nbytes);
}
