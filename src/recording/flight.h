/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flight: a sink before another one, which keeps the last of a trace in memory until it is wanted.
 *
 *     flight_new() ... root, mark: kept back ... open ... root, mark: go on ... shut ... kept back again ... end
 *
 * What is kept lies in blocks, packed as the tracer had it: calls, times, marks, and the bytes of records. Nothing is put
 * into words until it goes out, so that a call that nobody ever sees costs a copy and its part of a block; and the
 * functions of the catalog, and who tells the values, stay the same. (In the form of a recording it would take a third of
 * the memory and several times as long, and need a second catalog when it is read.)
 *
 * The oldest blocks go first, where there is no room. Ids and counts are made anew of what goes out. Whole trees and marks
 * of no tree only: a trace that is streamed cannot be kept.
 */
#ifndef FTRACE_RECORDING_FLIGHT_H
#define FTRACE_RECORDING_FLIGHT_H

#include <stddef.h>
#include <stdint.h>

#include "call/sink.h"

/* `next` is the caller's until this succeeds, and is freed with it. `span`: ns that may be asked for; `room`: bytes, at least
 * 128K. NULL when memory is out. */
struct sink *flight_new(struct sink *next, uint64_t span, size_t room);

/* The summary of the trace becomes one of what went out. */
void flight_summary(const struct sink *flight, struct trace_summary *summary);

#endif
