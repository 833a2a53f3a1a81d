/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pushdown: which of the user's wishes the kernel carries out by itself (probe/pushdown.h).
 *
 * They apply in the order of docs/ftrace.1, "Which calls"; from the first one on that only user space can decide, it decides
 * all that follow.
 */
#ifndef FTRACE_CLI_RUN_PUSHDOWN_H
#define FTRACE_CLI_RUN_PUSHDOWN_H

#include "cli/options/options.h"
#include "probe/pushdown.h"

/* The plan is complete. What the options point to is borrowed. */
struct pushdown pushdown_of(const struct options *opt, const struct plan *plan);

#endif
