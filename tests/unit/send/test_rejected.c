/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a collector's answer says of spans that it did not take: bytes of which nothing is believed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "send/rejected.h"

/* partial_success {rejected_spans: 3, error_message: "too\nlong"}, behind a field that is not known. */
static const unsigned char answer[] = "\x12\x02xy\x0a\x0c\x08\x03\x12\x08too\nlong";

static void a_count_and_a_line(void **state)
{
	struct rejected rejected;

	(void)state;
	rejected_read(&rejected, answer, sizeof(answer) - 1);
	assert_int_equal(rejected.spans, 3);
	assert_string_equal(rejected.message, "too?long");
	rejected_read(&rejected, "", 0);
	assert_int_equal(rejected.spans, 0);
	assert_string_equal(rejected.message, "");
}

/* Cut anywhere, and with each byte changed: within its bytes, whatever it says. */
static void damage_is_harmless(void **state)
{
	struct rejected rejected;

	(void)state;
	for (size_t len = 0; len < sizeof(answer); len++) {
		for (size_t at = 0; at < len; at++) {
			for (unsigned int value = 0; value < 256; value += 5) {
				unsigned char *copy = malloc(len);

				assert_non_null(copy);
				memcpy(copy, answer, len);
				copy[at] = (unsigned char)value;
				rejected_read(&rejected, copy, len);
				assert_true(strlen(rejected.message) < sizeof(rejected.message));
				free(copy);
			}
		}
	}
	/* Fewer than none are none. */
	rejected_read(&rejected, "\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13);
	assert_int_equal(rejected.spans, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_count_and_a_line),
		cmocka_unit_test(damage_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
