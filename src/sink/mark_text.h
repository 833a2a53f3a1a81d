/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark_text: a mark in words, as its kind has them (call/mark.h).
 */
#ifndef FTRACE_SINK_MARK_TEXT_H
#define FTRACE_SINK_MARK_TEXT_H

#include "call/sink.h"
#include "sink/func_names.h"

/* What the words are made with; all of it outlives the call. */
struct mark_words {
	const struct sink_config *config;
	struct func_names *names;
	const struct catalog_exe *exe; /* how the names of places are shortened */
};

/* Appends the words. `detail`: NULL where there is none. */
void mark_text(struct buf *buf, const struct mark_words *words, const struct mark *mark,
	       const struct mark_detail *detail);

#endif
