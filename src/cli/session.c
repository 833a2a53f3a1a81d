/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* ppoll */
#include "cli/session.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/child.h"
#include "cli/identify.h"
#include "out/sink.h"
#include "out/summary.h"
#include "probe/probe.h"
#include "trace/trace.h"

/* The ring is looked at this often at least, and at most. */
#define LOOK_SLOWEST 20000000ull
#define LOOK_FASTEST 200000ull
/* What a busy target can send, to look before the ring is half full. */
#define BYTES_PER_SECOND (256ull << 20)
#define TICK 100000000ull
#define NOTHING_HIT 5000000000ull
/* Records that are read before anything else gets its turn. */
#define READ_MAX 4096

struct session {
	const struct options *opt;
	struct targets *targets;
	struct features features;
	struct probe *probe;
	struct trace *trace;
	struct writer writer;
	struct callers *callers;
	struct sink *sink;
	const struct sink_ops *ops;
	struct sink_config config;
	struct identify identify;
	struct child child;
	struct trace_summary summary;
	char kernel[65];
	sigset_t old_mask;
	int signals;       /* signalfd */
	int *pidfds;       /* -p: one each, -1 when that process has ended */
	uint64_t started, stopped, last_tick;
	int passed_on;     /* signals that were passed on to the started program */
	int status;        /* exit status that was decided on, -1 */
	size_t read;       /* records, in this look */
	bool behind;       /* there are more in the ring */
	bool over;
	bool hinted;
	bool renew;        /* a process of -p has called execve */
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

static int64_t realtime_offset(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec - (int64_t)now();
}

/* struct trace_ops: calls go straight to the sink. */

static int op_process(void *arg, const struct process *process)
{
	struct session *s = arg;

	return s->ops->process ? s->ops->process(s->sink, process) : 0;
}

static int op_root(void *arg, const struct tree *tree)
{
	struct session *s = arg;

	return s->ops->root(s->sink, tree);
}

static int op_enter(void *arg, const struct tree *tree, uint32_t call)
{
	struct session *s = arg;

	return s->ops->enter ? s->ops->enter(s->sink, tree, call) : 0;
}

static int op_leave(void *arg, const struct tree *tree, uint32_t call)
{
	struct session *s = arg;

	return s->ops->leave(s->sink, tree, call);
}

static int op_loss(void *arg, const struct loss *loss)
{
	struct session *s = arg;

	return s->ops->loss(s->sink, loss);
}

static uint64_t op_next_id(void *arg)
{
	struct session *s = arg;

	return s->ops->next_id(s->sink);
}

static int op_identify(void *arg, struct process *process, const struct ft_record *first)
{
	struct session *s = arg;

	return identify_process(&s->identify, process, first);
}

static bool op_is_gone(void *arg, const struct process *process, uint64_t g, uint64_t goid)
{
	struct session *s = arg;

	return identify_is_gone(&s->identify, process, g, goid);
}

static bool op_next_loss(void *arg, struct ft_loss_key *key, struct ft_loss *loss)
{
	struct session *s = arg;

	return probe_next_loss(s->probe, key, loss);
}

static const struct trace_ops trace_ops = {
	.process = op_process,
	.root = op_root,
	.enter = op_enter,
	.leave = op_leave,
	.loss = op_loss,
	.next_id = op_next_id,
	.identify = op_identify,
	.is_gone = op_is_gone,
	.next_loss = op_next_loss,
};

static bool wants_color(const struct options *opt, int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (opt->color != COLOR_AUTO)
		return opt->color == COLOR_ALWAYS;
	return isatty(fd) && !(no_color && *no_color);
}

static int terminal_width(int fd)
{
	struct winsize size;

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size))
		return 0;
	return size.ws_col;
}

static int open_output(struct session *s, struct error *err)
{
	const struct options *opt = s->opt;
	struct utsname uts;
	int ret;

	if (!opt->output) {
		writer_init(&s->writer, STDOUT_FILENO);
	} else {
		ret = writer_open(&s->writer, opt->output);
		if (ret)
			return error_set(err, ret, "%s: %s; choose another file with -o", opt->output,
					 strerror(-ret));
	}
	uname(&uts);
	snprintf(s->kernel, sizeof(s->kernel), "%s", uts.release);
	s->callers = callers_new(s->targets->plan);
	s->ops = opt->jsonl ? &sink_jsonl : &sink_text;
	s->config = (struct sink_config){
		.writer = &s->writer,
		.plan = s->targets->plan,
		.callers = s->callers,
		.tool = "ftrace " FTRACE_VERSION,
		.kernel = s->kernel,
		.start = now(),
		.realtime = realtime_offset(),
		.time = opt->time,
		.color = wants_color(opt, s->writer.fd),
		.width = terminal_width(s->writer.fd),
		.trim = opt->trim,
		.ntrim = opt->ntrim,
	};
	s->sink = s->callers ? s->ops->new(&s->config) : NULL;
	return s->sink ? 0 : error_set(err, -ENOMEM, "out of memory; close something");
}

static int make_trace(struct session *s, struct error *err)
{
	struct trace_config config = {
		.plan = s->targets->plan,
		.select = s->opt->select,
		.hold = s->opt->hold,
	};

	s->identify = (struct identify){
		.plan = s->targets->plan,
		.started = s->child.pid,
	};
	s->trace = trace_new(&config, &trace_ops, s);
	return s->trace ? 0 : error_set(err, -ENOMEM, "out of memory; close something");
}

static int attach_all(struct session *s, struct error *err)
{
	const struct targets *targets = s->targets;
	uint64_t began = now();

	for (size_t i = 0; i < targets->nitems; i++) {
		pid_t pid = s->child.pid ? s->child.pid : targets->items[i].pid;
		int ret = probe_attach(s->probe, targets->items[i].image, pid, err);

		if (ret)
			return ret;
	}
	if (s->opt->verbose)
		fprintf(stderr, "ftrace: attached %zu probes in %.1f ms\n", targets->plan->nsites,
			(double)(now() - began) / 1e6);
	return 0;
}

static void detach_all(struct session *s)
{
	uint64_t began = now();

	probe_detach(s->probe);
	if (s->opt->verbose)
		fprintf(stderr, "ftrace: detached in %.1f ms\n", (double)(now() - began) / 1e6);
}

static int watch_pids(struct session *s, struct error *err)
{
	const struct options *opt = s->opt;

	s->pidfds = calloc(opt->npids + 1, sizeof(*s->pidfds));
	if (!s->pidfds)
		return error_set(err, -ENOMEM, "out of memory; close something");
	for (size_t i = 0; i < opt->npids; i++) {
		s->pidfds[i] = (int)syscall(SYS_pidfd_open, opt->pids[i], 0);
		if (s->pidfds[i] < 0)
			return error_set(err, -errno, "PID %d: %s; look for the new one with pidof",
					 (int)opt->pids[i], strerror(errno));
	}
	return 0;
}

static int open_signals(struct session *s, struct error *err)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, &s->old_mask);
	signal(SIGPIPE, SIG_IGN);
	s->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signals >= 0 ? 0 : error_set(err, -errno, "signalfd: %s; close something",
					       strerror(errno));
}

static void banner(const struct session *s)
{
	const struct plan *plan = s->targets->plan;
	const struct image_info *info = image_info(plan->images[0].image);
	size_t exits = 0;

	if (s->opt->quiet)
		return;
	for (size_t i = 0; i < plan->nsites; i++)
		exits += plan->sites[i].kind == SITE_RET || plan->sites[i].kind == SITE_TAIL;
	fprintf(stderr, "ftrace: %s (%s)", info->path, info->go_version);
	if (plan->nimages > 1)
		fprintf(stderr, " and %zu more", plan->nimages - 1);
	fprintf(stderr, ": %zu function%s, %zu entr%s, %zu exit%s; ", plan->nfuncs,
		plan->nfuncs == 1 ? "" : "s", plan->nfuncs, plan->nfuncs == 1 ? "y" : "ies", exits,
		exits == 1 ? "" : "s");
	if (s->child.pid)
		fprintf(stderr, "started as PID %d\n", (int)s->child.pid);
	else
		fprintf(stderr, "%zu process%s; Ctrl-C ends\n", s->targets->running,
			s->targets->running == 1 ? "" : "es");
}

static int prepare(struct session *s, struct error *err)
{
	const struct options *opt = s->opt;
	struct probe_config config = {
		.plan = s->targets->plan,
		.features = &s->features,
		.ring_size = opt->ring_size,
		.fault = !opt->no_fault,
		.only_pids = opt->exec || opt->npids,
		.through_exec = opt->exec,
	};
	char text[128];
	int ret;

	probe_debug(opt->debug);
	ret = features_find(&s->features, err);
	if (ret)
		return ret;
	if (opt->verbose)
		fprintf(stderr, "ftrace: kernel: %s\n",
			features_text(&s->features, text, sizeof(text)));
	ret = open_signals(s, err);
	if (!ret)
		ret = watch_pids(s, err);
	if (!ret)
		ret = open_output(s, err);
	if (ret)
		return ret;
	s->probe = probe_new(&config, err);
	if (!s->probe)
		return err->code ? err->code : -EIO;
	if (opt->exec)
		ret = child_start(&s->child, s->targets->path, opt->command, &s->old_mask, err);
	if (!ret)
		ret = make_trace(s, err);
	if (!ret)
		ret = attach_all(s, err);
	return ret;
}

/* When that fails the trace goes on into the old file. */
static void reopen(struct session *s)
{
	int ret = writer_reopen(&s->writer);

	if (ret)
		fprintf(stderr, "ftrace: %s: cannot reopen: %s; the trace goes on into the old file\n",
			s->opt->output, strerror(-ret));
}

static void on_signal(struct session *s, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;

	switch (sig) {
	case SIGCHLD:
		child_reap(&s->child, false);
		return;
	case SIGHUP:
		if (s->opt->output)
			reopen(s);
		else
			s->over = true;
		return;
	}
	if (!s->child.pid || s->child.reaped) {
		s->over = true;
	} else if (s->passed_on++) {
		s->over = true;
		s->status = 128 + sig;
	} else if (info->ssi_code != SI_KERNEL) {
		/* The terminal sends it to both; what was sent to ftrace alone is passed on. */
		kill(s->child.pid, sig);
	}
}

static void read_signals(struct session *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		on_signal(s, &info);
}

/* Sleeps until the ring is worth a look, or something else happens. */
static void rest(struct session *s, uint64_t ns)
{
	size_t npids = s->opt->npids;
	struct pollfd *polls = calloc(npids + 1, sizeof(*polls));
	struct timespec ts = {.tv_sec = 0, .tv_nsec = (long)ns};
	bool alive = !npids;

	if (!polls) {
		s->over = true;
		return;
	}
	polls[0] = (struct pollfd){.fd = s->signals, .events = POLLIN};
	for (size_t i = 0; i < npids; i++)
		polls[i + 1] = (struct pollfd){.fd = s->pidfds[i], .events = POLLIN};
	if (ppoll(polls, npids + 1, &ts, NULL) > 0) {
		if (polls[0].revents)
			read_signals(s);
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
	free(polls);
}

static int each_record(void *arg, const void *bytes, size_t len)
{
	struct session *s = arg;
	const struct ft_record *record = bytes;
	int ret = trace_record(s->trace, bytes, len);

	for (size_t i = 0; i < s->opt->npids && len >= sizeof(*record); i++)
		if (record->kind == FT_EXEC && record->tgid == (uint32_t)s->opt->pids[i])
			s->renew = true;
	if (ret)
		return ret > 0 ? -ECANCELED : ret;
	return ++s->read < READ_MAX ? 0 : -EAGAIN;
}

/* Failing, it traces on what it can: the process may have ended meanwhile. */
static void renew(struct session *s)
{
	struct error err;

	s->renew = false;
	for (size_t i = 0; i < s->opt->npids; i++)
		if (s->pidfds[i] >= 0 && probe_renew(s->probe, s->opt->pids[i], &err) &&
		    err.code != -ESRCH)
			fprintf(stderr, "ftrace: %s\n", err.text);
}

/* Reads what is there and writes what came of it. 0, or the error that ends the run. */
static int look(struct session *s)
{
	uint64_t time;
	int ret;

	s->read = 0;
	ret = probe_read(s->probe, each_record, s);
	s->behind = ret == -EAGAIN;
	s->over |= ret == -ECANCELED;
	if (ret == -EAGAIN || ret == -ECANCELED)
		ret = 0;
	/* Not before: no lane may seem to be ahead of it. */
	time = now();
	if (s->renew && !s->stopped)
		renew(s);
	if (ret >= 0 && time - s->last_tick > TICK) {
		s->last_tick = time;
		ret = trace_tick(s->trace, time);
		if (ret > 0)
			s->over = true;
	}
	if (ret >= 0 && s->ops->idle)
		ret = s->ops->idle(s->sink);
	if (ret >= 0)
		ret = writer_flush(&s->writer);
	return ret < 0 ? ret : 0;
}

static void hint(struct session *s, uint64_t time)
{
	if (s->hinted || s->opt->quiet || time - s->started < NOTHING_HIT)
		return;
	s->hinted = true;
	if (trace_counts(s->trace)->records)
		return;
	if (s->targets->running || s->child.pid)
		fprintf(stderr, "ftrace: nothing was hit in 5 s; are the functions called, or inlined? "
				"'ftrace list' tells\n");
	else
		fprintf(stderr, "ftrace: nothing was hit in 5 s: no process runs %s; start it, or "
				"check with pidof which file it runs\n",
			s->targets->path);
}

static int loop(struct session *s)
{
	uint64_t slowest = s->opt->ring_size * 500000000ull / BYTES_PER_SECOND;
	uint64_t interval;
	int ret = 0;

	if (slowest > LOOK_SLOWEST)
		slowest = LOOK_SLOWEST;
	if (slowest < LOOK_FASTEST)
		slowest = LOOK_FASTEST;
	interval = slowest;
	while (!s->over && !ret) {
		uint64_t time = now(), left;

		if (s->opt->duration && time - s->started >= s->opt->duration)
			break;
		left = s->opt->duration ? s->opt->duration - (time - s->started) : interval;
		if (s->behind)
			left = 0;
		rest(s, left < interval ? left : interval);
		/* More than an eighth came meanwhile: look sooner. */
		if (probe_fill(s->probe) > 0.125)
			interval = interval / 2 > LOOK_FASTEST ? interval / 2 : LOOK_FASTEST;
		else if (interval < slowest)
			interval = interval * 2 < slowest ? interval * 2 : slowest;
		ret = look(s);
		hint(s, time);
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

static int finish(struct session *s, int ret)
{
	struct probe_counts counts;
	const struct trace_counts *seen;

	probe_enable(s->probe, false);
	s->stopped = now();
	/* A program that was interrupted holds its record, and all behind it, until it is done. */
	detach_all(s);
	do
		ret = ret ? ret : look(s);
	while (!ret && s->behind);
	probe_count(s->probe, &counts);
	if (!ret)
		ret = end_gone(s);
	if (!ret) {
		ret = trace_finish(s->trace);
		ret = ret < 0 ? ret : 0;
	}
	seen = trace_counts(s->trace);
	s->summary = (struct trace_summary){
		.records = seen->records,
		.lost = counts.lost,
		.missed = counts.missed,
		.damaged = seen->damaged,
		.skipped = seen->skipped,
		.duration = s->stopped - s->started,
		.sampled = s->opt->select.sample > 1,
	};
	if (!ret)
		ret = s->ops->end(s->sink, &s->summary);
	if (!ret)
		ret = writer_flush(&s->writer);
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

static int conclude(struct session *s, int ret, struct error *err)
{
	if (ret == -EPIPE && !s->opt->output)
		ret = 0; /* the reader has had enough */
	else if (!ret)
		say_summary(s);
	if (ret)
		error_set(err, ret, "%s: %s; what was written so far is whole",
			  s->opt->output ? s->opt->output : "stdout", strerror(-ret));
	if (s->status >= 0)
		return s->status;
	if (!s->child.pid)
		return ret ? 1 : 0;
	/* Whoever started it wants to know how it ended. */
	while (!s->child.reaped && s->status < 0) {
		struct pollfd poll_signals = {.fd = s->signals, .events = POLLIN};

		poll(&poll_signals, 1, -1);
		read_signals(s);
	}
	if (s->status >= 0)
		return s->status;
	return ret ? 125 : child_exit_status(&s->child);
}

static void release(struct session *s)
{
	child_abandon(&s->child);
	trace_free(s->trace);
	probe_free(s->probe);
	if (s->sink)
		s->ops->free(s->sink);
	callers_free(s->callers);
	writer_close(&s->writer);
	for (size_t i = 0; s->pidfds && i < s->opt->npids; i++)
		if (s->pidfds[i] > 0)
			close(s->pidfds[i]);
	free(s->pidfds);
	if (s->signals > 0)
		close(s->signals);
}

/* What failed in ftrace itself, before the program ran. */
static int failure_status(const struct session *s)
{
	return s->opt->exec ? 125 : 1;
}

int session_run(const struct options *opt, struct targets *targets, struct error *err)
{
	struct session s = {
		.opt = opt,
		.targets = targets,
		.child = {.go = -1, .failed = -1},
		.signals = -1,
		.status = -1,
		.writer = {.fd = -1},
	};
	int ret;

	ret = prepare(&s, err);
	if (ret)
		goto out;
	banner(&s);
	ret = s.ops->begin ? s.ops->begin(s.sink) : 0;
	if (!ret)
		ret = writer_flush(&s.writer);
	s.started = s.last_tick = now();
	probe_enable(s.probe, true);
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
	}
	if (!ret)
		ret = loop(&s);
	ret = finish(&s, ret);
	ret = conclude(&s, ret, err);
	release(&s);
	return ret;
out:
	release(&s);
	return failure_status(&s);
}
