/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * choose: which of the user's wishes the kernel carries out by itself (probe/choice.h).
 *
 * They apply in the order of cli.md; from the first one on that only user space can decide, it decides
 * all that follow.
 */
#ifndef FTRACE_CLI_RUN_CHOOSE_H
#define FTRACE_CLI_RUN_CHOOSE_H

#include "cli/options/options.h"
#include "probe/choice.h"

/* The plan is complete. What the options point to is borrowed. */
struct choice choice_of(const struct options *opt, const struct plan *plan);

#endif
