/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * goroutine: where the goroutine of a tree comes from. Belongs to the tree's source.
 */
#ifndef FTRACE_CALL_GOROUTINE_H
#define FTRACE_CALL_GOROUTINE_H

#include <stdbool.h>
#include <stdint.h>

#include "call/caller.h"

/* The goroutine that runs main.main: nobody's go statement made it (Go's src/runtime/proc.go, the first one of newproc1). */
#define GOROUTINE_MAIN 1

struct goroutine {
	bool has_parent; /* who made it is known; a timer's goroutine has none */
	bool has_start;  /* when: it has begun while it was traced */
	bool inside;     /* in a traced call of the parent */
	bool linked;     /* which one that was is known: `call` and what follows */
	uint64_t parent; /* goid */
	uint64_t start;  /* CLOCK_MONOTONIC, ns */
	uint64_t call;   /* when that call of the parent began */
	uint64_t root_goid, root_start; /* the first root call of the whole tree across goroutines: whose, when it began */
	const char *func;             /* the function that it runs; NULL: not known */
	const struct caller *created; /* where the go statement is; NULL: not known */
};

#endif
