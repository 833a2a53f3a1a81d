/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * list_lines: what would be probed, where, and what not and why.
 *
 *     FUNCTION                 SIZE  ENTRY    EXITS  FILE:LINE
 *     main.add                   37  cheap        1  main.go:19
 *     main.spin                 112  stepped      0  main.go:24
 *
 *     NOT TRACED               REASON
 *     main.tiny                inlined at main.go:12
 *
 *     2 functions, 2 entries (1 stepped), 1 exit; 1 not traced
 *
 * SIZE is in bytes of machine code; an entry is `cheap` when the kernel emulates the instruction
 * under it, `stepped` when it single-steps it. EXITS are the rets and the jumps out. With
 * --follow-calls the last line says how many functions were found that way and how many calls went
 * nobody knows where; in JSON a function that was found has its `level`, from 1.
 */
#ifndef FTRACE_CLI_CMD_LIST_LINES_H
#define FTRACE_CLI_CMD_LIST_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/outlet.h"
#include "plan/plan.h"

/* Where a function was inlined. */
struct list_place {
	const char *file;
	int line;
};

/* Everything belongs to the caller. The callbacks may be NULL; what they return is good until they
 * are called again. `func` is an index in plan->funcs. */
struct list_config {
	struct outlet *outlet;
	const struct plan *plan;
	bool full_names; /* in text: with their whole import paths */
	/* The function's signature as Go writes it, `(a int, b string) error`, or NULL. */
	const char *(*params)(const struct plan *plan, uint32_t func, void *arg);
	/* Puts an array into *places and returns its length. */
	size_t (*inlined_at)(const struct plan *plan, uint32_t func,
			     const struct list_place **places, void *arg);
	void *arg;
};

/* Each writes everything and flushes; 0 or the outlet's negative errno. */
int list_text(const struct list_config *config);
int list_jsonl(const struct list_config *config);

#endif
