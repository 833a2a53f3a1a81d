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
#include "host/procfs.h"
#include "cli/options/options.h"
#include "cli/run/child.h"
#include "cli/run/pids.h"
#include "cli/run/status.h"
#include "cli/target/target.h"
#include "cli/target/traced.h"
#include "base/clock.h"
#include "probe/probe.h"
#include "trace/trace.h"

#define INTERVAL 250000000ull
/* Less processor time than this says nothing yet. */
#define TAKEN_LEAST 20000000ull
/* What is left is to stay below the budget when the target does more in the time that it has won. */
#define MARGIN 0.8
/* Names on one line of stderr. */
#define NAMED 5
/* Of one processor: what the probes may take in any case. A target that does almost nothing takes so little that a
 * handful of hits is a large part of it. */
#define FLOOR 0.01

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

/* Of all processes, while they are gone through. */
struct taken {
	struct budget *budget;
	uint64_t ns;
};

static int each_process(void *arg, const struct runner *runner)
{
	struct taken *taken = arg;

	taken->ns += taken_since(taken->budget, runner->pid);
	return 0;
}

/* Processor time of all targets since the last time. */
static uint64_t taken_by_targets(struct budget *budget)
{
	const struct budget_config *config = &budget->config;
	struct taken taken = {.budget = budget};

	if (config->child->pid)
		return taken_since(budget, config->child->pid);
	if (!config->pids->count)
		traced_each(config->targets, false, each_process, &taken);
	for (size_t i = 0; i < config->pids->count; i++)
		if (!pids_has_ended(config->pids, i))
			taken.ns += taken_since(budget, config->pids->pids[i]);
	return taken.ns;
}

static uint64_t call_cost(const struct budget *budget, const struct plan_func *func)
{
	const struct probe_cost *cost = &budget->cost;
	const struct plan *plan = budget->config.targets->plan;
	bool emulates = budget->config.features->write_regs && !budget->config.opt->no_emulate;

	uint64_t exit = emulates ? cost->emulated : cost->stepped;

	if (plan->sites[func->first_site].leaf)
		return exit;
	return (plan_func_cheap(plan, func) ? cost->emulated : cost->stepped) + exit;
}

static int by_ns(const void *a, const void *b)
{
	const struct func_cost *x = a, *y = b;

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

/* What was called so far is nobody's cost; the plan may have grown. */
static int calls_pass(struct budget *budget)
{
	size_t nfuncs = budget->config.targets->plan->nfuncs;
	uint64_t *calls = calloc(nfuncs, sizeof(*calls));

	if (!calls)
		return -ENOMEM;
	probe_hits(budget->config.probe, calls);
	free(budget->calls);
	budget->calls = calls;
	budget->ncalls = nfuncs;
	return 0;
}

/* What the functions cost that were called since the last time, the highest first; how many these are. */
static size_t costs_make(struct budget *budget, struct func_cost *costs, uint64_t *total)
{
	const struct plan *plan = budget->config.targets->plan;
	uint64_t *calls = calloc(plan->nfuncs, sizeof(*calls));
	size_t count = 0;

	*total = 0;
	if (!calls)
		return 0;
	probe_hits(budget->config.probe, calls);
	for (uint32_t i = 0; i < plan->nfuncs; i++) {
		uint64_t more = calls[i] - budget->calls[i];

		budget->calls[i] = calls[i];
		if (!more || (i < budget->noff && budget->off[i]))
			continue;
		costs[count] =
			(struct func_cost){i, more, more * call_cost(budget, &plan->funcs[i])};
		*total += costs[count++].ns;
	}
	free(calls);
	qsort(costs, count, sizeof(*costs), by_ns);
	return count;
}

size_t budget_excess(const struct func_cost *costs, size_t count, uint64_t taken, uint64_t passed,
		     double percent)
{
	double share = MARGIN * percent / 100, spared = FLOOR * (double)passed, total = 0, work;
	size_t gone = 0;

	for (size_t i = 0; i < count; i++)
		total += (double)costs[i].ns;
	if (total <= spared || total * 100 <= percent * (double)taken)
		return 0;
	/* What the targets did besides; the estimate may be above what they took in all. */
	work = (double)taken - total;
	if (work < (double)taken / 20)
		work = (double)taken / 20;
	while (gone < count && total > spared && total > share / (1 - share) * work)
		total -= (double)costs[gone++].ns;
	return gone;
}

static void say(const struct budget *budget, const struct func_cost *costs, size_t count,
		double probes, double taken)
{
	const struct plan *plan = budget->config.targets->plan;
	struct buf line = {0};

	if (budget->config.opt->quiet)
		return;
	buf_addf(&line, "ftrace: probes take %.0f %% of the processor time: switched off:",
		 probes < taken * 0.99 ? probes / taken * 100 : 99);
	for (size_t i = 0; i < count && i < NAMED; i++) {
		buf_adds(&line, i ? ", " : " ");
		escape_text(&line, plan->funcs[costs[i].func].name,
			    strlen(plan->funcs[costs[i].func].name));
	}
	if (count > NAMED)
		buf_addf(&line, ", and %zu more", count - NAMED);
	fprintf(stderr, "%s\n", buf_str(&line));
	buf_release(&line);
}

/* The probes of the first `count` functions go; what was recorded before is read before that is noted. */
static int switch_off(struct budget *budget, const struct func_cost *costs, size_t count,
		      uint64_t total, uint64_t passed)
{
	size_t nfuncs = budget->config.targets->plan->nfuncs;
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
		off[costs[i].func] = true;
	status_clear(budget->config.status);
	time = clock_now();
	probe_count(budget->config.probe, &before);
	if (probe_off(budget->config.probe, off, nfuncs, &err)) {
		fprintf(stderr, "ftrace: --max-overhead: probes cannot be taken off: %s\n",
			err.text);
		budget->refused = true;
		free(off);
		return 0;
	}
	probe_count(budget->config.probe, &after);
	budget->lost += after.lost - before.lost;
	say(budget, costs, count, (double)total, (double)budget->taken);
	free(budget->off);
	budget->off = off;
	budget->noff = nfuncs;
	ret = budget->config.drain(budget->config.arg);
	if (!ret)
		ret = trace_off(budget->config.trace, off, nfuncs, budget->config.keeps_frames);
	for (size_t i = 0; i < count && ret >= 0; i++) {
		struct mark mark = {
			.kind = &mark_switched_off,
			.what = costs[i].func,
			.start = time,
			.end = time,
			.result = (uint64_t)((double)costs[i].calls * 1e9 / (double)passed),
		};

		ret = sink_mark(budget->config.sink, NULL, &mark);
	}
	return ret < 0 ? ret : 0;
}

void budget_begin(struct budget *budget, const struct budget_config *config)
{
	budget->config = *config;
}

int budget_look(struct budget *budget, uint64_t now)
{
	const struct plan *plan = budget->config.targets->plan;
	uint64_t taken, total, passed = now - budget->looked;
	struct func_cost *costs;
	size_t count, gone;
	int ret = 0;

	budget->due = budget->refused ? UINT64_MAX : now + INTERVAL;
	if (budget->refused)
		return 0;
	taken = taken_by_targets(budget);
	budget->taken += taken;
	if (budget->looked && budget->taken < TAKEN_LEAST)
		return 0;
	costs = calloc(plan->nfuncs, sizeof(*costs));
	if (!costs || grow(budget, plan->nfuncs)) {
		free(costs);
		return -ENOMEM;
	}
	count = costs_make(budget, costs, &total);
	/* The first look is where counting begins. */
	gone = budget->looked ? budget_excess(costs, count, budget->taken, passed,
					      budget->config.opt->max_overhead)
			      : 0;
	if (gone) {
		ret = switch_off(budget, costs, gone, total, passed);
		/* What happened meanwhile is no measure. */
		if (!ret)
			ret = calls_pass(budget);
		taken_by_targets(budget);
	}
	budget->looked = clock_now();
	budget->taken = 0;
	free(costs);
	return ret;
}
