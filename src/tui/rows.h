/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rows: the calls of a recording as a list of which some are folded: what stands above and below what.
 *
 * There is no number of a row: nobody knows how many there are without reading all of the file. A place is a node in a block,
 * and from one the next one is found; as a rule in the same block. Where it is further away, since no call of the goroutines
 * that are to be seen is near, blocks are read one after the other, and the caller is asked before each whether to go on.
 *
 * The caller owns the struct.
 */
#ifndef FTRACE_TUI_ROWS_H
#define FTRACE_TUI_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/shelf.h"

struct place {
	size_t block;
	uint32_t node;
};

static inline bool place_equal(struct place a, struct place b)
{
	return a.block == b.block && a.node == b.node;
}

static inline bool place_before(struct place a, struct place b)
{
	return a.block != b.block ? a.block < b.block : a.node < b.node;
}

/* What a search through the recording came to. */
enum found {
	FOUND,
	FOUND_NOTHING,
	FOUND_STOPPED, /* the caller did not want to go on */
	FOUND_FAILED,  /* memory is out */
};

struct rows {
	struct shelf *shelf;
	bool only;     /* roots of one goroutine are to be seen: */
	uint64_t goid; /* this one; 0: what runs on no goroutine */
	/* Of the blocks, which have none of them, as far as that is known: a bit each. */
	unsigned char *barren;
	bool near; /* it goes no further than a few blocks, FOUND_STOPPED: for what the screen shows besides */
	/* Asked while blocks are read that were not asked for: `done` of `all` calls are behind. NULL: it goes on. */
	bool (*go_on)(void *arg, uint64_t done, uint64_t all);
	void *arg;
};

/* The shelf outlives it. 0 or -ENOMEM. */
int rows_init(struct rows *rows, struct shelf *shelf);
void rows_release(struct rows *rows);

/* All goroutines, or one. */
void rows_show_all(struct rows *rows);
void rows_show_only(struct rows *rows, uint64_t goid);

/* The first row and the last one. */
enum found rows_first(struct rows *rows, struct place *place);
enum found rows_last(struct rows *rows, struct place *place);

/* What is below and above a row. *place is changed when it is found. */
enum found rows_next(struct rows *rows, struct place *place);
enum found rows_previous(struct rows *rows, struct place *place);

/* The row at that place, or the nearest behind it, or in front: of a node that is not to be seen the root's. */
enum found rows_settle(struct rows *rows, struct place *place);

/* Within its tree; FOUND_NOTHING where there is none. What is found may be folded away: rows_reveal(). */
enum found rows_caller(struct rows *rows, struct place *place);
enum found rows_first_below(struct rows *rows, struct place *place);
enum found rows_longest_below(struct rows *rows, struct place *place);
/* The next call or mark of the same caller, or of the same goroutine where there is no caller; or the previous one. */
enum found rows_sibling(struct rows *rows, struct place *place, bool forward);

/* Whether there is something below it, and whether that is to be seen. */
bool rows_has_more(struct rows *rows, struct place place);
bool rows_is_unfolded(struct rows *rows, struct place place);

/* The node itself, those right below it, or all that are below it and the node. 0 or -ENOMEM. */
enum rows_extent { ROWS_IT, ROWS_RIGHT_BELOW, ROWS_ALL_BELOW };
int rows_unfold(struct rows *rows, struct place place, enum rows_extent extent, bool unfold);

/* Unfolds what it is in. 0 or -ENOMEM. */
int rows_reveal(struct rows *rows, struct place place);

/* Whether its root is among those to be seen. */
bool rows_shows(const struct rows *rows, const struct sheet *sheet, uint32_t node);

/* Asks whether to go on, `block` being next: for other searches. */
bool rows_go_on(const struct rows *rows, size_t block);

#endif
