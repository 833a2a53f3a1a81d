/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call_end: what text says of a call that did not return by itself.
 */
#ifndef FTRACE_SINK_CALL_END_H
#define FTRACE_SINK_CALL_END_H

#include <stdbool.h>

#include "call/call.h"

/* A few words, in static memory; NULL: it returned. *red: they are bad news. */
const char *call_end_words(const struct call *call, bool *red);

#endif
