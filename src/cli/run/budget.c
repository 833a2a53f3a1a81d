/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/budget.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/vec.h"
#include "cli/target/procfs.h"
#include "cli/run/session_state.h"

#define INTERVAL 250000000ull
/* Less processor time than this says nothing yet. */
#define TAKEN_LEAST 20000000ull
/* What is left is to stay below the budget when the target does more in the time that it has won. */
#define MARGIN 0.8
/* Names on one line of stderr. */
#define NAMED 3

int budget_prepare(struct budget *budget, const struct features *features, struct error *err)
{
	int ret = probe_cost(&budget->cost, features);

	return ret ? error_set(err, ret,
			       "--max-overhead: cannot measure what a probe costs here: %s; "
			       "leave it out",
			       strerror(-ret))
		   : 0;
}

void budget_release(struct budget *budget)
{
	free(budget->processes);
	free(budget->calls);
	free(budget->off);
	*budget = (struct budget){0};
}

/* How much processor time the process took since it was last asked for, or since it began. */
static uint64_t taken_since(struct budget *budget, pid_t pid)
{
	struct budget_process *process = NULL;
	struct timespec ts;
	uint64_t taken, before;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &ts))
		return 0;
	taken = (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
	for (size_t i = 0; i < budget->nprocesses && !process; i++)
		if (budget->processes[i].pid == pid)
			process = &budget->processes[i];
	if (!process) {
		process = vec_push(&budget->processes, &budget->nprocesses, &budget->capprocesses);
		if (!process)
			return 0;
		process->pid = pid;
		/* What it had taken before anybody looked is not known to be of this time. */
		before = budget->looked ? 0 : taken;
	} else {
		before = process->taken;
	}
	process->taken = taken;
	return taken > before ? taken - before : 0;
}

struct taking {
	struct session *s;
	uint64_t taken;
};

static int each_process(void *arg, const struct runner *runner)
{
	struct taking *taking = arg;

	taking->taken += taken_since(&taking->s->budget, runner->pid);
	return 0;
}

/* Processor time of all targets since the last time. */
static uint64_t taken_by_targets(struct session *s)
{
	struct taking taking = {.s = s};

	if (s->child.pid)
		return taken_since(&s->budget, s->child.pid);
	if (!s->opt->npids)
		targets_each_runner(s->targets, each_process, &taking);
	for (size_t i = 0; i < s->opt->npids; i++)
		if (s->pidfds[i] >= 0)
			taking.taken += taken_since(&s->budget, s->opt->pids[i]);
	return taking.taken;
}

/* A function and what it cost. */
struct bill {
	uint32_t func;
	uint64_t calls;
	uint64_t ns;
};

static uint64_t call_cost(const struct session *s, const struct plan_func *func)
{
	const struct probe_cost *cost = &s->budget.cost;
	const struct plan *plan = s->targets->plan;
	bool emulates = s->features.write_regs && !s->opt->no_emulate;

	return (plan_func_cheap(plan, func) ? cost->emulated : cost->stepped) +
	       (emulates ? cost->emulated : cost->stepped);
}

static int by_ns(const void *a, const void *b)
{
	const struct bill *x = a, *y = b;

	return (x->ns < y->ns) - (x->ns > y->ns);
}

/* Makes room for functions that the plan has got since. */
static int grow(struct budget *budget, size_t nfuncs)
{
	uint64_t *calls;

	if (budget->ncalls >= nfuncs)
		return 0;
	calls = realloc(budget->calls, nfuncs * sizeof(*calls));
	if (!calls)
		return -ENOMEM;
	memset(calls + budget->ncalls, 0, (nfuncs - budget->ncalls) * sizeof(*calls));
	budget->calls = calls;
	budget->ncalls = nfuncs;
	return 0;
}

/* What was called so far is on no bill; the plan may have grown. */
static int calls_pass(struct session *s)
{
	struct budget *budget = &s->budget;
	size_t nfuncs = s->targets->plan->nfuncs;
	uint64_t *calls = calloc(nfuncs, sizeof(*calls));

	if (!calls)
		return -ENOMEM;
	probe_hits(s->probe, calls);
	free(budget->calls);
	budget->calls = calls;
	budget->ncalls = nfuncs;
	return 0;
}

/* The bills of all functions that were called since the last time, the highest first; their number. */
static size_t bills_make(struct session *s, struct bill *bills, uint64_t *total)
{
	struct budget *budget = &s->budget;
	const struct plan *plan = s->targets->plan;
	uint64_t *calls = calloc(plan->nfuncs, sizeof(*calls));
	size_t count = 0;

	*total = 0;
	if (!calls)
		return 0;
	probe_hits(s->probe, calls);
	for (uint32_t i = 0; i < plan->nfuncs; i++) {
		uint64_t more = calls[i] - budget->calls[i];

		budget->calls[i] = calls[i];
		if (!more || (i < budget->noff && budget->off[i]))
			continue;
		bills[count] = (struct bill){i, more, more * call_cost(s, &plan->funcs[i])};
		*total += bills[count++].ns;
	}
	free(calls);
	qsort(bills, count, sizeof(*bills), by_ns);
	return count;
}

/* How many of the highest bills have to go, so that the share of the rest is within the budget. */
static size_t too_many(const struct session *s, const struct bill *bills, size_t count,
		       uint64_t total, uint64_t taken)
{
	double share = MARGIN * s->opt->max_overhead / 100;
	/* What the targets did besides; the estimate may be above what they took in all. */
	double work = taken > total ? (double)(taken - total) : 0;
	double left = (double)total;
	size_t gone = 0;

	if (work < (double)taken / 20)
		work = (double)taken / 20;
	while (gone < count && left > share / (1 - share) * work)
		left -= (double)bills[gone++].ns;
	return gone;
}

static void say(const struct session *s, const struct bill *bills, size_t count, double probes,
		double taken)
{
	const struct plan *plan = s->targets->plan;
	struct buf line = {0};

	if (s->opt->quiet)
		return;
	buf_addf(&line, "ftrace: probes take %.0f %% of the processor time: switched off:",
		 probes < taken * 0.99 ? probes / taken * 100 : 99);
	for (size_t i = 0; i < count && i < NAMED; i++) {
		buf_adds(&line, i ? ", " : " ");
		escape_text(&line, plan->funcs[bills[i].func].name,
			    strlen(plan->funcs[bills[i].func].name));
	}
	if (count > NAMED)
		buf_addf(&line, ", and %zu more", count - NAMED);
	fprintf(stderr, "%s\n", buf_str(&line));
	buf_release(&line);
}

/* The probes of the first `count` bills go; what was recorded before is read before that is noted. */
static int switch_off(struct session *s, const struct bill *bills, size_t count, uint64_t total,
		      uint64_t passed)
{
	struct budget *budget = &s->budget;
	size_t nfuncs = s->targets->plan->nfuncs;
	bool *off = calloc(nfuncs, sizeof(*off));
	struct probe_counts before, after;
	struct error err = {0};
	uint64_t time;
	int ret = 0;

	if (!off)
		return -ENOMEM;
	if (budget->off)
		memcpy(off, budget->off, budget->noff * sizeof(*off));
	for (size_t i = 0; i < count; i++)
		off[bills[i].func] = true;
	status_clear(&s->watch);
	time = session_now();
	probe_count(s->probe, &before);
	if (probe_off(s->probe, off, nfuncs, &err)) {
		fprintf(stderr, "ftrace: --max-overhead: probes cannot be taken off: %s\n",
			err.text);
		budget->beaten = true;
		free(off);
		return 0;
	}
	probe_count(s->probe, &after);
	budget->lost += after.lost - before.lost;
	say(s, bills, count, (double)total, (double)budget->taken);
	free(budget->off);
	budget->off = off;
	budget->noff = nfuncs;
	ret = session_drain(s);
	if (!ret)
		ret = trace_off(s->trace, off, nfuncs, pushdown_keeps_frames(&s->pushdown));
	for (size_t i = 0; i < count && ret >= 0; i++) {
		struct mark mark = {
			.kind = &mark_switched_off,
			.what = bills[i].func,
			.start = time,
			.end = time,
			.result = (uint64_t)((double)bills[i].calls * 1e9 / (double)passed),
		};

		ret = sink_mark(s->sink, &mark);
	}
	return ret < 0 ? ret : 0;
}

int budget_look(struct session *s, uint64_t now)
{
	struct budget *budget = &s->budget;
	const struct plan *plan = s->targets->plan;
	uint64_t taken, total, passed = now - budget->looked;
	struct bill *bills;
	size_t count, gone;
	int ret = 0;

	if (!s->opt->max_overhead || budget->beaten || s->over || now < budget->due)
		return 0;
	budget->due = now + INTERVAL;
	taken = taken_by_targets(s);
	budget->taken += taken;
	if (budget->looked && budget->taken < TAKEN_LEAST)
		return 0;
	bills = calloc(plan->nfuncs, sizeof(*bills));
	if (!bills || grow(budget, plan->nfuncs)) {
		free(bills);
		return -ENOMEM;
	}
	count = bills_make(s, bills, &total);
	/* The first look is where counting begins. */
	gone = budget->looked ? too_many(s, bills, count, total, budget->taken) : 0;
	if ((double)total * 100 <= s->opt->max_overhead * (double)budget->taken)
		gone = 0;
	if (gone) {
		ret = switch_off(s, bills, gone, total, passed);
		/* What happened meanwhile is no measure. */
		if (!ret)
			ret = calls_pass(s);
		taken_by_targets(s);
	}
	budget->looked = session_now();
	budget->taken = 0;
	free(bills);
	return ret;
}
