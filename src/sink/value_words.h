/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value_words: what all formats say in the same words: why there is no value.
 */
#ifndef FTRACE_SINK_VALUE_WORDS_H
#define FTRACE_SINK_VALUE_WORDS_H

#include "call/value.h"

/* "<unreadable 0x10>": why there is no value, of an ERROR. Static, or in `room`. */
#define VALUE_ERROR_MAX 64
const char *value_error(const struct value *value, char room[VALUE_ERROR_MAX]);

#endif
