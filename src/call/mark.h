/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark: what is no call and is told where it happened: a leaf of the call in whose goroutine it was.
 *
 * A mark says by its kind how it is told, so that a sink needs to know none of them: a new kind is a struct
 * mark_kind beside whoever makes such marks. Two kinds are the same when they are the same struct.
 *
 * What a mark does not say itself its tree's source tells on demand, as a struct mark_detail (tree.h).
 *
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef FTRACE_CALL_MARK_H
#define FTRACE_CALL_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/caller.h"

struct mark_kind;

struct mark {
	const struct mark_kind *kind;
	uint64_t start, end; /* `end` is `start` for what has no length */
	uint64_t goid;       /* 0 with `goid_known` false */
	uint64_t result;     /* what the kind says: a number */
	uint32_t what;       /* what the kind says: a function's index in the catalog; else 0 */
	uint32_t pid;        /* 0: of no process */
	uint32_t tid;        /* 0: of no thread */
	uint32_t before; /* in a tree: index of the call it stands before, may be tree->ncalls */
	uint32_t call;   /* in a tree: index of the call it belongs to, or CALL_NONE */
	uint32_t bytes;  /* the tree's source's: where what was read of it is, or CALL_NONE */
	bool goid_known;
	bool open;     /* it was not over when its process ended or tracing stopped: no `end` */
	bool streamed; /* its call's tree was not handed on whole */
};

enum mark_value {
	MARK_VALUE_NUMBER, /* number */
	MARK_VALUE_UNSIGNED, /* u */
	MARK_VALUE_HEX,    /* u */
	MARK_VALUE_WORD,   /* text as it is: a constant's name, several of them, an address */
	MARK_VALUE_TEXT,   /* text of the traced program, to be escaped and quoted */
	MARK_VALUE_LIST,   /* words and texts between brackets: `nvalues` values behind it */
	MARK_VALUE_NONE,   /* it could not be read: u is its address */
};

/* An argument of a system call or an event. */
struct mark_arg {
	const char *name; /* NULL: an element of a list */
	union {
		int64_t number;
		uint64_t u;
	};
	const char *text;
	const char *file; /* NUMBER, a descriptor: what it stands for; NULL: not known, or none */
	uint32_t len;     /* of text in bytes */
	uint32_t nvalues; /* LIST */
	uint8_t kind;     /* enum mark_value */
	bool truncated;   /* TEXT, LIST: there is more than is here */
	bool aside;       /* text leaves it out: it means nothing there */
};

/* Who made a goroutine runnable. */
struct mark_waker {
	bool known;      /* somebody did; false: nothing is known of it */
	bool goid_known; /* a goroutine did */
	uint64_t goid;
	const struct caller *place; /* where in its code; NULL: not known */
};

/* All belongs to the source. What is not known is NULL, or false. */
struct mark_detail {
	const char *name; /* a system call, a signal, an event; the reason of a wait */
	const struct mark_arg *args;
	size_t nargs;
	bool has_args; /* also without any */
	bool has_result;
	int64_t result;
	const char *result_text; /* instead of the number, in text */
	const char *result_file; /* the result is a descriptor: what it stands for */
	const char *error;       /* ENOENT */
	const char *error_text;  /* No such file or directory */
	const char *code;        /* SI_USER */
	bool has_sender;
	uint32_t sender; /* a PID */
	bool waited;     /* the next two mean something */
	uint64_t waiting, runnable;
	struct mark_waker waker;
};

/* What a field of a line is made of. What is not known is left out. */
enum mark_part {
	MARK_CALL, /* id of the call it belongs to */
	MARK_PID,
	MARK_GOID,
	MARK_TID,
	MARK_START,    /* Unix time */
	MARK_DURATION, /* what has ended only */
	MARK_FUNC,     /* the name of function `what` */
	MARK_RESULT,   /* the number */
	/* Of the detail: */
	MARK_NAME,
	MARK_ARGS,
	MARK_RETURN, /* `result` */
	MARK_ERROR,
	MARK_CODE,
	MARK_SENDER,
	MARK_WAITING,
	MARK_RUNNABLE,
	MARK_WAKER,
	MARK_OPEN, /* "open" of what had not ended */
};

struct mark_field {
	const char *name; /* NULL: behind the last one */
	enum mark_part part;
};

/* Kinds that the summary counts. */
enum mark_count {
	MARK_WAITS,
	MARK_SYSCALLS,
	MARK_SIGNALS,
	MARK_EVENTS,
	MARK_COUNTS,
	MARK_UNCOUNTED
};

struct mark_kind {
	const char *name;                /* the type of its lines */
	const struct mark_field *fields; /* of its lines, in order; none: it has no line */
	/*
	 * Words for a person. They hold
	 *
	 *     %f  the name of function `what`     %n  the detail's name       %c  its code
	 *     %r  the result                      %a  its arguments           %s  its sender
	 *     %w  its waker                       %v  what it returned, with the error
	 *
	 * What stands in brackets is left out when a part of it is not known. NULL: nobody is shown it.
	 */
	const char *words;
	const char *words_one; /* where the result is 1; NULL: the same */
	uint8_t counted;       /* enum mark_count */
	bool adds_up;  /* two of them in the same place are one, with the sum of both results */
	bool of_trace; /* is about the trace, not about a call: told also where no calls are */
	bool apart; /* of a lane, not of a call: in lines for programs it stands ahead of the tree it is in */
	bool alarm; /* text: bad news, `-- like this --`; else behind a `~` */
	bool lasts; /* it has a duration */
	bool waits; /* which is time that was waited */
};

/* The kind whose lines have that type; NULL: there is none. */
const struct mark_kind *mark_kind_named(const char *name);

/* Records that were lost: from the first to the last of them; the result is their number. */
extern const struct mark_kind mark_loss;

/* Probes of function `what` were taken off (--max-overhead): at the last moment at which it was traced; the result
 * is calls a second before that. */
extern const struct mark_kind mark_switched_off;

/* One stretch from parking to running again. */
extern const struct mark_kind mark_wait;

/* A system call. */
extern const struct mark_kind mark_syscall;

/* A signal that was delivered to the thread. */
extern const struct mark_kind mark_signal;

/* A tracepoint of the kernel that fired on the thread. */
extern const struct mark_kind mark_event;

/* A goroutine was made; the result is its goid. */
extern const struct mark_kind mark_go;

#endif
