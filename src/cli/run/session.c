/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/exit_status.h"
#include "cli/run/altered_code.h"
#include "cli/run/session_state.h"
#include "recording/flight.h"
#include "send/span_sink.h"
#include "sink/summary.h"
#include "trace/plan_catalog.h"

/* Without uprobe_multi: from so many probes on, taking them off is worth a word. */
#define SLOW_SITES 20

static void detach_all(struct session *s)
{
	uint64_t began = clock_now();
	size_t sites = s->targets->plan->nsites;

	s->asked_before = s->signals.asked;
	if (!s->features.uprobe_multi && sites > SLOW_SITES && !s->opt->quiet)
		fprintf(stderr,
			"ftrace: taking %zu probes off, which takes this kernel some %zu s; Ctrl-C "
			"leaves it to PID %d\n",
			sites, sites / 10 + 1, (int)keeper_pid(s->keeper));
	probe_detach(s->probe);
	status_clear(&s->status);
	if (s->opt->verbose)
		fprintf(stderr, "ftrace: detached in %.1f ms\n",
			(double)(clock_now() - began) / 1e6);
}

/* What is open in a process that has ended did not outlive it. */
static int end_gone(struct session *s)
{
	int ret = 0;

	if (s->child.reaped)
		ret = trace_gone(s->trace, (uint32_t)s->child.pid);
	for (size_t i = 0; i < s->pids.count && ret >= 0; i++)
		if (pids_has_ended(&s->pids, i))
			ret = trace_gone(s->trace, (uint32_t)s->pids.pids[i]);
	return ret < 0 ? ret : 0;
}

int session_add_stats(void *arg, uint32_t func, const struct ft_stats *kernel)
{
	struct session *s = arg;

	return stats_add_kernel(s->stats, func, kernel, s->targets->plan->funcs[func].error);
}

/* Ends the tracing, not the session: what has arrived is still to be written. */
static void stop(struct session *s)
{
	if (s->stopped)
		return;
	status_clear(&s->status);
	probe_enable(s->probe, false);
	s->stopped = clock_now();
	/* A program that was interrupted holds its record, and all behind it, until it is done. */
	detach_all(s);
	altered_code_after(s->opt, s->targets);
}

static int finish(struct session *s, int ret)
{
	struct probe_counts counts;

	stop(s);
	if (!ret)
		ret = session_drain(s);
	probe_count(s->probe, &counts);
	if (!ret)
		ret = end_gone(s);
	if (!ret) {
		ret = trace_finish(s->trace);
		if (ret >= 0)
			ret = trace_unplaced(s->trace, counts.lost, s->stopped);
		ret = ret < 0 ? ret : 0;
	}
	if (!ret && s->pushdown.summing)
		ret = probe_stats(s->probe, session_add_stats, s);
	s->summary = trace_summarize(s->trace);
	s->summary.lost = counts.lost;
	s->summary.switching = s->budget.lost;
	s->summary.missed = counts.missed + counts.unkept;
	s->summary.skipped += counts.skipped;
	s->summary.duration = s->stopped - s->started;
	s->summary.ended = s->stopped;
	s->summary.sampled = s->opt->select.sample > 1;
	if (s->opt->flight)
		flight_summary(s->sink, &s->summary);
	if (s->spans && !ret)
		ret = span_sink_finish(s->spans, &s->summary);
	if (!ret)
		ret = sink_end(s->sink, &s->summary);
	if (!ret)
		ret = outlet_flush(&s->outlet);
	return ret;
}

static void say_summary(struct session *s)
{
	struct buf text = {0};
	const char *note;

	if (s->opt->quiet)
		return;
	summary_text(&text, &s->summary);
	fprintf(stderr, "%s\n", buf_str(&text));
	note = sink_note(s->sink);
	if (note)
		fprintf(stderr, "ftrace: %s\n", note);
	buf_release(&text);
}

/* At once: a program that was started may run on for long. */
static void say_failure(const struct session *s, int ret)
{
	const char *name = s->opt->output ? s->opt->output : "stdout";

	if (ret == -EINTR)
		fprintf(stderr,
			"ftrace: %s: its reader takes nothing; "
			"the rest of the trace is dropped\n",
			name);
	else if (ret == -ENOMEM)
		fprintf(stderr,
			"ftrace: out of memory: the trace ends here; choose fewer functions\n");
	else
		fprintf(stderr, "ftrace: %s: %s; %s\n", name, strerror(-ret),
			s->opt->output ? "what was written so far is whole" : "make room");
}

static int conclude(struct session *s, int ret)
{
	if (ret == -EPIPE && !s->opt->output)
		ret = 0; /* the reader has had enough */
	else if (ret)
		say_failure(s, ret);
	else
		say_summary(s);
	if (ret == -EINTR)
		ret = 0; /* as it was asked to */
	if (s->signals.fatal)
		return STATUS_SIGNAL(s->signals.fatal);
	if (!s->child.pid)
		return ret || s->failed ? STATUS_FAILED : 0;
	/* Whoever started it wants to know how it ended. */
	while (!s->child.reaped && !s->signals.fatal) {
		struct pollfd poll_signals = {.fd = s->signals.fd, .events = POLLIN};

		poll(&poll_signals, 1, -1);
		signals_read(&s->signals);
	}
	if (s->signals.fatal)
		return STATUS_SIGNAL(s->signals.fatal);
	return ret || s->failed ? STATUS_NOT_STARTED : child_exit_status(&s->child);
}

static void release(struct session *s)
{
	status_clear(&s->status);
	child_abandon(&s->child);
	trace_free(s->trace);
	probe_free(s->probe);
	keeper_end(s->keeper);
	budget_release(&s->budget);
	sink_free(s->sink);
	send_settings_release(&s->send);
	stats_free(s->stats);
	describer_release(&s->describer);
	callers_free(s->callers);
	catalog_release(&s->catalog);
	outlet_close(&s->outlet);
	pids_close(&s->pids);
	loop_release(&s->loop);
	signals_close(&s->signals);
}

/* What failed in ftrace itself, before the program ran. */
static int failure_status(const struct session *s)
{
	return s->opt->exec ? STATUS_NOT_STARTED : STATUS_FAILED;
}

/* While the reader of the trace is waited for: slow as it may be, the program is let go at once. */
static void between(void *arg)
{
	struct session *s = arg;

	if (s->started && s->opt->duration && clock_now() - s->started >= s->opt->duration)
		s->over = true;
	if (session_is_over(s))
		stop(s);
}

/* While probes are put in, what ends the session; while they are taken off, one signal more. */
static bool stops_waiting(void *arg)
{
	struct session *s = arg;

	signals_read(&s->signals);
	return s->stopped ? s->signals.asked > s->asked_before : session_is_over(s);
}

static void tell_progress(void *arg, size_t sites)
{
	struct session *s = arg;

	status_probes(&s->status, s->stopped ? "taking off" : "attaching", sites,
		      s->targets->plan->nsites);
}

/* From now on signals are heard, also by the keeper. */
static int open_signals(struct session *s, struct error *err)
{
	struct keeper_watch watch = {
		.stop = stops_waiting,
		.progress = tell_progress,
		.arg = s,
	};
	int ret = signals_open(&s->signals, &s->child, s->opt->output, err);

	watch.fd = s->signals.fd;
	if (!ret)
		keeper_set_watch(s->keeper, &watch);
	return ret;
}

/* The plan has got one more executable. */
static int grow(void *arg)
{
	struct session *s = arg;

	return session_catalog(s);
}

/* All is attached: who acts while it is traced gets what it needs. */
static int begin(struct session *s, struct error *err)
{
	const struct intake intake = {
		.opt = s->opt,
		.targets = s->targets,
		.probe = s->probe,
		.status = &s->status,
		.grow = grow,
		.arg = s,
	};
	const struct budget_config budget = {
		.opt = s->opt,
		.features = &s->features,
		.targets = s->targets,
		.child = &s->child,
		.pids = &s->pids,
		.probe = s->probe,
		.trace = s->trace,
		.sink = s->sink,
		.status = &s->status,
		.keeps_frames = pushdown_keeps_frames(&s->pushdown),
		.drain = session_drain,
		.arg = s,
	};
	int ret = probe_start(s->probe, err);

	if (ret)
		return ret;
	follow_begin(&s->follow, &intake);
	gather_begin(&s->gather, &intake);
	budget_begin(&s->budget, &budget);
	s->started = s->last_tick = clock_now();
	if (s->opt->interval)
		s->config.since = s->started;
	s->hints = (struct hints){
		.opt = s->opt,
		.targets = s->targets,
		.child = &s->child,
		.probe = s->probe,
		.status = &s->status,
		.began = s->started,
		.summing = s->pushdown.summing,
	};
	ret = session_add_watchers(s);
	return ret ? error_set(err, ret, "out of memory; close something") : 0;
}

int session_run(const struct options *opt, struct targets *targets, struct keeper *keeper,
		struct core_types *types, struct error *err)
{
	struct session s = {
		.opt = opt,
		.targets = targets,
		.keeper = keeper,
		.types = types,
		.child = {.go = -1, .told = -1},
		.signals = {.fd = -1},
		.reader = {.signals = &s.signals, .between = between, .arg = &s},
		.outlet = {.fd = -1},
	};
	bool reading;
	int ret;

	ret = open_signals(&s, err);
	if (!ret)
		ret = session_prepare(&s, err);
	if (!ret)
		ret = begin(&s, err);
	if (ret)
		goto out;
	probe_enable(s.probe, true);
	/* Whoever reads it may begin at once with what is to be traced. */
	session_banner(&s);
	ret = sink_begin(s.sink);
	if (!ret)
		ret = outlet_flush(&s.outlet);
	status_begin(&s.status, s.started);
	/* Without a reader of the trace the program runs all the same. */
	if (opt->exec && (!ret || ret == -EPIPE)) {
		int failed = child_release(&s.child, err);

		if (failed) {
			error_prefix(err, "%s", targets->path);
			child_reap(&s.child, true);
			release(&s);
			return failed == -ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTED;
		}
	} else {
		child_abandon(&s.child);
		if (ret == -EINTR && opt->exec)
			s.signals.fatal = s.signals.last;
	}
	if (!ret)
		ret = session_loop(&s);
	ret = finish(&s, ret);
	ret = conclude(&s, ret);
	reading = follow_end(&s.follow);
	reading |= gather_end(&s.gather);
	release(&s);
	/* A thread that still reads uses what is about to be freed. */
	if (reading)
		_exit(ret);
	return ret;
out:
	release(&s);
	if (ret == -EINTR && s.signals.last)
		return opt->exec ? STATUS_SIGNAL(s.signals.last) : 0;
	return failure_status(&s);
}
