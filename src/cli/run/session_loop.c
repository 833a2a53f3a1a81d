/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/terminal.h"
#include "cli/run/session_state.h"
#include "cli/target/exe_path.h"
#include "sink/formats.h"

#define TICK 100000000ull
/* Records that are read before anything else gets its turn. */
#define READ_MAX 4096

/* When that fails the trace goes on into the old file. Only of lines each says all by itself. */
static void reopen(struct session *s)
{
	const struct format *format = s->opt->format;
	bool lines = format->stream && !format->binary;
	int ret = lines ? outlet_reopen(&s->outlet) : 0;

	s->signals.reopen = false;
	status_clear(&s->status);
	if (!lines && s->outlet.path)
		fprintf(stderr,
			"ftrace: %s: cannot reopen: --format %s is one file; the trace goes on into the old "
			"file\n",
			s->opt->output, format->name);
	else if (ret)
		fprintf(stderr,
			"ftrace: %s: cannot reopen: %s; the trace goes on into the old file\n",
			s->opt->output, place_error(ret));
}

static void on_exec(struct session *s, const struct ft_record *record)
{
	exe_path_exec(s->targets, (pid_t)record->tgid, record->lane);
	gather_exec(&s->gather, (pid_t)record->tgid);
	s->renew |= pids_has(&s->pids, record->tgid);
}

static int each_record(void *arg, const void *bytes, size_t len)
{
	struct session *s = arg;
	const struct ft_record *record = bytes;
	bool whole = len >= sizeof(*record);
	int ret, failed = 0;

	if (whole)
		s->newest = record->time;
	if (whole && record->kind == FT_EXEC)
		on_exec(s, record);
	ret = trace_record(s->trace, bytes, len);
	s->calls += whole && record->kind == FT_ENTRY;
	if (whole && (record->kind == FT_EXEC || record->kind == FT_PROC_EXIT))
		failed = probe_forget(s->probe, record->tgid, record->time);
	if (whole && record->kind == FT_PROC_EXIT)
		exe_names_exit(&s->targets->exe_names, (pid_t)record->tgid);
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
	status_clear(&s->status);
	for (size_t i = 0; i < s->pids.count; i++)
		if (!pids_has_ended(&s->pids, i) && probe_renew(s->probe, s->pids.pids[i], &err) &&
		    err.code != -ESRCH)
			fprintf(stderr, "ftrace: %s\n", err.text);
}

/* Reads some of what is there. 0, or the error that ends the run. */
static int look(struct session *s)
{
	int ret;

	s->read = 0;
	ret = probe_read(s->probe, each_record, s);
	s->behind = ret == -EAGAIN;
	s->sated |= ret == -ECANCELED;
	s->over |= s->sated;
	if (s->renew && !s->stopped)
		renew(s);
	return s->behind || s->sated ? 0 : ret;
}

/* After a look, not before: no lane may seem to be ahead of `now`; nor silent, when its records are still to be read. */
static int tick(struct session *s, uint64_t now)
{
	uint64_t time = s->behind ? s->newest : now;
	int ret;

	if (time < s->last_tick + TICK)
		return 0;
	s->last_tick = time / TICK * TICK;
	ret = trace_tick(s->trace, time);
	s->over |= ret > 0;
	return ret < 0 ? ret : 0;
}

/* Writes what came of it. */
static int flush(struct session *s)
{
	int ret = sink_idle(s->sink);

	return ret < 0 ? ret : outlet_flush(&s->outlet);
}

int session_drain(void *arg)
{
	struct session *s = arg;
	struct pollfd records = {.fd = probe_fd(s->probe), .events = POLLIN};
	int ret = 0;

	probe_demand(s->probe);
	while (!ret && !s->sated && !probe_met(s->probe)) {
		if (!s->behind)
			poll(&records, 1, -1);
		ret = look(s);
		if (!ret)
			ret = tick(s, clock_now());
		if (!ret)
			ret = flush(s);
	}
	return ret;
}

static int on_signals(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;

	(void)now;
	signals_read(&s->signals);
	return 0;
}

/* The keeper has died, and all probes with it. */
static int on_keeper(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;

	(void)now;
	status_clear(&s->status);
	fprintf(stderr,
		"ftrace: PID %d, which keeps the probes, was killed: the trace ends here; start it "
		"again\n",
		(int)keeper_pid(s->keeper));
	s->over = true;
	s->failed = true;
	return 0;
}

static int on_pid(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;

	(void)now;
	pids_end(&s->pids, (size_t)(self->fd - s->pids.fds));
	s->over |= pids_all_ended(&s->pids);
	return 0;
}

static int on_records(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;
	int ret = look(s);

	/* Without records, too: of what has ended the kernel's memory is freed. */
	self->due = s->behind ? 0 : loop_next(now, TICK);
	return ret;
}

static int on_tick(struct watcher *self, uint64_t now)
{
	self->due = loop_next(now, TICK);
	return tick(self->arg, clock_now());
}

/* The clock may have been set. */
static int on_clock(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;

	wall_learn(&s->wall, clock_now(), wall_measure());
	self->due = loop_next(now, CLOCK_SECOND);
	return 0;
}

static int on_files(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;
	int ret = s->stopped ? 0 : follow_look(&s->follow, now);

	s->over |= ret > 0;
	self->due = loop_next(now, follow_wait(&s->follow));
	return ret < 0 ? ret : 0;
}

static int on_members(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;
	int ret = s->stopped ? 0 : gather_look(&s->gather, now);

	s->over |= ret > 0;
	self->due = s->opt->cgroup ? loop_next(now, gather_wait(&s->gather)) : LOOP_NEVER;
	return ret < 0 ? ret : 0;
}

static int on_budget(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;
	int ret = session_is_over(s) ? 0 : budget_look(&s->budget, now);

	self->due = s->budget.due;
	return ret;
}

/* Programs of the kernel that had begun when the next table did take no longer. */
#define SETTLE 20000000ull

/* The table of --interval: the next one begins, and the last one is written when all that belongs to it is there. */
static int on_interval(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;
	int ret = 0;

	if (session_is_over(s))
		return 0;
	if (!s->turned) {
		s->turned = clock_now();
		if (s->pushdown.summing) {
			probe_stats_turn(s->probe);
			self->due = now + SETTLE;
			return 0;
		}
	}
	if (s->pushdown.summing)
		ret = probe_stats_take(s->probe, session_add_stats, s);
	/* It may have another size by now. */
	if (terminal_takes_escapes(s->outlet.fd)) {
		s->config.width = (int)terminal_columns(s->outlet.fd);
		s->config.height = (int)terminal_lines(s->outlet.fd);
	}
	if (!ret)
		ret = sink_table(s->sink, s->turned);
	stats_clear(s->stats);
	s->config.since = s->turned;
	s->turned = 0;
	self->due = s->config.since + s->opt->interval;
	return ret;
}

static int on_status(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;

	self->due = loop_next(now, TICK);
	hints_look(&s->hints, trace_counts(s->trace), now);
	/* Calls that the kernel adds up come at the end. */
	if (!s->pushdown.summing && status_due(&s->status, now)) {
		struct status_counts counts = {
			.calls = s->calls,
			.open = trace_counts(s->trace)->open_lanes,
		};
		struct probe_counts lost;

		probe_count(s->probe, &lost);
		counts.lost = lost.lost;
		status_write(&s->status, now, &counts);
	}
	return 0;
}

static int on_duration(struct watcher *self, uint64_t now)
{
	struct session *s = self->arg;

	(void)now;
	self->due = LOOP_NEVER;
	s->over = true;
	return 0;
}

/* In the order in which they act: what arrived is read before anybody draws conclusions. */
int session_add_watchers(struct session *s)
{
	uint64_t end = s->opt->duration ? s->started + s->opt->duration : LOOP_NEVER;
	const struct watcher watchers[] = {
		{.fd = &s->signals.fd, .due = LOOP_NEVER, .act = on_signals},
		{.fd = &s->keeper_fd, .due = LOOP_NEVER, .act = on_keeper},
		{.fd = &s->records_fd, .act = on_records},
		{.act = on_clock},
		{.act = on_tick},
		{.due = loop_next(s->started, follow_wait(&s->follow)), .act = on_files},
		{.fd = &s->targets->members.cgroup.changes, .act = on_members},
		{.due = s->opt->max_overhead ? 0 : LOOP_NEVER, .act = on_budget},
		{.due = s->opt->interval ? s->started + s->opt->interval : LOOP_NEVER,
		 .act = on_interval},
		{.act = on_status},
		{.due = end, .act = on_duration},
	};
	struct watcher added;
	int ret = 0;

	s->keeper_fd = keeper_fd(s->keeper);
	s->records_fd = probe_fd(s->probe);
	for (size_t i = 0; i < s->pids.count && !ret; i++) {
		added = (struct watcher){
			.fd = &s->pids.fds[i], .due = LOOP_NEVER, .act = on_pid, .arg = s};
		ret = loop_add(&s->loop, &added);
	}
	for (size_t i = 0; i < sizeof(watchers) / sizeof(watchers[0]) && !ret; i++) {
		added = watchers[i];
		added.arg = s;
		ret = loop_add(&s->loop, &added);
	}
	return ret;
}

int session_loop(struct session *s)
{
	int ret = 0;

	while (!ret && !session_is_over(s) && !s->child.reaped) {
		ret = loop_turn(&s->loop);
		if (!ret)
			ret = flush(s);
		if (s->signals.reopen)
			reopen(s);
	}
	return ret;
}
