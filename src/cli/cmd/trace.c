/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `ftrace`: traces what runs, what is started, or what is built and started.
 */
#include <errno.h>
#include <unistd.h>

#include "cli/build/build.h"
#include "cli/chatter.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/options/options.h"
#include "cli/reading/opening.h"
#include "cli/run/session.h"
#include "cli/run/wanted_events.h"
#include "probe/core_types.h"
#include "probe/keeper.h"

/* As a shell says it of a program that cannot be started. */
static int open_status(const struct options *opt, int code)
{
	if (!opt->exec)
		return STATUS_FAILED;
	switch (code) {
	case -ENOENT:
		return STATUS_NOT_FOUND;
	case -EACCES:
	case -EISDIR:
	case -ENOEXEC:
		return STATUS_NOT_EXECUTED;
	default:
		return STATUS_NOT_STARTED;
	}
}

/* What it is to a shell that a program cannot be built. */
static int build_status(const struct build *build, int code)
{
	switch (code) {
	case -ENOENT:
		return STATUS_NOT_FOUND;
	case -E2BIG:
		return STATUS_USAGE;
	case -EINTR:
		return STATUS_SIGNAL(build->go.signal);
	default:
		return STATUS_NOT_STARTED;
	}
}

/* Status of a run that a signal ended before it began. */
static int interrupted(const struct opening *opening)
{
	return opening->opt->exec ? STATUS_SIGNAL(opening->watched.signal) : 0;
}

static int trace(struct options *opt, struct opening *opening)
{
	struct core_types *types = NULL;
	struct keeper *keeper = NULL;
	struct error err = {0};
	/* Before anything is read, so that it is small, and before there are threads. */
	int ret = keeper_start(&keeper, &err);

	if (!ret) {
		ret = wanted_events_find(opt, &err);
	}
	if (!ret) {
		types = core_types_begin();
		ret = opening_run(opening, &err);
	}
	if (ret)
		keeper_end(keeper);
	if (opening->running) {
		chatter_error(&err);
		return ret == -EINTR ? interrupted(opening) : open_status(opt, ret);
	}
	ret = ret ? open_status(opt, ret)
		  : session_run(opt, &opening->targets, keeper, types, &err);
	chatter_error(&err);
	core_types_free(types);
	targets_release(&opening->targets);
	return ret;
}

int cmd_trace(struct options *opt, const struct inherited *given)
{
	struct opening opening = {
		.opt = opt,
		.targets.how = {.given = given, .account = opt->user ? &opt->account : NULL},
	};
	struct build build = {0};
	struct error err = {0};
	int ret;

	if (opt->package) {
		ret = build_make(&build, opt, given, &err);
		if (ret) {
			chatter_error(&err);
			ret = build_status(&build, ret);
			goto release;
		}
		opt->binary = build.program;
		opt->argv[0] = build.program;
		build_how(&build, opt, &opening.targets.how);
	}
	ret = trace(opt, &opening);
	if (opening.running) {
		if (opt->package)
			scratch_remove(&build.scratch);
		_exit(ret);
	}
release:
	build_release(&build);
	return ret;
}
