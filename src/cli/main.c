/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/listing.h"
#include "cli/options.h"
#include "cli/session.h"
#include "cli/target.h"

#define STATUS_USAGE 2

static int say(const struct error *err, int status)
{
	if (err->text[0])
		fprintf(stderr, "ftrace: %s\n", err->text);
	return status;
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

static int run(struct options *opt)
{
	struct targets targets = {0};
	struct error err = {0};
	int ret;

	signal(SIGPIPE, SIG_IGN);
	ret = targets_open(&targets, opt, &err);

	if (ret)
		ret = say(&err, open_status(opt, ret));
	else if (opt->list)
		ret = say(&err, listing_print(opt, &targets, &err));
	else
		ret = say(&err, session_run(opt, &targets, &err));
	targets_release(&targets);
	return ret;
}

int main(int argc, char **argv)
{
	struct options opt;
	struct error err = {0};
	int status;

	if (options_parse(&opt, argc, argv, &err)) {
		status = say(&err, STATUS_USAGE);
	} else if (opt.help) {
		fputs(options_help(), stdout);
		status = 0;
	} else if (opt.version) {
		puts("ftrace " FTRACE_VERSION);
		status = 0;
	} else {
		status = run(&opt);
	}
	options_release(&opt);
	return status;
}
