/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * columns: what stands to the left of the FUNCTION column in the text output.
 *
 *     TIME             DURATION       PID    G  FUNCTION
 *     17:10:59.088811    182 ns       412    1    main.add();
 *     17:10:59.099102   ~10.2 ms *    412  18*  } main.f
 *
 * PID is there only after columns_show_pid(), and WAIT, what of the duration the goroutine did not run, behind DURATION
 * only where the configuration wants it. G is the goroutine; a scheduler's stack or a thread
 * without a goroutine is shown as the goroutine it works for and a star (`18*`), or `-` when it
 * works for none. `?` stands for what is not known. Columns grow with the widest entry seen, so
 * that lines stay aligned with those before them as long as they can.
 */
#ifndef FTRACE_SINK_COLUMNS_H
#define FTRACE_SINK_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "call/sink.h"

/* Whose line it is. */
struct owner {
	uint32_t pid; /* 0: not known */
	bool goid_known;
	uint64_t goid;
	uint64_t curg;
};

/* When and how long; a field that is not valid leaves its column blank. */
struct moment {
	uint64_t time;
	uint64_t duration;
	uint64_t wait; /* of it */
	bool timed;
	bool lasted;
	bool waited;
	bool approximate;
};

/* Sets what there is to say of how long the call took: a duration that is known only because something else showed it to be over
 * is marked. `times`: NULL where they are not known. */
void moment_of_call(struct moment *moment, const struct call *call, const struct call_times *times);

/* A second of local time as text: localtime_r() for each line would be most of the work. */
struct second {
	int64_t unix_time;
	unsigned int len; /* 0: empty */
	char text[32];    /* "2026-11-21 17:10:59." */
};

#define COLUMNS_SECONDS 16

/* PID and G of the newest line: those of one tree are all of one owner. */
struct columns_owner {
	struct owner owner;
	unsigned int len; /* 0: not made yet, or for other widths */
	char text[64];    /* with the blanks behind it */
};

struct columns {
	const struct sink_config *config;
	unsigned int time; /* widths in characters; 0: no such column */
	unsigned int pid;
	unsigned int goid;
	struct columns_owner newest;
	struct second seconds[COLUMNS_SECONDS];
};

/* `config` outlives the struct. */
void columns_init(struct columns *columns, const struct sink_config *config);

void columns_show_pid(struct columns *columns, uint32_t pid);

/* Makes room for `owner`; before the lines of a tree, and before columns_width(). */
void columns_fit(struct columns *columns, const struct owner *owner);

/* Characters to the left of the FUNCTION column. */
unsigned int columns_width(const struct columns *columns);

/* The column names, "FUNCTION" and "CALLER" not included. */
void columns_header(const struct columns *columns, struct buf *buf);

void columns_add(struct columns *columns, struct buf *buf, const struct owner *owner,
		 const struct moment *moment);

#endif
