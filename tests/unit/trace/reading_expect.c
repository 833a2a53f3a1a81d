/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/reading_expect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static const struct {
	const char *plain, *number; /* without and with its number */
} reasons[] = {
	[VALUE_NOT_READ] = {"<not read>", NULL},
	[VALUE_UNREADABLE] = {NULL, "<unreadable 0x%llx>"},
	[VALUE_BAD_LENGTH] = {"<bad length>", "<bad length %lld>"},
	[VALUE_BAD_INDEX] = {"<bad index>", NULL},
	[VALUE_UNKNOWN_TYPE] = {"<unknown type>", "<unknown type 0x%llx>"},
	[VALUE_LEFT_OUT] = {"<left out>", NULL},
};

void assert_error(const struct reading *reading, const char *text)
{
	const struct value *is = &reading->is;
	char got[64];

	assert_int_equal(is->kind, VALUE_ERROR);
	if (is->why == VALUE_IN_REGISTER)
		snprintf(got, sizeof(got), "<in %s>", is->symbol);
	else
		snprintf(got, sizeof(got),
			 is->counted || !reasons[is->why].plain ? reasons[is->why].number
								: reasons[is->why].plain,
			 (unsigned long long)is->u);
	assert_string_equal(got, text);
}

void assert_text(const struct reading *reading, const char *text)
{
	assert_int_equal(reading->is.kind, VALUE_TEXT);
	assert_int_equal(reading->is.nbytes, strlen(text));
	assert_memory_equal(reading->is.text, text, reading->is.nbytes);
}
