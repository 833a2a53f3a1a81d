/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/hints.h"

#include <stdio.h>

#include "cli/options/options.h"
#include "cli/run/child.h"
#include "cli/run/status.h"
#include "cli/target/target.h"
#include "cli/target/traced.h"
#include "probe/probe.h"
#include "trace/trace.h"

#define NOTHING_HIT 5000000000ull

/* Options by which calls that do happen leave nothing to see. */
static const char *narrowed(const struct options *opt)
{
	if (opt->nfilters)
		return ", or no call passes --filter";
	if (opt->ngoids)
		return ", or not by these goroutines";
	if (opt->select.drill)
		return ", or not below -D";
	return "";
}

static void say_nothing_hit(const struct hints *hints)
{
	bool runs = hints->child->pid || hints->targets->pids.count ||
		    traced_count(hints->targets, false);

	status_clear(hints->status);
	if (runs)
		fprintf(stderr,
			"ftrace: nothing was hit in 5 s: the functions are not called, or only "
			"where they were inlined%s; 'ftrace list' tells which were\n",
			narrowed(hints->opt));
	else if (hints->opt->cgroup)
		fprintf(stderr,
			"ftrace: nothing was hit in 5 s: no Go program runs in %s; start it\n",
			cgroup_name(&hints->targets->members.cgroup));
	else
		fprintf(stderr,
			"ftrace: nothing was hit in 5 s: no process runs %s; start it, or "
			"check with pidof which file it runs\n",
			hints->targets->path);
}

/* Each of it once: what the bounds of memory do to the trace. */
static void say_bounds(struct hints *hints, const struct trace_counts *counts)
{
	if (counts->let_go && !hints->said_let_go) {
		hints->said_let_go = true;
		status_clear(hints->status);
		if (hints->opt->select.errors)
			fprintf(stderr,
				"ftrace: --errors: a million calls or 64 MB are held back; of the oldest trees "
				"what comes before an error is missing from now on, choose roots with -D\n");
		else if (hints->opt->max_size)
			fprintf(stderr,
				"ftrace: open root calls: they take more than the file has room for; the oldest "
				"are streamed from now on, as with --hold\n");
		else
			fprintf(stderr,
				"ftrace: open root calls: a million calls or 64 MB are held back; the oldest are "
				"streamed from now on, as with --hold\n");
	}
	if (counts->given_up && !hints->said_given_up) {
		hints->said_given_up = true;
		status_clear(hints->status);
		fprintf(stderr,
			"ftrace: open calls: more than 128 MB of them; those of the goroutines that were silent "
			"longest end as lost, choose fewer functions\n");
	}
}

/* That it happens, which may take days. */
static void say_flight(struct hints *hints, const struct trace_counts *counts)
{
	const struct options *opt = hints->opt;

	if (counts->flights == hints->flights)
		return;
	hints->flights = counts->flights;
	status_clear(hints->status);
	fprintf(stderr, "ftrace: a call satisfied --when: what is around it is written to %s\n",
		opt->output ? opt->output : "stdout");
}

void hints_look(struct hints *hints, const struct trace_counts *counts, uint64_t now)
{
	if (hints->opt->quiet)
		return;
	say_bounds(hints, counts);
	say_flight(hints, counts);
	if (hints->hinted || now - hints->began < NOTHING_HIT)
		return;
	hints->hinted = true;
	if (hints->summing ? !probe_was_called(hints->probe) : !counts->records)
		say_nothing_hit(hints);
}
