/* SPDX-License-Identifier: GPL-2.0-only */
/* reading_expect: what a value is to be, for the programs that read values from a record. */
#ifndef FTRACE_TESTS_READING_EXPECT_H
#define FTRACE_TESTS_READING_EXPECT_H

#include "trace/reading.h"

/* It could not be read; the reason and its number, if that is known: "<not read>", "<unreadable 0x10>",
 * "<bad length -1>", "<in X0>". */
void assert_error(const struct reading *reading, const char *text);

/* It is text, of just these bytes. */
void assert_text(const struct reading *reading, const char *text);

#endif
