/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * goroutine_json: the line of a goroutine, which stands before its first call; and in which call it was made, as far as the
 * line of that call has been written.
 */
#ifndef FTRACE_SINK_GOROUTINE_JSON_H
#define FTRACE_SINK_GOROUTINE_JSON_H

#include "base/buf.h"
#include "base/recent.h"
#include "call/sink.h"
#include "sink/first_tree.h"

/* Goroutines that are made in calls and have made none themselves, so far: of more the oldest are forgotten. */
#define GOROUTINES_WAITING 65536

struct goroutine_lines {
	struct first_trees told;
	struct recent makers; /* {run, goid} -> id of the call that made it */
	bool failed;          /* memory is out */
};

void goroutine_lines_init(struct goroutine_lines *lines);
void goroutine_lines_release(struct goroutine_lines *lines);

/* A mark_go of a call of the tree, whose line has been written, or is before anything else is. */
void goroutine_lines_learn(struct goroutine_lines *lines, const struct tree *tree,
			   const struct mark *mark);

/* To be called before a call of the tree is written: whether a line was begun, which json_line_end() has to end. */
bool goroutine_lines_add(struct goroutine_lines *lines, struct buf *buf,
			 const struct sink_config *config, const struct tree *tree);

#endif
