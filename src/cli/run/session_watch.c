/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>

#include "cli/run/session_state.h"

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

static void hint(struct session *s)
{
	bool runs = s->child.pid || s->opt->npids || targets_others(s->targets, s->opt);

	status_clear(&s->watch);
	if (runs)
		fprintf(stderr,
			"ftrace: nothing was hit in 5 s: the functions are not called, or only "
			"where they were inlined%s; 'ftrace list' tells which were\n",
			narrowed(s->opt));
	else
		fprintf(stderr,
			"ftrace: nothing was hit in 5 s: no process runs %s; start it, or "
			"check with pidof which file it runs\n",
			s->targets->path);
}

/* Each of it once: what the bounds of memory do to the trace. */
static void say_bounds(struct session *s)
{
	const struct trace_counts *counts = trace_counts(s->trace);

	if (counts->let_go && !s->said_let_go) {
		s->said_let_go = true;
		status_clear(&s->watch);
		fprintf(stderr,
			"ftrace: open root calls: a million calls or 64 MB are held back; the oldest are "
			"streamed from now on, as with --hold\n");
	}
	if (counts->given_up && !s->said_given_up) {
		s->said_given_up = true;
		status_clear(&s->watch);
		fprintf(stderr,
			"ftrace: open calls: more than 128 MB of them; those of the goroutines that were silent "
			"longest end as lost, choose fewer functions\n");
	}
}

void session_watch(struct session *s, uint64_t now)
{
	if (!s->opt->quiet)
		say_bounds(s);
	/* Calls that the kernel adds up come at the end. */
	bool blind = s->pushdown.summing;

	if (!s->hinted && !s->opt->quiet && now - s->started >= NOTHING_HIT) {
		s->hinted = true;
		if (blind ? !probe_was_called(s->probe) : !trace_counts(s->trace)->records)
			hint(s);
	}
	if (!blind && status_due(&s->watch, now)) {
		struct status_counts counts = {
			.calls = s->calls,
			.open = trace_counts(s->trace)->open_lanes,
		};
		struct probe_counts lost;

		probe_count(s->probe, &lost);
		counts.lost = lost.lost;
		status_write(&s->watch, now, &counts);
	}
}

/* While probes are put in, what ends the session; while they are taken off, one signal more. */
static bool stops_waiting(void *arg)
{
	struct session *s = arg;

	session_read_signals(s);
	return s->stopped ? s->asked > s->asked_before : s->over;
}

static void tell_progress(void *arg, size_t sites)
{
	struct session *s = arg;

	status_probes(&s->watch, s->stopped ? "taking off" : "attaching", sites,
		      s->targets->plan->nsites);
}

void session_watch_keeper(struct session *s)
{
	const struct keeper_watch watch = {
		.fd = s->signals,
		.stop = stops_waiting,
		.progress = tell_progress,
		.arg = s,
	};

	keeper_set_watch(s->keeper, &watch);
}

void session_lose_keeper(struct session *s)
{
	status_clear(&s->watch);
	fprintf(stderr,
		"ftrace: PID %d, which keeps the probes, was killed: the trace ends here; start it "
		"again\n",
		(int)keeper_pid(s->keeper));
	s->over = true;
	s->failed = true;
}
