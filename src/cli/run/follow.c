/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/follow.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/options/options.h"
#include "cli/run/status.h"
#include "cli/target/target.h"
#include "probe/probe.h"
#include "trace/plan_catalog.h"

/* ns: at first and while a new file is on its way, and else. */
#define LOOK_BUSY 20000000ull
#define LOOK_IDLE 100000000ull
/* What nobody has written to for so long is complete. */
#define SETTLED 500000000ull

static bool is_followed(const struct follow *follow)
{
	return follow->config.opt->binary && !follow->config.opt->exec;
}

static bool differs(const struct stat *a, const struct stat *b)
{
	return a->st_dev != b->st_dev || a->st_ino != b->st_ino || a->st_size != b->st_size ||
	       a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

static void say(const struct follow *follow, const char *what, const char *more)
{
	status_clear(follow->config.status);
	fprintf(stderr, "ftrace: %s: replaced by %s%s\n", follow->config.targets->path, what, more);
}

void follow_begin(struct follow *follow, const struct intake *config)
{
	*follow = (struct follow){.config = *config};
	if (!is_followed(follow))
		return;
	fstat(image_fd(config->targets->plan->images[0].image), &follow->known);
	follow->seen = follow->known;
}

/* The files may change at any time: what may be asked of them later is read now. It takes a while, so tracing
 * begins first. */
static void keep_images(struct follow *follow)
{
	const struct plan *plan = follow->config.targets->plan;

	if (follow->kept)
		return;
	follow->kept = true;
	for (uint32_t i = 0; i < plan->nimages; i++)
		image_keep(plan->images[i].image);
}

/* The same file, with other contents: its probes are where they do not belong. Those of the kernel's the keeper has
 * taken off by itself, if it could be told of it. */
static void forget_overwritten(struct follow *follow)
{
	struct targets *targets = follow->config.targets;
	const struct plan *plan = targets->plan;

	for (uint32_t i = 0; i < plan->nimages; i++) {
		if (targets->overwritten[i] || image_is_current(plan->images[i].image))
			continue;
		targets_forget(targets, i);
		probe_drop(follow->config.probe, i);
		if (is_followed(follow))
			continue;
		status_clear(follow->config.status);
		fprintf(stderr,
			"ftrace: %s: overwritten while it was traced; its probes are gone\n",
			image_info(plan->images[i].image)->path);
	}
}

/* The new file takes its place beside the old one. */
static int take_in(struct follow *follow)
{
	struct error err = {0};
	struct buf notes = {0};
	uint32_t image;
	int ret = intake_take(&follow->config, follow->beside.plan, &image, &err);

	if (ret < 0)
		return ret;
	/* Written to again meanwhile: it is looked at again. */
	if (ret && err.code == -EBUSY) {
		follow->known = (struct stat){0};
	} else if (ret && err.code != -EINTR) {
		say(follow, "a file that is not traced: ", err.text);
	} else if (!ret && !follow->config.opt->quiet) {
		say(follow, "a new build; following it", "");
		targets_say_unread(follow->config.targets, image);
		plan_check_later(follow->config.targets->plan, (uint8_t)image,
				 &follow->config.opt->selection, &notes);
		fputs(buf_str(&notes), stderr);
		buf_release(&notes);
	}
	return 0;
}

/* Whether what was read is the file, and all of it. */
static bool is_whole(const struct plan *plan, bool settled)
{
	const struct image *img = plan->images[0].image;

	return image_is_current(img) && (settled || image_is_complete(img));
}

/* What became of the reading. */
static int read_over(struct follow *follow)
{
	struct beside *beside = &follow->beside;
	int ret = beside->ret;

	/* What is no program may not be complete yet. */
	if (ret && !beside->opened && !follow->settled && ret != -ETIME && ret != -EFBIG)
		return 0;
	if (ret == -EBUSY)
		return 0;
	if (!ret && !is_whole(beside->plan, follow->settled)) {
		plan_free(beside->plan);
		return 0;
	}
	follow->known = follow->read;
	if (!ret)
		return take_in(follow);
	say(follow, "a file that is not traced: ", beside->err.text);
	return 0;
}

static int look_beside(struct follow *follow)
{
	struct beside *beside = &follow->beside;
	int ret = beside_look(beside);

	if (!ret)
		return 0;
	if (ret < 0) {
		reading_limit_say(follow->config.targets->path, ret, &beside->err);
		say(follow,
		    "a file that has changed while it was read; tracing ends: ", beside->err.text);
		return 1;
	}
	return read_over(follow);
}

static int begin_reading(struct follow *follow, const struct stat *now, bool settled)
{
	struct targets *targets = follow->config.targets;
	struct error err = {0};
	int fd, ret = targets_look(targets, &fd, &err);

	if (ret > 0) {
		follow->read = *now;
		follow->settled = settled;
		ret = beside_begin(&follow->beside, follow->config.opt, fd, targets->path,
				   targets_room(targets), &err);
		return ret == -ENOMEM ? ret : 0;
	}
	if (ret == -ENOENT || (ret < 0 && !settled))
		return 0;
	follow->known = *now;
	if (ret < 0)
		say(follow, "a file that is not traced: ", err.text);
	return 0;
}

uint64_t follow_wait(const struct follow *follow)
{
	bool busy = !follow->kept || beside_busy(&follow->beside) ||
		    differs(&follow->seen, &follow->known);

	return busy ? LOOK_BUSY : LOOK_IDLE;
}

int follow_look(struct follow *follow, uint64_t now)
{
	const struct targets *targets = follow->config.targets;
	struct stat file;

	keep_images(follow);
	forget_overwritten(follow);
	if (!is_followed(follow))
		return 0;
	if (beside_busy(&follow->beside))
		return look_beside(follow);
	if (stat(targets->path, &file) || !differs(&file, &follow->known))
		return 0;
	if (differs(&file, &follow->seen)) {
		follow->seen = file;
		follow->since = now;
	}
	return begin_reading(follow, &file, now - follow->since >= SETTLED);
}

bool follow_end(struct follow *follow)
{
	return beside_end(&follow->beside);
}
