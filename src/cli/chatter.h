/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chatter: stderr that nobody has to read.
 *
 * A pipe, socket or terminal whose reader has stopped reading would hold ftrace up in the middle of
 * a message, and with it the end of the trace.
 */
#ifndef FTRACE_CLI_CHATTER_H
#define FTRACE_CLI_CHATTER_H

#include "base/error.h"

/* From now on what is printed to stderr waits a second for room there, and is dropped when there is
 * none. To be called once. The descriptor, which a started program inherits, stays as it is. */
void chatter_begin(void);

/* "ftrace: " and the text, as a line; nothing when none was set. */
void chatter_error(const struct error *err);

#endif
