/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark: what is no call and is told where it happened: a leaf of the call in whose goroutine it was.
 *
 * A mark says by its kind how it is told, so that a sink needs to know none of them: a new kind is a struct
 * mark_kind beside whoever makes such marks. Two kinds are the same when they are the same struct.
 *
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef FTRACE_CALL_MARK_H
#define FTRACE_CALL_MARK_H

#include <stdbool.h>
#include <stdint.h>

struct mark_kind;

struct mark {
	const struct mark_kind *kind;
	uint64_t start, end; /* `end` is `start` for what has no length */
	uint64_t goid;       /* 0 with `goid_known` false */
	uint64_t result;     /* what the kind says: a number */
	uint32_t what;       /* what the kind says: a function's index in the catalog; else 0 */
	uint32_t pid;        /* 0: of no process */
	uint32_t before; /* in a tree: index of the call it stands before, may be tree->ncalls */
	bool goid_known;
};

/* What a field of a line is made of. What is not known is left out. */
enum mark_part {
	MARK_PID,
	MARK_GOID,
	MARK_START,  /* Unix time */
	MARK_FUNC,   /* the name of function `what` */
	MARK_RESULT, /* the number */
};

struct mark_field {
	const char *name; /* NULL: behind the last one */
	enum mark_part part;
};

struct mark_kind {
	const char *name;                /* the type of its lines */
	const struct mark_field *fields; /* of its lines, in order */
	/* Words for a person; %f stands for the name of function `what`, %r for the result. */
	const char *words;
	const char *words_one; /* where the result is 1; NULL: the same */
	bool adds_up;  /* two of them in the same place are one, with the sum of both results */
	bool of_trace; /* is about the trace, not about a call: told also where no calls are */
};

/* Records that were lost: from the first to the last of them; the result is their number. */
extern const struct mark_kind mark_loss;

/* Probes of function `what` were taken off (--max-overhead): at the last moment at which it was traced; the result
 * is calls a second before that. */
extern const struct mark_kind mark_switched_off;

#endif
