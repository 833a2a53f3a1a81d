/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * listing: `ftrace list`, what would be probed and what not.
 */
#ifndef FTRACE_CLI_CMD_LISTING_H
#define FTRACE_CLI_CMD_LISTING_H

#include "base/error.h"
#include "cli/options/options.h"
#include "cli/target/target.h"

struct listing;

/* Collects what the plan itself does not have: positions and inlined calls. NULL: out of memory. */
struct listing *listing_new(const struct targets *targets);
void listing_free(struct listing *listing);

/* Prints the plan. The exit status of the command. */
int listing_print(struct listing *listing, const struct options *opt, struct targets *targets,
		  struct error *err);

#endif
