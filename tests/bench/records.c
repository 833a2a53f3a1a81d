/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * records: how fast recorded bytes become calls, and calls text.
 *
 *     records TARGET ROUNDS
 *
 * Makes the records that ftrace would read while main.tree of tests/bench/target runs in 64 goroutines,
 * four at a time, and hands them to decoder, trees and a sink, whose output goes to /dev/null. Each
 * round measures every sink once, and memcpy() of the same records as the reference. A line is
 *
 *     SINK <tab> NANOSECONDS A RECORD <tab> NANOSECONDS OF MEMCPY <tab> KILOBYTES THAT IT TOOK
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ftrace/abi.h>

#include "out/sink.h"
#include "plan/values.h"
#include "trace/trace.h"

#define TREES   40000
#define CALLS   13 /* of a tree: main.tree, 3 of main.branch, 9 of main.add */
#define ACTIVE  4
#define LANES   64
#define PID     4242
#define LONGEST 512 /* bytes of one record here */
#define FRAME   64

struct records {
	unsigned char *bytes;
	size_t len, count;
};

/* One step of a tree, the same for all trees. */
struct step {
	const char *name;
	const char *caller;
	unsigned int level;
	bool entry;
};

static struct step steps[2 * CALLS];
static size_t nsteps;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "records: %s: %s\n", what, why);
	exit(1);
}

/* Processor time of this thread: what else the machine does counts little. */
static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static void step(const char *name, const char *caller, unsigned int level, bool entry)
{
	steps[nsteps++] = (struct step){name, caller, level, entry};
}

static void make_steps(void)
{
	step("main.tree", "main.main", 0, true);
	for (int i = 0; i < 3; i++) {
		step("main.branch", "main.tree", 1, true);
		for (int j = 0; j < 3; j++) {
			step("main.add", "main.branch", 2, true);
			step("main.add", NULL, 2, false);
		}
		step("main.branch", NULL, 1, false);
	}
	step("main.tree", NULL, 0, false);
}

static struct plan *make_plan(const char *path, bool values)
{
	struct values_config config = {.limits = values_default_limits};
	struct selection select = {0};
	struct plan *plan = plan_new();
	struct error err = {0};
	struct image *image;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || !plan)
		die(path, strerror(errno));
	image = image_open(fd, path, &err);
	close(fd);
	if (!image || selection_add_glob(&select, "main.*", false, &err) ||
	    plan_add(plan, image, &select, false, &err) ||
	    (values && plan_values(plan, 0, &config, &err)))
		die(path, err.text);
	selection_release(&select);
	return plan;
}

static const struct plan_func *find(const struct plan *plan, const char *name)
{
	const struct plan_func *func = plan_find(plan, 0, name);

	if (!func)
		die(name, "not in the target");
	return func;
}

/* Statuses that say that all was read, and small numbers in all slots. */
static size_t put_values(unsigned char *to, const struct fetch *fetch, const struct site *site)
{
	struct ft_values head = {.ip = site->addr};
	size_t size = fetch ? fetch_size(fetch) : 0, statuses;

	if (!size)
		return 0;
	statuses = (fetch->nstatus + 7) & ~(size_t)7;
	if (size > LONGEST - sizeof(struct ft_entry) || sizeof(head) + statuses > size)
		die("values", "longer than a record here");
	memcpy(to, &head, sizeof(head));
	memset(to + sizeof(head), FT_V_OK, statuses);
	for (size_t at = sizeof(head) + statuses; at + 8 <= size; at += 8) {
		uint64_t number = at * 7;

		memcpy(to + at, &number, sizeof(number));
	}
	return size;
}

static size_t put_record(unsigned char *to, const struct plan *plan, const struct step *at,
			 uint64_t goid, uint64_t time)
{
	const struct plan_func *func = find(plan, at->name);
	uint32_t index = func->first_site + !at->entry;
	const struct site *site = &plan->sites[index];
	size_t fixed = at->entry ? sizeof(struct ft_entry) : sizeof(struct ft_record), values;
	struct ft_entry entry = {
		.r = {.time = time,
		      .site = index,
		      .tgid = PID,
		      .tid = PID + (uint32_t)goid % ACTIVE,
		      .kind = at->entry ? FT_ENTRY : FT_EXIT,
		      .lane = goid,
		      .depth = 512 + (uint64_t)at->level * FRAME,
		      .epoch = 1},
		.g = 0xc000000000u + goid * 512,
	};

	if (at->caller)
		entry.caller = (int64_t)(find(plan, at->caller)->entry + 40 - site->addr);
	values = put_values(to + fixed, at->entry ? func->args : func->results, site);
	entry.r.size = (uint16_t)(fixed + values);
	entry.r.flags = values ? FT_R_VALUES : 0;
	memcpy(to, &entry, fixed);
	return fixed + values;
}

/* Four trees at a time, step by step. */
static struct records make_records(const struct plan *plan)
{
	struct records records = {.bytes = malloc((size_t)TREES * nsteps * LONGEST / 2)};
	uint64_t time = now();

	if (!records.bytes)
		die("records", "out of memory");
	for (uint64_t tree = 0; tree < TREES; tree += ACTIVE)
		for (size_t i = 0; i < nsteps; i++)
			for (uint64_t k = 0; k < ACTIVE; k++) {
				records.len +=
					put_record(records.bytes + records.len, plan, &steps[i],
						   1 + (tree + k) % LANES, time += 250);
				records.count++;
			}
	return records;
}

/* What the trace calls, with a sink behind it or none. */
struct reader {
	const struct sink_ops *ops;
	struct sink *sink;
	const struct plan *plan;
	uint64_t calls;
};

static int on_process(void *arg, const struct process *process)
{
	struct reader *r = arg;

	return r->ops && r->ops->process ? r->ops->process(r->sink, process) : 0;
}

static int on_root(void *arg, const struct tree *tree)
{
	struct reader *r = arg;

	r->calls += tree->ncalls;
	return r->ops ? r->ops->root(r->sink, tree) : 0;
}

static int on_leave(void *arg, const struct tree *tree, uint32_t call)
{
	(void)arg, (void)tree, (void)call;
	return -EINVAL;
}

static int on_loss(void *arg, const struct loss *loss)
{
	(void)arg, (void)loss;
	return -EINVAL;
}

static uint64_t on_next_id(void *arg)
{
	(void)arg;
	return 1;
}

static int on_identify(void *arg, struct process *process, const struct ft_record *first)
{
	const struct reader *r = arg;
	const struct image_info *info = image_info(r->plan->images[0].image);

	(void)first;
	process->exe = strdup(info->path);
	process->go = info->go_version;
	process->build_id = info->build_id;
	return process->exe ? 0 : -ENOMEM;
}

static bool on_next_loss(void *arg, struct ft_loss_key *key, struct ft_loss *loss)
{
	(void)arg, (void)key, (void)loss;
	return false;
}

static const struct trace_ops trace_ops = {
	.process = on_process,
	.root = on_root,
	.leave = on_leave,
	.loss = on_loss,
	.next_id = on_next_id,
	.identify = on_identify,
	.next_loss = on_next_loss,
};

static uint64_t feed(struct trace *trace, const struct records *records)
{
	uint64_t began = now();

	for (size_t at = 0; at < records->len;) {
		const struct ft_record *record = (const void *)(records->bytes + at);

		if (trace_record(trace, record, record->size))
			die("trace", "a record is refused");
		at += record->size;
	}
	return now() - began;
}

/* Nanoseconds for all records through the sink, none when `ops` is NULL. */
static uint64_t run(const struct plan *plan, const struct records *records,
		    const struct sink_ops *ops, size_t *heap)
{
	struct trace_config config = {.plan = plan, .hold = TRACE_HOLD_NEVER};
	struct reader reader = {.ops = ops, .plan = plan};
	struct callers *callers = callers_new(plan);
	size_t before = mallinfo2().uordblks;
	struct trace_summary summary = {0};
	struct writer writer;
	struct sink_config sink = {.writer = &writer,
				   .plan = plan,
				   .callers = callers,
				   .tool = "ftrace",
				   .kernel = "any",
				   .start = now()};
	struct trace *trace;
	uint64_t took;

	if (!callers || writer_open(&writer, "/dev/null"))
		die("/dev/null", strerror(errno));
	reader.sink = ops ? ops->new (&sink) : NULL;
	trace = trace_new(&config, &trace_ops, &reader);
	if (!trace || (ops && !reader.sink))
		die("trace", "out of memory");
	took = feed(trace, records);
	*heap = mallinfo2().uordblks - before;
	if (trace_finish(trace) < 0 || trace_counts(trace)->damaged ||
	    reader.calls * 2 != records->count)
		die("trace", "the records do not make the calls that they should");
	if (ops) {
		ops->end(reader.sink, &summary);
		ops->free(reader.sink);
	}
	trace_free(trace);
	writer_close(&writer);
	callers_free(callers);
	return took;
}

static uint64_t copy(const struct records *records)
{
	static unsigned char to[LONGEST];
	uint64_t began = now();

	for (size_t at = 0; at < records->len;) {
		const struct ft_record *record = (const void *)(records->bytes + at);
		size_t size = record->size;

		memcpy(to, record, size);
		__asm__ volatile("" : : "r"(to) : "memory");
		at += size;
	}
	return now() - began;
}

static void measure(const struct plan *plan, const char *what)
{
	static const struct sink_ops *const sinks[] = {NULL, &sink_text, &sink_jsonl};
	struct records records = make_records(plan);

	for (size_t i = 0; i < 3; i++) {
		uint64_t reference = copy(&records), took;
		size_t heap;

		took = run(plan, &records, sinks[i], &heap);
		printf("%s, %s\t%.2f\t%.2f\t%zu\n", sinks[i] ? sinks[i]->name : "no sink", what,
		       (double)took / (double)records.count,
		       (double)reference / (double)records.count, heap / 1024);
	}
	free(records.bytes);
}

int main(int argc, char **argv)
{
	int rounds = argc == 3 ? atoi(argv[2]) : 0;
	struct plan *bare, *typed;

	if (rounds <= 0) {
		fprintf(stderr, "usage: records TARGET ROUNDS\n");
		return 2;
	}
	make_steps();
	bare = make_plan(argv[1], false);
	typed = make_plan(argv[1], true);
	while (rounds--) {
		measure(bare, "no values");
		measure(typed, "values");
	}
	plan_free(bare);
	plan_free(typed);
	return 0;
}
