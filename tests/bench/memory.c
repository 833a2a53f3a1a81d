/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memory: what call trees and a sink take of it in the long run, and with very many goroutines.
 *
 *     memory TARGET hour           an hour of records, 10 000 a second, of ever new goroutines
 *     memory TARGET goroutines     100 000 goroutines, all inside a call
 *
 * The memory is what the process has resident. A line has, with tabs between:
 *
 *     FIGURE  UNIT  VALUE  NAME OF THE REFERENCE  REFERENCE  GOAL
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ftrace/record.h>

#include "replay.h"
#include "sink/formats.h"

#define TREES      4000   /* of one pass */
#define RATE       10000u /* records a second */
#define HOUR       (3600 * (uint64_t)1000000000)
#define GOROUTINES 100000u

static double resident(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long pages = 0;

	if (!file || fscanf(file, "%*d %ld", &pages) != 1)
		replay_die("/proc/self/statm", "cannot be read");
	fclose(file);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1024;
}

/* Spreads the records of the first pass over the time that they are to take. */
static uint64_t stretch(const struct records *records)
{
	uint64_t time = 0;

	for (size_t at = 0; at < records->len;) {
		struct ft_record *record = (void *)(records->bytes + at);

		record->time = time += 1000000000 / RATE;
		at += record->size;
	}
	return time;
}

/* The same again, later and in other goroutines. */
static void go_on(const struct records *records, uint64_t pass)
{
	for (size_t at = 0; at < records->len;) {
		struct ft_record *record = (void *)(records->bytes + at);

		record->time += pass;
		record->lane += REPLAY_LANES;
		at += record->size;
	}
}

static void hour(const struct plan *plan)
{
	struct records records = replay_records(plan, TREES);
	uint64_t pass = stretch(&records), fed = 0;
	double first = 0;
	struct replay replay;

	replay_begin(&replay, plan, &sink_text, "/dev/null");
	for (uint64_t time = pass; time <= HOUR + pass; time += pass) {
		replay_feed(&replay, &records);
		fed += records.count;
		if (trace_tick(replay.trace, time))
			replay_die("trace", "it ended before its time");
		if (!first && time >= HOUR / 6)
			first = resident();
		go_on(&records, pass);
	}
	printf("memory after an hour (%.0f million records)\tkB\t%.0f\tafter ten minutes\t%.0f\n",
	       (double)fed / 1e6, resident(), first);
	printf("  more than after ten minutes\tkB\t%.0f\t-\t0\t1024\n", resident() - first);
	if (trace_counts(replay.trace)->calls * 2 != fed)
		replay_die("trace", "the records do not make the calls that they should");
	replay_end(&replay);
	free(records.bytes);
}

/* An entry, or an exit, in each goroutine. */
static uint64_t all(struct replay *replay, bool entry, uint64_t time)
{
	union {
		struct ft_record r;
		unsigned char bytes[REPLAY_RECORD];
	} record;

	for (uint64_t goid = 1; goid <= GOROUTINES; goid++) {
		size_t size =
			replay_root(record.bytes, replay->plan, entry, goid, time += REPLAY_STEP);

		if (trace_record(replay->trace, record.bytes, size))
			replay_die("trace", "a record is refused");
	}
	return time;
}

static void goroutines(const struct plan *plan)
{
	struct replay replay;
	double before, inside;
	uint64_t time;

	replay_begin(&replay, plan, &sink_text, "/dev/null");
	before = resident();
	time = all(&replay, true, REPLAY_STEP);
	inside = resident() - before;
	if (trace_counts(replay.trace)->open_lanes != GOROUTINES)
		replay_die("trace", "not every goroutine has an open call");
	all(&replay, false, time);
	if (trace_counts(replay.trace)->calls != GOROUTINES)
		replay_die("trace", "not every call has ended");
	printf("memory for 100 000 goroutines inside a call\tkB\t%.0f\tftrace before\t%.0f\t65536\n",
	       inside, before);
	printf("  a goroutine\tbytes\t%.0f\t-\t0\n", inside * 1024 / GOROUTINES);
	replay_end(&replay);
}

int main(int argc, char **argv)
{
	struct plan *plan;

	if (argc != 3 || (strcmp(argv[2], "hour") && strcmp(argv[2], "goroutines"))) {
		fprintf(stderr, "usage: memory TARGET hour|goroutines\n");
		return 2;
	}
	plan = replay_plan(argv[1], true);
	if (!strcmp(argv[2], "hour"))
		hour(plan);
	else
		goroutines(plan);
	plan_free(plan);
	return 0;
}
