/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * narrowed: what is asked of a recording as a recording of its own, for what reads blocks in any order: which of its calls are
 * shown is known of all of it only.
 */
#ifndef FTRACE_CLI_CMD_NARROWED_H
#define FTRACE_CLI_CMD_NARROWED_H

#include "base/error.h"
#include "call/sink.h"
#include "query/query.h"
#include "recording/recording.h"

/* Writes it into a file without a name, the caller's descriptor *fd, as `config` of the recording says, and opens that; reads all
 * of the file. *fd stays -1, and NULL is returned, where nothing is left out, or `err` is filled. `name` is for messages. */
struct recording *narrowed_open(struct query *query, const struct sink_config *config,
				const char *name, int *fd, struct error *err);

#endif
