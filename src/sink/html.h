/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * html: the page's sink from the inside, and the numbers that its data is made of (html.c says what is behind each).
 */
#ifndef FTRACE_SINK_HTML_H
#define FTRACE_SINK_HTML_H

#include "base/map.h"
#include "call/sink.h"
#include "sink/call_site.h"
#include "sink/first_tree.h"
#include "sink/func_names.h"
#include "sink/html_pack.h"
#include "sink/mark_text.h"

enum html_record {
	HTML_HEAD = 1,
	HTML_PROCESS,
	HTML_FUNC,
	HTML_TRACK,
	HTML_KIND,
	HTML_CALL,
	HTML_MARK,
	HTML_STATS,
	HTML_END,
};

/* What is known of a call. */
#define HTML_ARGS    0x01
#define HTML_RESULTS 0x02
#define HTML_CALLER  0x04
#define HTML_TIMES   0x08
#define HTML_STACK   0x10
#define HTML_OPEN    0x20 /* it goes on to the end of the trace */

/* More than there are (call/mark.h). */
#define HTML_KINDS 32

struct html {
	struct sink sink;
	const struct sink_config *config;
	struct html_pack pack;
	struct func_names names; /* for the words of marks */
	struct call_sites sites;
	struct map tracks; /* {pid, track} -> its number, from 1 */
	struct first_trees trees;
	const struct mark_kind *kinds[HTML_KINDS];
	uint32_t nkinds;
	uint32_t nfuncs;  /* that have a record */
	uint64_t last_id; /* of a call */
	int64_t last;     /* time of the last call or mark, ns from the start of the trace */
	struct buf words; /* what is being said */
	struct buf rest;  /* of a call's record */
};

#endif
