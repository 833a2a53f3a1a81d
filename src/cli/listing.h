/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * listing: `ftrace list`, what would be probed and what not.
 */
#ifndef FTRACE_CLI_LISTING_H
#define FTRACE_CLI_LISTING_H

#include "base/error.h"
#include "cli/options.h"
#include "cli/target.h"

/* Prints the plan. The exit status of the command. */
int listing_print(const struct options *opt, const struct targets *targets, struct error *err);

#endif
