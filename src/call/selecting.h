/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * selecting: what the parts of the selecting sink share; internal to src/call.
 *
 *     select.c         the sink: processes, whole trees, marks, counts
 *     select_stream.c  calls that come one by one, and trees that leave so
 *     foresight.c      what becomes of calls that come one by one
 *     narrow.c         what is left of a whole tree
 */
#ifndef FTRACE_CALL_SELECTING_H
#define FTRACE_CALL_SELECTING_H

#include "base/map.h"
#include "call/foresight.h"
#include "call/narrow.h"
#include "call/select.h"

/* A process that is known. */
struct selected_process {
	const struct process *process;
	struct process told; /* as the next sink was told of it */
	bool announced;
};

/* A streamed call that is open. */
struct selected_call {
	uint64_t id;   /* that it has from here on; 0: the next sink was not told */
	uint64_t free; /* 1 + the next one that is free */
	bool there;    /* function and time want it, and its filter, so far as that is known */
	bool filtered; /* its function has one */
	bool drilled;  /* below a call of -D, or one */
	bool shown;    /* unless its end leaves it out */
};

struct selecting {
	struct sink sink;
	struct select_config config;
	struct sink *next;
	uint64_t last_id;
	uint64_t calls, unwound, open; /* handed on */
	uint64_t marks[MARK_COUNTS];
	uint64_t roots; /* finished ones that were handed on */
	uint64_t until; /* when the last of --max-calls ended; UINT64_MAX: it has not come */

	struct map processes; /* PID -> 1 + index in `known` */
	struct selected_process *known;
	size_t nknown, capknown;

	struct narrowing narrowing;

	/* Streamed calls. */
	struct map open_calls; /* id in what comes -> 1 + index in `held` */
	struct selected_call *held;
	size_t nheld, capheld;
	uint64_t free;     /* 1 + the first that is free */
	struct tree chain; /* the shown callers of the one at hand, and it */
	struct foresight foreseen;
	const struct foresight *foresight; /* NULL: nothing is known in advance */
};

static inline struct selecting *selecting_of(struct sink *sink)
{
	return (struct selecting *)sink;
}

/* select.c */

/* The next sink is told of the process, unless it was. */
int selecting_announce(struct selecting *s, const struct process *process);

/* Whether --goid wants the goroutine. */
bool selecting_wants(const struct selecting *s, uint64_t goid, uint64_t curg);

void selecting_count(struct selecting *s, const struct call *call);
void selecting_count_mark(struct selecting *s, const struct mark *mark);

/* A root call has been handed on. */
void selecting_count_root(struct selecting *s, const struct call *root);

/* A mark that stands in no call. */
int selecting_lone(struct selecting *s, const struct mark *mark);

/* select_stream.c */

/* A whole tree, call by call. */
int selecting_stream(struct selecting *s, struct tree *part);

/* An open call by the id that it has in what comes; NULL: it is not known. */
struct selected_call *selecting_find(const struct selecting *s, uint64_t id);

/* What is known of a call when it begins; NULL when memory is out. */
struct selected_call *selecting_judge(struct selecting *s, const struct tree *tree, uint32_t index);
void selecting_forget(struct selecting *s, uint64_t id);

/* Whether function, time and filter want a call that is over. */
bool selecting_passes(const struct selecting *s, const struct tree *tree, uint32_t index);

/* What it holds, but for itself. */
void selecting_release(struct selecting *s);

int selecting_enter(struct sink *sink, const struct tree *tree, uint32_t call);
int selecting_leave(struct sink *sink, const struct tree *tree, uint32_t call);
int selecting_mark(struct sink *sink, const struct tree *tree, const struct mark *mark);

#endif
