/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/build.h"
#include "cli/chatter.h"
#include "cli/listing.h"
#include "cli/options.h"
#include "cli/session.h"
#include "cli/target.h"
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

static int trace(struct options *opt, struct child_how how)
{
	struct targets targets = {.how = how};
	struct keeper *keeper = NULL;
	struct error err = {0};
	int ret = 0;

	/* Before anything is read, so that it is small. */
	if (!opt->list)
		ret = keeper_start(&keeper, &err);
	if (!ret)
		ret = targets_open(&targets, opt, &err);
	if (ret) {
		keeper_end(keeper);
		ret = say(&err, open_status(opt, ret));
	} else if (opt->list) {
		ret = say(&err, listing_print(opt, &targets, &err));
	} else {
		ret = say(&err, session_run(opt, &targets, keeper, &err));
	}
	targets_release(&targets);
	return ret;
}

static int run(struct options *opt)
{
	struct build build = {0};
	struct child_how how = {.account = opt->user ? &opt->account : NULL};
	struct error err = {0};
	int ret;

	if (!opt->package)
		return trace(opt, how);
	ret = build_make(&build, opt, &err);
	if (ret) {
		say(&err, ret);
	} else {
		opt->binary = build.program;
		opt->command[0] = build.program;
		build_how(&build, opt, &how);
		ret = trace(opt, how);
	}
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
	struct options opt;
	struct error err = {0};
	int status;

	signal(SIGPIPE, SIG_IGN);
	/* Ignored, it would keep the status of a program that is started from us. */
	signal(SIGCHLD, SIG_DFL);
	hold_standard_streams();
	chatter_begin();
	if (options_parse(&opt, argc, argv, &err)) {
		status = say(&err, STATUS_USAGE);
	} else if (opt.help) {
		status = print(options_help());
	} else if (opt.version) {
		status = print("ftrace " FTRACE_VERSION "\n");
	} else {
		status = run(&opt);
	}
	options_release(&opt);
	return status;
}
