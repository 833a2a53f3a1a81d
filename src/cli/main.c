/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/build/build.h"
#include "cli/chatter.h"
#include "cli/rights/inherited.h"
#include "cli/cmd/listing.h"
#include "cli/options/options.h"
#include "cli/cmd/repair.h"
#include "cli/build/scratch.h"
#include "cli/run/session.h"
#include "cli/target/target.h"
#include "cli/reading/watched.h"
#include "probe/keeper.h"

#define STATUS_USAGE 2

static int say(const struct error *err, int status)
{
	if (err->text[0])
		fprintf(stderr, "ftrace: %s\n", err->text);
	return status;
}

static int print(const char *text)
{
	if (fputs(text, stdout) >= 0 && !fflush(stdout))
		return 0;
	if (errno == EPIPE)
		return 0;
	fprintf(stderr, "ftrace: stdout: %s; make room\n", strerror(errno));
	return 1;
}

/* As a shell says it of a program that cannot be started. */
static int open_status(const struct options *opt, int code)
{
	if (!opt->exec)
		return 1;
	switch (code) {
	case -ENOENT:
		return 127;
	case -EACCES:
	case -EISDIR:
	case -ENOEXEC:
		return 126;
	default:
		return 125;
	}
}

/* All reading of executables, in one thread, which may outlast what waits for it. */
struct opening {
	struct watched watched;
	bool running; /* the thread cannot be stopped, and uses all this */
	struct targets targets;
	const struct options *opt;
	struct listing *listing; /* `list` */
};

static int open_all(struct watched *watched, void *arg, struct error *err)
{
	struct opening *opening = arg;
	int ret;

	opening->targets.watched = watched;
	ret = targets_open(&opening->targets, opening->opt, err);
	opening->targets.watched = NULL;
	if (ret || !opening->opt->list)
		return ret;
	opening->listing = listing_new(&opening->targets);
	return opening->listing ? 0 : error_set(err, -ENOMEM, "out of memory; close something");
}

/* Status of a run that a signal ended before it began. */
static int interrupted(const struct options *opt, int sig)
{
	if (!opt->list)
		return opt->exec ? 128 + sig : 0;
	/* Whoever waits for a list is to know that it is none. */
	signal(sig, SIG_DFL);
	raise(sig);
	return 128 + sig;
}

static int trace(struct opening *opening)
{
	const struct options *opt = opening->opt;
	struct keeper *keeper = NULL;
	struct error err = {0};
	/* Before anything is read, so that it is small. */
	int ret = opt->list ? 0 : keeper_start(&keeper, &err);

	if (!ret)
		ret = watched_run(&opening->watched, &opening->running, &err);
	if (ret)
		keeper_end(keeper);
	if (opening->running) {
		say(&err, 0);
		return ret == -EINTR ? interrupted(opt, opening->watched.signal)
				     : open_status(opt, ret);
	}
	if (ret)
		ret = say(&err, open_status(opt, ret));
	else if (opt->list)
		ret = say(&err, listing_print(opening->listing, opt, &opening->targets, &err));
	else
		ret = say(&err, session_run(opt, &opening->targets, keeper, &err));
	listing_free(opening->listing);
	targets_release(&opening->targets);
	return ret;
}

static int run(struct options *opt, const struct inherited *given)
{
	struct opening opening = {
		.watched = {.work = open_all, .arg = &opening},
		.targets = {.how = {.given = given, .account = opt->user ? &opt->account : NULL}},
		.opt = opt,
	};
	struct build build = {0};
	struct error err = {0};
	int ret;

	if (opt->package) {
		ret = build_make(&build, opt, given, &err);
		if (ret) {
			say(&err, ret);
			goto release;
		}
		opt->binary = build.program;
		opt->command[0] = build.program;
		build_how(&build, opt, &opening.targets.how);
	}
	ret = trace(&opening);
	if (opening.running) {
		if (opt->package)
			scratch_remove(&build.scratch);
		_exit(ret);
	}
release:
	build_release(&build);
	return ret;
}

/* A standard stream that is closed must not become the first file that is opened. A program that is
 * started has them as they were. */
static void hold_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct inherited given;
	struct options opt;
	/* It would run whatever anybody names as its owner. */
	const struct error set_id = {
		.text = "set-user-ID or set-group-ID; take that bit away, and run it with sudo"};
	struct error err = {0};
	int status;

	inherited_take(&given);
	/* Large arrays grow and go by pages. Else the limit rises with what was given back once (mallopt(3)), and
	 * what many of them leave behind when they grow stays with us. */
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
	signal(SIGPIPE, SIG_IGN);
	/* A limit of the file's size is told as a full disk is (write(2), EFBIG). */
	signal(SIGXFSZ, SIG_IGN);
	/* Ignored, it would keep the status of a program that is started from us. */
	signal(SIGCHLD, SIG_DFL);
	hold_standard_streams();
	chatter_begin();
	if (getuid() != geteuid() || getgid() != getegid())
		return say(&set_id, 1);
	if (options_parse(&opt, argc, argv, &err)) {
		status = say(&err, STATUS_USAGE);
	} else if (opt.help) {
		status = print(options_help());
	} else if (opt.version) {
		status = print("ftrace " FTRACE_VERSION "\n");
	} else if (opt.repair) {
		status = repair_run(&opt, &err);
		say(&err, status);
	} else {
		status = run(&opt, &given);
	}
	options_release(&opt);
	return status;
}
