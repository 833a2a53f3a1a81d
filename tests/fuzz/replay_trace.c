/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memfd_create */
/*
 * Records that no kernel would send: through the decoder and the call trees to every sink. What the
 * trace hands on must hold together, and what the sinks write must be lines of JSON, or lines of
 * text without anything that a terminal obeys.
 *
 *     8 bytes of settings, then events: u8 what, and what belongs to it (on_event)
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/mman.h>

#include <ftrace/marks.h>

#include "call/sink.h"
#include "call/tee.h"
#include "json.h"
#include "mark_records.h"
#include "plan/births.h"
#include "plan/states.h"
#include "plan/values.h"
#include "sink/formats.h"
#include "target_plan.h"
#include "trace/caller.h"
#include "trace/describe.h"
#include "trace/plan_catalog.h"
#include "trace/trace.h"

#define EVENTS_MAX 4000
#define START      5000000000u

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct sink checker; /* looks at what the trace hands on, before ... */
	struct sink *sink;   /* ... what is under test; a tee of both */
	struct machine machine;
	struct trace *trace;
	struct outlet outlet;
	struct input in;
	uint64_t time;
	uint64_t entered, left; /* streamed calls */
	uint64_t last_id;
	bool whole;
	bool only; /* the table takes the place of the calls */
};

static struct plan *plan;
static struct catalog catalog;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char evil[] = "main.\xff\x1b[31m\"\\\n\xe2\x80\xae";
	struct values_config values = {.limits = fetch_default_limits};
	struct error err = {0};

	(void)argc;
	(void)argv;
	plan = target_plan();
	if (plan_values(plan, 0, &values, &err) || plan_states(plan, 0, &err) ||
	    plan_births(plan, 0, &err)) {
		fprintf(stderr, "values: %s\n", err.text);
		exit(1);
	}
	plan->funcs[0].name = evil;
	plan->funcs[0].file = evil;
	plan->funcs[1].drill = true;
	for (size_t i = 0; i < plan->nsites; i += 3)
		plan->sites[i].may_repeat = plan->sites[i].kind == SITE_ENTRY;
	if (plan_catalog(plan, &catalog, false))
		exit(1);
	setenv("TZ", "UTC", 1);
	return 0;
}

/* Pre-order: the parent of a call is the one before it or one of that one's callers. */
static void check_tree(const struct tree *tree)
{
	check(tree->process && tree->ncalls);
	for (uint32_t i = 0; i < tree->ncalls; i++) {
		const struct call *call = &tree->calls[i];
		uint32_t at = i ? i - 1 : CALL_NONE;

		check(call->func < plan->nfuncs);
		check(call->how <= CALL_LOST);
		if (!i) {
			check(call->parent == CALL_NONE && call->level == 0);
			continue;
		}
		check(call->parent < i);
		check(call->level == tree->calls[call->parent].level + 1);
		for (int steps = 0; at != call->parent && steps < 64; steps++) {
			check(at != CALL_NONE);
			at = tree->calls[at].parent;
		}
	}
	for (size_t i = 0; i < tree->nmarks; i++)
		check(tree->marks[i].before <= tree->ncalls);
}

static struct run *run_of(struct sink *sink)
{
	return (struct run *)((char *)sink - offsetof(struct run, checker));
}

static struct run *run_on(struct machine *machine)
{
	return (struct run *)((char *)machine - offsetof(struct run, machine));
}

static int on_process(struct sink *sink, const struct process *process)
{
	(void)sink;
	use_text(process->exe);
	return 0;
}

static int on_root(struct sink *sink, const struct tree *tree)
{
	struct run *run = run_of(sink);

	check(!run->only);
	check_tree(tree);
	for (size_t i = 0; i < tree->ncalls; i++)
		check(tree->calls[i].id == ++run->last_id);
	return 0;
}

static int on_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct run *run = run_of(sink);

	check(call < tree->ncalls && tree->calls[call].id == ++run->last_id);
	run->entered++;
	return 0;
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	check(call < tree->ncalls && tree->calls[call].id);
	run_of(sink)->left++;
	return 0;
}

static const struct sink_ops checker_ops = {
	.process = on_process,
	.root = on_root,
	.enter = on_enter,
	.leave = on_leave,
};

static int on_identify(struct machine *machine, struct process *process,
		       const struct ft_record *first)
{
	static const char exe[] = "/srv/\x1b]0;\xc3(\n";
	(void)first;
	if (process->pid % 8 == 7)
		return -ESRCH;
	process->exe = strdup(exe);
	process->go = "go1.26.8";
	process->build_id = "c0ffee";
	process->nspid = process->pid % 3 ? 0 : 1;
	process->bias = process->pid % 2 ? 0x555500000000 : 0;
	process->whole = run_on(machine)->whole;
	return process->exe ? 0 : -ENOMEM;
}

static bool on_is_gone(struct machine *machine, const struct process *process, uint64_t g,
		       uint64_t goid)
{
	(void)machine;
	(void)process;
	return (g ^ goid) & 1;
}

static bool on_next_loss(struct machine *machine, struct ft_loss_key *key, struct ft_loss *loss)
{
	struct run *run = run_on(machine);
	uint8_t what = (uint8_t)take(&run->in, 1);

	if (!(what & 1))
		return false;
	*key = (struct ft_loss_key){.tgid = what >> 5 & 3, .flags = what >> 1 & 3};
	key->lane = what >> 3 & 3;
	*loss = (struct ft_loss){.first = run->time - (uint8_t)take(&run->in, 1),
				 .last = run->time,
				 .count = take(&run->in, 1)};
	return true;
}

static const struct machine_ops machine_ops = {
	.identify = on_identify,
	.is_gone = on_is_gone,
	.next_loss = on_next_loss,
};

/* Of exactly its size, so that the sanitizer sees each byte read too far. */
static int feed(struct run *run, const void *bytes, size_t len)
{
	void *record = malloc(len ? len : 1);
	int ret;

	check(record);
	memcpy(record, bytes, len);
	ret = trace_record(run->trace, record, len);
	free(record);
	return ret;
}

static uint32_t site_of_kind(uint8_t func, uint8_t kind)
{
	uint32_t first = 0;

	for (uint32_t i = 0; i < plan->nsites; i++) {
		if (plan->sites[i].kind != kind)
			continue;
		first = i;
		if (kind >= SITE_RECOVER || plan->sites[i].func == func % plan->nfuncs)
			return i;
	}
	return first;
}

static const struct fetch *fetch_of(uint32_t index)
{
	const struct site *site = &plan->sites[index];
	const struct plan_func *func;

	if (site->func == PLAN_NO_FUNC)
		return NULL;
	func = &plan->funcs[site->func];
	return site->kind == SITE_ENTRY ? func->args : func->results;
}

/* A goroutine makes another one, or says where it comes from. */
static int birth_record(struct run *run, bool birth, uint8_t func, uint8_t where)
{
	union {
		struct ft_record r;
		struct ft_birth birth;
		struct ft_origin origin;
	} u = {0};
	size_t len = birth ? sizeof(u.birth) : sizeof(u.origin);

	u.r.time = run->time;
	u.r.kind = birth ? FT_BIRTH : FT_ORIGIN;
	u.r.site = site_of_kind(func, birth ? SITE_BIRTH : SITE_ENTRY);
	u.r.flags = birth && where & 0x40 ? FT_R_STACK : 0;
	u.r.tgid = u.r.tid = where >> 2 & 3;
	u.r.lane = 1 + (where & 3);
	u.r.size = (uint16_t)len;
	if (birth) {
		u.birth.child = 1 + (where >> 4 & 3);
		u.birth.runs = (int16_t)take(&run->in, 2);
		u.birth.created = (int16_t)take(&run->in, 2);
		u.birth.called = (int64_t)take(&run->in, 8);
	} else {
		u.origin.parent = take(&run->in, 1) - 1;
		u.origin.runs = (int16_t)take(&run->in, 2);
		u.origin.created = (int64_t)take(&run->in, 8);
	}
	return feed(run, &u, len);
}

/* A record whose fields agree with each other; its values are the input's. */
static int sound_record(struct run *run, uint8_t what)
{
	static const uint8_t kinds[] = {FT_ENTRY, FT_EXIT, FT_EXIT, FT_RECOVER, FT_GOEXIT};
	uint8_t site_kind = what >> 2 & 7, func = (uint8_t)take(&run->in, 1);
	uint8_t where = (uint8_t)take(&run->in, 1), depth = (uint8_t)take(&run->in, 1);
	union {
		struct ft_entry entry;
		unsigned char bytes[sizeof(struct ft_entry) + FT_VALUES_MAX];
	} u = {0};
	struct ft_record *r = &u.entry.r;
	const struct fetch *fetch;
	size_t len = sizeof(*r);

	if (site_kind == 5 || site_kind == 6)
		return birth_record(run, site_kind == 6, func, where);
	if (site_kind > SITE_GOEXIT)
		site_kind = func % 3;
	r->time = run->time += (uint64_t)func << (where & 15);
	r->kind = kinds[site_kind];
	r->site = site_of_kind(func, site_kind);
	r->flags = where >> 6 & 3 ? 0 : where >> 4 & 3;
	r->tgid = where >> 2 & 3;
	r->tid = r->tgid + (what >> 7);
	r->lane = r->flags & FT_R_THREAD ? 0 : 1 + (where & 3);
	r->depth = 8 * (uint64_t)depth;
	r->epoch = what >> 5 & 1 ? (uint32_t)take(&run->in, 1) : 0;
	if (r->kind == FT_ENTRY) {
		len = sizeof(u.entry);
		u.entry.caller = (int16_t)(where << 8 | func);
		u.entry.g = where;
		u.entry.curg = depth & 3;
	}
	fetch = fetch_of(r->site);
	if (what >> 6 & 1 && fetch) {
		uint32_t size = fetch_size(fetch);

		r->flags |= FT_R_VALUES;
		for (uint32_t i = 0; i < size; i += 8) {
			uint64_t word = take(&run->in, 8);

			memcpy(u.bytes + len + i, &word, 8);
		}
		for (uint32_t i = 8; i < 8 + fetch->nstatus && i < size; i++)
			u.bytes[len + i] %= 8;
		len += size;
	}
	r->size = (uint16_t)len;
	return feed(run, &u, len);
}

/* A record of what is no call, whose fields agree with each other. */
static int sound_mark(struct run *run, uint8_t what)
{
	static const uint8_t kinds[] = {FT_STATE,   FT_STATE,  FT_OFFCPU,
					FT_SYSCALL, FT_SIGNAL, FT_EVENT};
	uint8_t where = (uint8_t)take(&run->in, 1);
	union mark_record u = {.r = {.kind = kinds[(what >> 4) % sizeof(kinds)],
				     .tgid = where >> 2 & 3,
				     .tid = where >> 2 & 3,
				     .lane = 1 + (where & 3),
				     .depth = FT_NO_DEPTH}};

	u.r.time = run->time += (uint64_t)(where >> 4) << 8;
	if (u.r.kind == FT_STATE)
		u.r.site = site_of_kind(0, SITE_STATE);
	u.r.size = (uint16_t)fill_mark(&run->in, &u);
	return feed(run, &u, u.r.size);
}

static int on_event(struct run *run)
{
	uint8_t what = (uint8_t)take(&run->in, 1), len;
	struct ft_record end = {.size = sizeof(end), .tgid = what >> 4 & 3};

	switch (what & 3) {
	case 0:
	case 1:
		return sound_record(run, what);
	case 2:
		if (what & 4) {
			end.kind = what & 8 ? FT_EXEC : FT_PROC_EXIT;
			end.time = run->time;
			return feed(run, &end, sizeof(end));
		}
		if (what & 8)
			return sound_mark(run, what);
		len = (uint8_t)take(&run->in, 1);
		if (len > run->in.size)
			len = (uint8_t)run->in.size;
		run->in.data += len;
		run->in.size -= len;
		return feed(run, run->in.data - len, len);
	default:
		run->time += take(&run->in, 1) << 24;
		if (what & 4)
			return trace_gone(run->trace, what >> 4 & 3);
		if (what & 8)
			check(!sink_idle(run->sink));
		return trace_tick(run->trace, run->time);
	}
}

static void check_output(int fd, bool json)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text, *end, *line;

	check(size >= 0);
	text = malloc((size_t)size + 1);
	check(text && pread(fd, text, (size_t)size, 0) == size);
	check(!size || text[size - 1] == '\n');
	for (line = text; line < text + size; line = end + 1) {
		end = memchr(line, '\n', (size_t)(text + size - line));
		if (json)
			check(json_valid(line, (size_t)(end - line)));
		else
			check(utf8_valid(line, (size_t)(end - line)));
		for (const char *at = line; at < end; at++)
			check((unsigned char)*at >= ' ' && *at != 0x7f);
	}
	free(text);
}

static struct trace_config configure(struct input *in, struct run *run)
{
	static const uint64_t goids[] = {1, 3};
	uint8_t which = (uint8_t)take(in, 1);
	struct trace_config config = {.plan = plan, .hold = TRACE_HOLD_NEVER, .marks = &marks};
	struct call_select *select = &config.select;

	if (which & 0x01)
		config.hold = take(in, 1) << 20;
	if (which & 0x02)
		config.hold_calls = 1 + take(in, 1);
	if (which & 0x04)
		select->drill = true;
	if (which & 0x08)
		select->depth = 1 + take(in, 1) % 4;
	if (which & 0x10)
		select->min_duration = take(in, 2);
	if (which & 0x20)
		select->sample = take(in, 1) % 4;
	if (which & 0x40)
		select->goids = goids, select->ngoids = 2;
	which = (uint8_t)take(in, 1);
	if (which & 0x01)
		select->max_calls = 1 + (which >> 4);
	run->whole = which & 0x02;
	if (which & 0x04)
		config.stats = stats_new(&catalog);
	run->only = config.stats_only = config.stats && which & 0x08;
	return config;
}

static void trace_all(const struct sink_ops *ops, const uint8_t *data, size_t size)
{
	static char prefix[] = "main.";
	char *trim[] = {prefix};
	struct run run = {.checker.ops = &checker_ops,
			  .machine.ops = &machine_ops,
			  .in = {data, size},
			  .time = START};
	struct sink_config sink = {.outlet = &run.outlet,
				   .catalog = &catalog,
				   .tool = "ftrace",
				   .kernel = "6.18",
				   .start = START,
				   .trim = trim};
	struct callers *callers = callers_new(plan);
	struct describer describer;
	struct trace_config config = configure(&run.in, &run);
	struct trace_summary summary;
	struct sink *tested;
	uint8_t look = (uint8_t)take(&run.in, 1);
	int fd = memfd_create("out", MFD_CLOEXEC), ret = 0;

	describer_init(&describer, plan, callers);
	describer.marks.wanted = &marks;
	config.source = &describer.source;
	sink.time = look & 3;
	sink.width = look & 4 ? 40 + (look >> 4) : 0;
	sink.ntrim = look >> 3 & 1;
	sink.stats = config.stats;
	sink.sort = look % STATS_KEYS;
	sink.histogram = look & 1;
	sink.only = run.only;
	sink.goroutines = look & 8;
	outlet_init(&run.outlet, fd);
	tested = ops->new (&sink);
	check(fd >= 0 && callers && tested);
	run.sink = tee_new((struct sink *const[]){&run.checker, tested}, 2);
	check(run.sink);
	run.trace = trace_new(&config, run.sink, &run.machine);
	check(run.trace && !sink_begin(run.sink));
	for (int i = 0; i < EVENTS_MAX && run.in.size && ret >= 0; i++)
		ret = on_event(&run);
	check(ret >= 0);
	check(trace_finish(run.trace) >= 0);
	check(run.entered == run.left);
	summary = trace_summarize(run.trace);
	check(!sink_end(run.sink, &summary));
	if (config.stats)
		check(summary.calls + summary.counted ==
		      stats_calls(config.stats) + (run.only ? 0 : stats_untimed(config.stats)));
	check(trace_counts(run.trace)->open_lanes == 0);
	check(!outlet_close(&run.outlet));
	check_output(fd, ops == &sink_jsonl);
	close(fd);
	sink_free(run.sink);
	trace_free(run.trace);
	stats_free(config.stats);
	describer_release(&describer);
	callers_free(callers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	trace_all(&sink_text, data, size);
	trace_all(&sink_jsonl, data, size);
	return 0;
}
