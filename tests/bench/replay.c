/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ftrace/fetch.h>
#include <ftrace/record.h>

#include "plan/values.h"
#include "trace/plan_catalog.h"

#define PID   4242
#define FRAME 64 /* bytes of the stack, of each call */

/* One step of a tree, the same for all trees. */
struct step {
	const char *name;
	const char *caller;
	unsigned int level;
	bool entry;
};

static struct step steps[2 * REPLAY_CALLS];
static size_t nsteps;

void replay_die(const char *what, const char *why)
{
	fprintf(stderr, "replay: %s: %s\n", what, why);
	exit(1);
}

uint64_t replay_now(void)
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
	nsteps = 0;
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

struct plan *replay_plan(const char *path, bool values)
{
	struct values_config config = {.limits = fetch_default_limits};
	struct selection select = {0};
	struct plan *plan = plan_new();
	struct error err = {0};
	struct image *image;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || !plan)
		replay_die(path, strerror(errno));
	image = image_open(fd, path, &err);
	close(fd);
	if (!image || selection_add_glob(&select, "main.*", false, &err) ||
	    plan_add(plan, image, &select, false, &err) ||
	    (values && plan_values(plan, 0, &config, &err)))
		replay_die(path, err.text);
	selection_release(&select);
	return plan;
}

static const struct plan_func *find(const struct plan *plan, const char *name)
{
	const struct plan_func *func = plan_find(plan, 0, name);

	if (!func)
		replay_die(name, "not in the target");
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
	if (size > REPLAY_RECORD - sizeof(struct ft_entry) || sizeof(head) + statuses > size)
		replay_die("values", "longer than a record here");
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
		      .tid = PID + (uint32_t)goid % REPLAY_ACTIVE,
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

/* Several trees at a time, step by step. */
struct records replay_records(const struct plan *plan, size_t trees)
{
	struct records records = {.bytes = malloc(trees * 2 * REPLAY_CALLS * REPLAY_RECORD / 2)};
	uint64_t time = replay_now();

	if (!records.bytes)
		replay_die("records", "out of memory");
	make_steps();
	for (uint64_t tree = 0; tree < trees; tree += REPLAY_ACTIVE)
		for (size_t i = 0; i < nsteps; i++)
			for (uint64_t k = 0; k < REPLAY_ACTIVE; k++) {
				records.len += put_record(records.bytes + records.len, plan,
							  &steps[i], 1 + (tree + k) % REPLAY_LANES,
							  time += REPLAY_STEP);
				records.count++;
			}
	return records;
}

size_t replay_root(unsigned char *to, const struct plan *plan, bool entry, uint64_t goid,
		   uint64_t time)
{
	const struct step root = {"main.tree", entry ? "main.main" : NULL, 0, entry};

	return put_record(to, plan, &root, goid, time);
}

/* Where no sink is wanted. */
static const struct sink_ops nowhere_ops = {.name = "nowhere"};
static struct sink nowhere = {&nowhere_ops};

static struct replay *replay_of(struct machine *machine)
{
	return (struct replay *)((char *)machine - offsetof(struct replay, machine));
}

static int on_identify(struct machine *machine, struct process *process,
		       const struct ft_record *first)
{
	const struct replay *r = replay_of(machine);
	const struct image_info *info = image_info(r->plan->images[0].image);

	(void)first;
	process->exe = strdup(info->path);
	process->go = info->go_version;
	process->build_id = info->build_id;
	return process->exe ? 0 : -ENOMEM;
}

static const struct machine_ops machine_ops = {.identify = on_identify};

void replay_begin(struct replay *replay, const struct plan *plan, const struct sink_ops *ops,
		  const char *path)
{
	struct trace_config config = {
		.plan = plan, .hold = TRACE_HOLD_NEVER, .source = &replay->describer.source};

	*replay = (struct replay){
		.plan = plan, .machine.ops = &machine_ops, .callers = callers_new(plan)};
	if (plan_catalog(plan, &replay->catalog, false))
		replay_die("catalog", "out of memory");
	replay->config = (struct sink_config){.outlet = &replay->outlet,
					      .catalog = &replay->catalog,
					      .tool = "ftrace",
					      .kernel = "any",
					      .start = replay_now()};
	if (!replay->callers || outlet_open(&replay->outlet, path, NULL))
		replay_die(path, strerror(errno));
	describer_init(&replay->describer, plan, replay->callers);
	replay->sink = ops ? ops->new (&replay->config) : &nowhere;
	if (replay->sink)
		replay->trace = trace_new(&config, replay->sink, &replay->machine);
	if (!replay->trace)
		replay_die("trace", "out of memory");
}

uint64_t replay_feed(struct replay *replay, const struct records *records)
{
	uint64_t began = replay_now();

	for (size_t at = 0; at < records->len;) {
		const struct ft_record *record = (const void *)(records->bytes + at);

		if (trace_record(replay->trace, record, record->size))
			replay_die("trace", "a record is refused");
		at += record->size;
	}
	return replay_now() - began;
}

void replay_end(struct replay *replay)
{
	struct trace_summary summary;

	if (trace_finish(replay->trace) < 0 || trace_counts(replay->trace)->damaged)
		replay_die("trace", "the records are damaged");
	summary = trace_summarize(replay->trace);
	replay->calls = summary.calls;
	sink_end(replay->sink, &summary);
	sink_free(replay->sink);
	trace_free(replay->trace);
	if (outlet_close(&replay->outlet))
		replay_die("output", "cannot be written");
	describer_release(&replay->describer);
	callers_free(replay->callers);
	catalog_release(&replay->catalog);
}
