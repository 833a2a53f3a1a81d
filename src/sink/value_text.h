/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value_text: arguments and results for people, much as Go writes them.
 *
 *     int, bool, float      -5  true  2.5        complex      (1+2i)
 *     time.Duration         1.5s, 20ms
 *     string, []byte        "zhang"              a hexadecimal one  0x1f
 *     cut                   "aaaa"...            a char       'x'
 *     slice, array          [1, 2, 3]            cut          [1, 2, ...]
 *     struct                {name:"zhang", age:100}
 *     pointer               &{...}, &3           not followed 0xc000012345
 *     nil of any kind       nil                  with symbol  0x4b2c80 <main.f+16>
 *     map, chan             map{len:5}  chan{len:1, cap:4}
 *     func                  main.f.func1
 *     interface             int(3)  *main.T(&{...})  *errors.errorString("boom")
 *     not asked for         ...                  not readable <unreadable 0x10>, <in X0>
 *
 * All that comes from the traced program is escaped.
 */
#ifndef FTRACE_SINK_VALUE_TEXT_H
#define FTRACE_SINK_VALUE_TEXT_H

#include "base/buf.h"
#include "call/value.h"

/* `a=1, b=2` */
void value_text_args(struct buf *buf, const struct values *args);

/* `3`, `n=3`, `(3, nil)`: results without a name of their own (`~r0`) are not named. */
void value_text_results(struct buf *buf, const struct values *results);

#endif
