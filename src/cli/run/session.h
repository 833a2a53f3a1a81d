/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session: one run of the tracer, from attaching to the summary.
 */
#ifndef FTRACE_CLI_RUN_SESSION_H
#define FTRACE_CLI_RUN_SESSION_H

#include "base/error.h"
#include "cli/options/options.h"
#include "cli/target/target.h"

struct core_types;
struct keeper;

/* Runs until something ends it. Returns the exit status of the command; `err` is filled when a
 * message is due. `keeper` is taken over, `types` is borrowed. */
int session_run(const struct options *opt, struct targets *targets, struct keeper *keeper,
		struct core_types *types, struct error *err);

#endif
