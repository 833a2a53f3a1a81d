/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * asked: what the command line asks of a recording, for those commands that read one.
 */
#ifndef FTRACE_CLI_CMD_ASKED_H
#define FTRACE_CLI_CMD_ASKED_H

#include "cli/options/options.h"
#include "query/query.h"

/* Of the recording of that name. */
struct query_config asked_of(const struct options *opt, const char *path);

#endif
