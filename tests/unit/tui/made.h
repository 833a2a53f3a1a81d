/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * made: recordings that are made for tests of the viewer, and rows over them.
 *
 * A request is a root of goroutine 1, 2 or 3 in turn, number `n` from 0:
 *
 *     main.serve(id=n)         10 us, 20 us where n % 100 is 7
 *       main.parse              1 us
 *         ~ a wait
 *       main.store              2 us; of the request that is to be the slowest 1 s
 *         main.lock             1 us
 */
#ifndef FTRACE_TESTS_TUI_MADE_H
#define FTRACE_TESTS_TUI_MADE_H

#include "tui/line.h"
#include "tui/rows.h"

#define MADE_CALLS 4 /* of a request */
#define MADE_NODES 5

struct made {
	int fd;
	struct recording *recording;
	struct sink_config config;
	struct shelf shelf;
	struct rows rows;
	struct lines lines;
};

/* What becomes of the file before it is opened. */
enum made_harm {
	MADE_WHOLE,
	MADE_CUT,     /* in the middle of the last block */
	MADE_DAMAGED, /* a byte of the first block with calls */
};

/* Fails the test when anything goes wrong. `slowest`: a request. */
void made_open(struct made *made, uint64_t requests, uint64_t slowest, enum made_harm harm);
/* One call of main.main with `requests` calls of main.work in it, each by itself. */
void made_open_streamed(struct made *made, uint64_t requests);
void made_close(struct made *made);

/* Rows from a place on, at most `most`, as lines of text, without times; the caller frees it. */
char *made_screen(struct made *made, struct place from, unsigned int most);

#endif
