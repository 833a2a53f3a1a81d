/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark_json: a mark as a line for programs, by the fields of its kind.
 */
#ifndef FTRACE_SINK_MARK_JSON_H
#define FTRACE_SINK_MARK_JSON_H

#include "call/sink.h"
#include "sink/func_names.h"

/* Appends the object without its end. `tree`: what the mark stands in, or NULL. */
void mark_json(struct buf *buf, const struct sink_config *config, struct func_names *names,
	       const struct tree *tree, const struct mark *mark);

/* Where something is in the code: {"func":...}. */
void mark_json_place(struct buf *buf, const struct caller *caller);

/* The same of where a goroutine was made, and by which: {"created":true,"goid":18,"func":...}. */
void mark_json_creator(struct buf *buf, const struct goroutine *goroutine);

#endif
