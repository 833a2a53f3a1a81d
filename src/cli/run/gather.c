/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/gather.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/options/options.h"
#include "cli/run/status.h"
#include "cli/target/target.h"
#include "host/procfs.h"
#include "probe/probe.h"

/* ns: while something is read, else, and between looks at all members. */
#define LOOK_BUSY 5000000ull
#define LOOK_IDLE 20000000ull
#define SCAN      1000000000ull
/* Processes that wait to be looked at; the next look at all members finds the others. */
#define FOUND_MAX 4096

static bool is_on(const struct gather *gather)
{
	return gather->intake.opt && gather->intake.opt->cgroup;
}

void gather_begin(struct gather *gather, const struct intake *intake)
{
	*gather = (struct gather){.intake = *intake, .scan = true};
}

void gather_exec(struct gather *gather, pid_t pid)
{
	if (is_on(gather) &&
	    (gather->found.count >= FOUND_MAX || pid_list_add(&gather->found, pid)))
		gather->scan = true;
}

/* Of the executable that is read, or was last. */
static const char *name_of(const struct gather *gather)
{
	return gather->name ? gather->name : "an executable";
}

static void say(const struct gather *gather, const char *what, const char *why)
{
	struct buf text = {0};

	if (gather->intake.opt->quiet)
		return;
	status_clear(gather->intake.status);
	escape_text(&text, name_of(gather), strlen(name_of(gather)));
	fprintf(stderr, "ftrace: %s: %s%s\n", buf_str(&text), what, why);
	buf_release(&text);
}

/* A group of the same name has come, or it is time: all members are to be looked at. */
static int look_around(struct gather *gather, uint64_t now)
{
	struct cgroup *cgroup = &gather->intake.targets->members.cgroup;
	struct error err;

	if (cgroup_look(cgroup)) {
		if (probe_set_cgroup(gather->intake.probe, cgroup->fd, &err))
			fprintf(stderr, "ftrace: %s\n", err.text);
		gather->scan = true;
	}
	if (gather->found.count || (!gather->scan && now - gather->scanned < SCAN))
		return 0;
	gather->scan = false;
	gather->scanned = now;
	return cgroup_pids(cgroup, &gather->found);
}

static int begin_reading(struct gather *gather, pid_t pid, int fd)
{
	const struct intake *intake = &gather->intake;
	struct targets *targets = intake->targets;
	struct error err = {0};
	bool passed = targets_knows(targets, fd);
	int ret = 0;

	free(gather->name);
	gather->name = procfs_exe(pid);
	if (!passed && targets->plan->nimages == FT_MAX_IMAGES) {
		if (!gather->full)
			say(gather,
			    "not looked at, nor what comes later: one run traces 64 executables",
			    "");
		gather->full = passed = true;
	}
	if (passed) {
		close(fd);
	} else {
		ret = beside_begin(&gather->beside, intake->opt, fd, name_of(gather),
				   targets_room(targets), &err);
		if (ret && ret != -ENOMEM)
			say(gather, "not traced: ", err.text);
	}
	return ret == -ENOMEM ? ret : 0;
}

/* Begins with the next executable that has not been looked at. */
static int read_next(struct gather *gather)
{
	int ret = 0, fd;

	while (!ret && gather->next < gather->found.count && !beside_busy(&gather->beside)) {
		pid_t pid = gather->found.pids[gather->next++];

		ret = members_look(&gather->intake.targets->members, pid, &fd);
		if (ret > 0)
			ret = begin_reading(gather, pid, fd);
	}
	if (gather->next == gather->found.count)
		gather->next = gather->found.count = 0;
	return ret;
}

/* What became of the reading. What is no Go program is passed over. */
static int read_over(struct gather *gather)
{
	struct beside *beside = &gather->beside;
	struct targets *targets = gather->intake.targets;
	uint32_t image;
	int ret = beside->ret;

	if (ret) {
		if (beside->opened || ret == -ETIME || ret == -EFBIG)
			say(gather, "not traced: ", beside->err.text);
		return 0;
	}
	ret = intake_take(&gather->intake, beside->plan, &image, &beside->err);
	if (ret < 0)
		return ret;
	if (!ret) {
		say(gather, "runs in the control group; traced from now on", "");
		if (!gather->intake.opt->quiet)
			targets_say_unread(targets, image);
	} else if (beside->err.code != -EINTR) {
		say(gather, "not traced: ", beside->err.text);
	}
	return 0;
}

int gather_look(struct gather *gather, uint64_t now)
{
	struct beside *beside = &gather->beside;
	int ret = 0;

	if (!is_on(gather))
		return 0;
	ret = look_around(gather, now);
	if (!ret && beside_busy(beside)) {
		ret = beside_look(beside);
		if (ret < 0) {
			reading_limit_say(name_of(gather), ret, &beside->err);
			say(gather, "tracing ends: ", beside->err.text);
			return 1;
		}
		if (ret > 0)
			ret = read_over(gather);
	}
	return ret ? ret : read_next(gather);
}

uint64_t gather_wait(const struct gather *gather)
{
	return beside_busy(&gather->beside) ? LOOK_BUSY : LOOK_IDLE;
}

bool gather_end(struct gather *gather)
{
	pid_list_release(&gather->found);
	free(gather->name);
	return beside_end(&gather->beside);
}
