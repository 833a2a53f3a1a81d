/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
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

#include "cli/session_state.h"

uint64_t session_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

static int64_t realtime_offset(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec - (int64_t)session_now();
}

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
		.start = session_now(),
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
	s->trace = trace_new(&config, &session_trace_ops, s);
	return s->trace ? 0 : error_set(err, -ENOMEM, "out of memory; close something");
}

static int attach_all(struct session *s, struct error *err)
{
	const struct targets *targets = s->targets;
	uint64_t began = session_now();

	for (size_t i = 0; i < targets->nitems; i++) {
		pid_t pid = s->child.pid ? s->child.pid : targets->items[i].pid;
		int ret = probe_attach(s->probe, targets->items[i].image, pid, err);

		if (ret)
			return ret;
	}
	if (s->opt->verbose)
		fprintf(stderr, "ftrace: attached %zu probes in %.1f ms\n", targets->plan->nsites,
			(double)(session_now() - began) / 1e6);
	return 0;
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

void session_banner(const struct session *s)
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

int session_prepare(struct session *s, struct error *err)
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
