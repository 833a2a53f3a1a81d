/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call_bits: which parts of a call, and of what a mark tells, are there. For writer and reader alone.
 */
#ifndef FTRACE_RECORDING_CALL_BITS_H
#define FTRACE_RECORDING_CALL_BITS_H

/* What is not there at all in most calls, as bits of a byte. */
#define HAS_TIMES   0x01
#define HAS_ARGS    0x02
#define HAS_RESULTS 0x04
#define HAS_CALLERS 0x08
#define OTHER_TID   0x10
#define HAS_PLACE   0x20

/* Of a mark. */
#define MARK_HAS_GOID 0x01
#define MARK_IS_OPEN  0x02
#define MARK_STREAMED 0x04

/* Of a struct goroutine. */
#define ORIGIN_HAS_PARENT 0x01
#define ORIGIN_HAS_START  0x02
#define ORIGIN_IS_INSIDE  0x04
#define ORIGIN_IS_LINKED  0x08

/* Of a struct mark_arg. */
#define ARG_TRUNCATED 0x01
#define ARG_ASIDE     0x02

/* Of a struct mark_detail. */
#define DETAIL_ARGS   0x01
#define DETAIL_RESULT 0x02
#define DETAIL_SENDER 0x04
#define DETAIL_WAITED 0x08
#define DETAIL_WAKER  0x10
#define DETAIL_GOID   0x20

#endif
