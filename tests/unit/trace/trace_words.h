/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace_words: a trace of two functions, a and b, whose calls come out as words:
 *
 *     a(b=return)=unwound     a root, with what was below it
 *     b.                      a streamed call has ended
 *     loss                    records were lost: by itself, or in the root that comes next
 *
 * For the programs that test src/trace/trace.c. One trace at a time; words_setup() and words_teardown()
 * begin and end it around each test.
 */
#ifndef FTRACE_TESTS_TRACE_WORDS_H
#define FTRACE_TESTS_TRACE_WORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "trace/trace.h"

#define MS     1000000ull
#define SECOND 1000000000ull

enum { A, B };
/* Sites of a function, in this order from its index times SITES on; behind them the runtime's. */
enum { ENTRY, RET, TAIL, SITES, RECOVER = 2 * SITES, GOEXIT, PANIC };

struct words {
	struct trace *trace;
	struct trace_config config; /* to be changed before words_start() */
	struct buf out;
	struct ft_entry record; /* what all records have unless a test changes it */
	int answer;             /* of the sink */
	bool whole, gone;
	uint32_t over; /* this process and those of higher numbers have ended, unseen; 0: none */
	unsigned int foreign, entered, announced;
	uint64_t
		ids; /* the last one that was given: they count up, roots and streamed calls alike */
	size_t most_values; /* bytes that a streamed tree held */
	uint64_t took;      /* by the last root, ns */
	struct ft_loss_key lost_key;
	struct ft_loss lost; /* told once, when it has a count or marks */
	uint32_t
		unlisted; /* records that were lost after the last one, and that no list had room for */
	uint64_t now;     /* when that is looked at, else at the time of the record */
};

extern struct words words;
extern struct site words_sites[];

int words_setup(void **state);
int words_teardown(void **state);
void words_start(void);

/* What trace_record() answers to one hit, of goroutine `lane`. */
int hit(uint8_t kind, uint32_t site, uint64_t time, uint64_t lane, uint64_t depth);
int enter(uint32_t func, uint64_t time, uint64_t lane, uint64_t depth);
int leave(uint32_t func, uint64_t time, uint64_t lane, uint64_t depth);

/* The words since the last time. */
void expect(const char *text);

#define WORDS_TEST(name) cmocka_unit_test_setup_teardown(name, words_setup, words_teardown)

#endif
