/* SPDX-License-Identifier: GPL-2.0-only */
/* value_expect: what a value is to be, for the programs that read values from a record. */
#ifndef FTRACE_TESTS_VALUE_EXPECT_H
#define FTRACE_TESTS_VALUE_EXPECT_H

#include "trace/value.h"

/* It could not be read, and says so in these words. */
void assert_error(const struct value *value, const char *text);

/* It is text, of just these bytes. */
void assert_text(const struct value *value, const char *text);

#endif
