/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value_json: arguments and results in JSON.
 *
 *     [{"name":"s","type":"string","value":"aaa","truncated":true,"len":99},
 *      {"name":"x","type":"float64","error":"<in X0>"}]
 *
 * What an item says in keys of its own (hex, error, truncated, len) is inside a value an object of
 * those keys: {"value":"aaa","truncated":true,"len":99}. A value of which not even a part was read
 * is {"truncated":true}. `len` is absent for text up to a NUL whose end was not seen. The
 * text of an error inside an interface stands beside its value:
 * {"type":"*errors.errorString","value":{"s":"boom"},"text":"boom"}.
 */
#ifndef FTRACE_SINK_VALUE_JSON_H
#define FTRACE_SINK_VALUE_JSON_H

#include "base/buf.h"
#include "call/value.h"

/* Appends the list of all items. */
void value_json(struct buf *buf, const struct values *values);

#endif
