/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* ppoll */
#include "cli/run/session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/run/altered_code.h"
#include "cli/run/session_state.h"
#include "sink/summary.h"

#define TICK 100000000ull
/* Records that are read before anything else gets its turn. */
#define READ_MAX 4096
/* Without uprobe_multi: from so many probes on, taking them off is worth a word. */
#define SLOW_SITES 20

static void detach_all(struct session *s)
{
	uint64_t began = session_now();
	size_t sites = s->targets->plan->nsites;

	s->asked_before = s->asked;
	if (!s->features.uprobe_multi && sites > SLOW_SITES && !s->opt->quiet)
		fprintf(stderr,
			"ftrace: taking %zu probes off, which takes this kernel some %zu s; Ctrl-C "
			"leaves it to PID %d\n",
			sites, sites / 10 + 1, (int)keeper_pid(s->keeper));
	probe_detach(s->probe);
	status_clear(&s->watch);
	if (s->opt->verbose)
		fprintf(stderr, "ftrace: detached in %.1f ms\n",
			(double)(session_now() - began) / 1e6);
}

/* When that fails the trace goes on into the old file. */
static void reopen(struct session *s)
{
	int ret = outlet_reopen(&s->outlet);

	s->reopen = false;
	status_clear(&s->watch);
	if (ret)
		fprintf(stderr,
			"ftrace: %s: cannot reopen: %s; the trace goes on into the old file\n",
			s->opt->output, place_error(ret));
}

bool session_has_terminal(void)
{
	/* It has none (ENXIO) once the terminal has hung up (drivers/tty/tty_jobctrl.c). */
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Whoever sends it by kill(2) wants the file to be opened again; the kernel, and a shell in its place, tell that the
 * terminal has gone. */
static bool is_hangup(const struct session *s, const struct signalfd_siginfo *info)
{
	return info->ssi_code == SI_KERNEL || (s->had_terminal && !session_has_terminal());
}

static void on_signal(struct session *s, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;

	if (sig == SIGCHLD) {
		child_reap(&s->child, false);
		return;
	}
	s->asked_by = sig;
	/* A program in a session of its own does not hear the terminal. */
	if (info->ssi_code == SI_KERNEL && s->child.apart && session_runs_program(s))
		child_signal(&s->child, sig, true);
	if (sig == SIGHUP && is_hangup(s, info)) {
		/* The kernel tells the session's leader alone. Nobody is there who could wait for the program. */
		if (session_runs_program(s) && !s->child.apart)
			child_signal(&s->child, sig, false);
		if (session_runs_program(s))
			s->status = 128 + sig;
	} else if (sig == SIGHUP && s->opt->output) {
		s->reopen = true;
		return;
	}
	s->asked++;
	if (sig == SIGHUP) {
		s->over = true;
		return;
	}
	if (!session_runs_program(s)) {
		s->over = true;
	} else if (s->passed_on++) {
		s->over = true;
		s->status = 128 + sig;
	} else if (info->ssi_code != SI_KERNEL) {
		/* The terminal sends it to both; what was sent to ftrace alone is passed on. */
		child_signal(&s->child, sig, false);
	}
}

void session_read_signals(struct session *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		on_signal(s, &info);
}

/* Sleeps until there are records, or something else happens, at most for `ns`. */
static void rest(struct session *s, uint64_t ns)
{
	size_t npids = s->opt->npids;
	struct pollfd *polls = s->polls;
	struct timespec ts = {.tv_sec = 0, .tv_nsec = (long)ns};
	bool alive = !npids;

	polls[0] = (struct pollfd){.fd = s->signals, .events = POLLIN};
	for (size_t i = 0; i < npids; i++)
		polls[i + 1] = (struct pollfd){.fd = s->pidfds[i], .events = POLLIN};
	polls[npids + 1] = (struct pollfd){.fd = keeper_fd(s->keeper), .events = POLLIN};
	polls[npids + 2] = (struct pollfd){.fd = probe_fd(s->probe), .events = POLLIN};
	if (ppoll(polls, npids + 3, &ts, NULL) > 0) {
		if (polls[0].revents)
			session_read_signals(s);
		if (polls[npids + 1].revents)
			session_lose_keeper(s);
		for (size_t i = 0; i < npids; i++)
			if (polls[i + 1].revents) {
				close(s->pidfds[i]);
				s->pidfds[i] = -1;
			}
	}
	for (size_t i = 0; i < npids; i++)
		alive |= s->pidfds[i] >= 0;
	if (!alive || s->child.reaped)
		s->over = true;
}

static int each_record(void *arg, const void *bytes, size_t len)
{
	struct session *s = arg;
	const struct ft_record *record = bytes;
	int ret, failed = 0;

	if (len >= sizeof(*record))
		s->newest = record->time;
	if (len >= sizeof(*record) && record->kind == FT_EXEC)
		exe_names_exec(&s->targets->exe_names, (pid_t)record->tgid, record->lane);
	ret = trace_record(s->trace, bytes, len);
	s->calls += len >= sizeof(*record) && record->kind == FT_ENTRY;
	if (len >= sizeof(*record) && (record->kind == FT_EXEC || record->kind == FT_PROC_EXIT))
		failed = probe_forget(s->probe, record->tgid, record->time);
	for (size_t i = 0; i < s->opt->npids && len >= sizeof(*record); i++)
		if (record->kind == FT_EXEC && record->tgid == (uint32_t)s->opt->pids[i])
			s->renew = true;
	if (ret)
		return ret > 0 ? -ECANCELED : ret;
	if (failed)
		return failed;
	return ++s->read < READ_MAX ? 0 : -EAGAIN;
}

/* Failing, it traces on what it can: the process may have ended meanwhile. */
static void renew(struct session *s)
{
	struct error err;

	s->renew = false;
	status_clear(&s->watch);
	for (size_t i = 0; i < s->opt->npids; i++)
		if (s->pidfds[i] >= 0 && probe_renew(s->probe, s->opt->pids[i], &err) &&
		    err.code != -ESRCH)
			fprintf(stderr, "ftrace: %s\n", err.text);
}

/* Reads what is there and writes what came of it. 0, or the error that ends the run. */
static int look(struct session *s)
{
	uint64_t now, tick;
	int ret;

	s->read = 0;
	ret = probe_read(s->probe, each_record, s);
	s->behind = ret == -EAGAIN;
	s->sated |= ret == -ECANCELED;
	s->over |= s->sated;
	if (ret == -EAGAIN || ret == -ECANCELED)
		ret = 0;
	/* Not before: no lane may seem to be ahead of it; nor silent, when its records are still to be read. */
	now = session_now();
	tick = s->behind ? s->newest : now;
	if (s->renew && !s->stopped)
		renew(s);
	if (!ret && tick > s->last_tick + TICK) {
		s->last_tick = tick;
		ret = trace_tick(s->trace, tick);
		if (ret > 0)
			s->over = true;
	}
	if (ret >= 0 && !s->stopped)
		ret = follow_look(s, now);
	if (ret >= 0)
		ret = sink_idle(s->sink);
	if (ret >= 0)
		ret = outlet_flush(&s->outlet);
	return ret < 0 ? ret : 0;
}

int session_drain(struct session *s)
{
	struct pollfd records = {.fd = probe_fd(s->probe), .events = POLLIN};
	int ret = 0;

	probe_demand(s->probe);
	while (!ret && !s->sated && !probe_met(s->probe)) {
		if (!s->behind)
			poll(&records, 1, -1);
		ret = look(s);
	}
	return ret;
}

static int loop(struct session *s)
{
	int ret = 0;

	while (!s->over && !ret) {
		uint64_t time = session_now(), rest_for = follow_wait(s);

		if (s->opt->duration && time - s->started >= s->opt->duration)
			break;
		if (s->opt->duration && s->opt->duration - (time - s->started) < rest_for)
			rest_for = s->opt->duration - (time - s->started);
		rest(s, s->behind ? 0 : rest_for);
		ret = look(s);
		if (!ret)
			ret = budget_look(s, session_now());
		if (s->reopen)
			reopen(s);
		session_watch(s, session_now());
	}
	return ret;
}

/* What is open in a process that has ended did not outlive it. */
static int end_gone(struct session *s)
{
	int ret = 0;

	if (s->child.reaped)
		ret = trace_gone(s->trace, (uint32_t)s->child.pid);
	for (size_t i = 0; i < s->opt->npids && ret >= 0; i++)
		if (s->pidfds[i] < 0)
			ret = trace_gone(s->trace, (uint32_t)s->opt->pids[i]);
	return ret < 0 ? ret : 0;
}

static int add_kernel_stats(void *arg, uint32_t func, const struct ft_stats *kernel)
{
	struct session *s = arg;

	return stats_add_kernel(s->stats, func, kernel, s->targets->plan->funcs[func].error);
}

void session_stop(struct session *s)
{
	if (s->stopped)
		return;
	status_clear(&s->watch);
	probe_enable(s->probe, false);
	s->stopped = session_now();
	/* A program that was interrupted holds its record, and all behind it, until it is done. */
	detach_all(s);
	altered_code_after(s->opt, s->targets);
}

static int finish(struct session *s, int ret)
{
	struct probe_counts counts;

	session_stop(s);
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
		ret = probe_stats(s->probe, add_kernel_stats, s);
	s->summary = trace_summarize(s->trace);
	s->summary.lost = counts.lost;
	s->summary.switching = s->budget.lost;
	s->summary.missed = counts.missed + counts.unkept;
	s->summary.skipped += counts.skipped;
	s->summary.duration = s->stopped - s->started;
	s->summary.sampled = s->opt->select.sample > 1;
	if (!ret)
		ret = sink_end(s->sink, &s->summary);
	if (!ret)
		ret = outlet_flush(&s->outlet);
	return ret;
}

static void say_summary(struct session *s)
{
	struct buf text = {0};

	if (s->opt->quiet)
		return;
	summary_text(&text, &s->summary);
	fprintf(stderr, "%s\n", buf_str(&text));
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
	if (s->status >= 0)
		return s->status;
	if (!s->child.pid)
		return ret || s->failed ? 1 : 0;
	/* Whoever started it wants to know how it ended. */
	while (!s->child.reaped && s->status < 0) {
		struct pollfd poll_signals = {.fd = s->signals, .events = POLLIN};

		poll(&poll_signals, 1, -1);
		session_read_signals(s);
	}
	if (s->status >= 0)
		return s->status;
	return ret || s->failed ? 125 : child_exit_status(&s->child);
}

static void release(struct session *s)
{
	status_clear(&s->watch);
	child_abandon(&s->child);
	trace_free(s->trace);
	probe_free(s->probe);
	keeper_end(s->keeper);
	budget_release(&s->budget);
	sink_free(s->sink);
	stats_free(s->stats);
	describer_release(&s->describer);
	callers_free(s->callers);
	catalog_release(&s->catalog);
	outlet_close(&s->outlet);
	for (size_t i = 0; s->pidfds && i < s->opt->npids; i++)
		if (s->pidfds[i] > 0)
			close(s->pidfds[i]);
	free(s->pidfds);
	free(s->polls);
	if (s->signals > 0)
		close(s->signals);
}

/* What failed in ftrace itself, before the program ran. */
static int failure_status(const struct session *s)
{
	return s->opt->exec ? 125 : 1;
}

int session_run(const struct options *opt, struct targets *targets, struct keeper *keeper,
		struct error *err)
{
	struct session s = {
		.opt = opt,
		.targets = targets,
		.keeper = keeper,
		.child = {.go = -1, .told = -1},
		.signals = -1,
		.status = -1,
		.outlet = {.fd = -1},
	};
	bool reading;
	int ret;

	ret = session_prepare(&s, err);
	if (ret)
		goto out;
	ret = probe_start(s.probe, err);
	if (ret)
		goto out;
	follow_begin(&s);
	s.started = s.last_tick = session_now();
	probe_enable(s.probe, true);
	/* Whoever reads it may begin at once with what is to be traced. */
	session_banner(&s);
	ret = sink_begin(s.sink);
	if (!ret)
		ret = outlet_flush(&s.outlet);
	status_begin(&s.watch, s.started);
	/* Without a reader of the trace the program runs all the same. */
	if (opt->exec && (!ret || ret == -EPIPE)) {
		int failed = child_release(&s.child, err);

		if (failed) {
			error_prefix(err, "%s", targets->path);
			child_reap(&s.child, true);
			release(&s);
			return failed == -ENOENT ? 127 : 126;
		}
	} else {
		child_abandon(&s.child);
		if (ret == -EINTR && opt->exec)
			s.status = 128 + s.asked_by;
	}
	if (!ret)
		ret = loop(&s);
	ret = finish(&s, ret);
	ret = conclude(&s, ret);
	reading = follow_end(&s);
	release(&s);
	/* A thread that still reads uses what is about to be freed. */
	if (reading)
		_exit(ret);
	return ret;
out:
	release(&s);
	if (ret == -EINTR && s.asked_by)
		return opt->exec ? 128 + s.asked_by : 0;
	return failure_status(&s);
}
