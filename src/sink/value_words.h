/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value_words: what all formats say in the same words: why there is no value, and floating-point numbers.
 */
#ifndef FTRACE_SINK_VALUE_WORDS_H
#define FTRACE_SINK_VALUE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "call/value.h"

/* "<unreadable 0x10>": why there is no value, of an ERROR. Static, or in `room`. */
#define VALUE_ERROR_MAX 64
const char *value_error(const struct value *value, char room[VALUE_ERROR_MAX]);

/* The shortest decimal text that reads back to the same float (`single`) or double; "NaN", "+Inf",
 * "-Inf". Returns its length. */
#define VALUE_FLOAT_MAX 40
size_t value_float(double number, bool single, char room[VALUE_FLOAT_MAX]);

#endif
