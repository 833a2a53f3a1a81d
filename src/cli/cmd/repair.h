/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * repair: `ftrace repair [-p PID|BINARY]`, which takes away breakpoints that a killed tracer left behind.
 */
#ifndef FTRACE_CLI_CMD_REPAIR_H
#define FTRACE_CLI_CMD_REPAIR_H

#include "base/error.h"
#include "cli/options/options.h"

/* Prints what was taken away and what was left, and why. The exit status; `err` is filled when that is an error. */
int repair_run(const struct options *opt, struct error *err);

#endif
