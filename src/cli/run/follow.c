/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/follow.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/run/session_state.h"
#include "trace/plan_catalog.h"

/* ns: while a new file is on its way, and else. */
#define LOOK_BUSY 20000000ull
#define LOOK_IDLE 100000000ull
/* What nobody has written to for so long is complete. */
#define SETTLED 500000000ull

static bool is_followed(const struct session *s)
{
	return s->opt->binary && !s->opt->exec;
}

static bool differs(const struct stat *a, const struct stat *b)
{
	return a->st_dev != b->st_dev || a->st_ino != b->st_ino || a->st_size != b->st_size ||
	       a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

static void say(struct session *s, const char *what, const char *more)
{
	status_clear(&s->watch);
	fprintf(stderr, "ftrace: %s: replaced by %s%s\n", s->targets->path, what, more);
}

void follow_begin(struct session *s)
{
	const struct plan *plan = s->targets->plan;

	/* From now on the files may change at any time. */
	for (uint32_t i = 0; i < plan->nimages; i++)
		image_keep(plan->images[i].image);
	fstat(image_fd(plan->images[0].image), &s->follow.known);
	s->follow.seen = s->follow.known;
}

/* The same file, with other contents: its probes are where they do not belong. Those of the kernel's the keeper has
 * taken off by itself, if it could be told of it. */
static bool forget_overwritten(struct session *s)
{
	const struct plan *plan = s->targets->plan;
	bool any = false;

	for (uint32_t i = 0; i < plan->nimages; i++) {
		if (s->targets->overwritten[i] || image_is_current(plan->images[i].image))
			continue;
		targets_forget(s->targets, i);
		probe_drop(s->probe, i);
		any = true;
	}
	return any;
}

/* The new file is in the plan: everything that goes by the plan's functions grows. */
static int take_in(struct session *s, uint32_t image)
{
	struct error err = {0};
	int ret = plan_catalog(s->targets->plan, &s->catalog);

	if (ret)
		return ret;
	ret = probe_add(s->probe, image, &err);
	/* Asked to end. */
	if (ret == -EINTR)
		return 0;
	/* Written to again meanwhile: it is looked at again. */
	if (ret == -EBUSY) {
		s->follow.known = (struct stat){0};
		return 0;
	}
	if (ret) {
		say(s, "a new build, which cannot be probed: ", err.text);
		return 0;
	}
	if (!s->opt->quiet) {
		say(s, "a new build; following it", "");
		targets_say_unread(s->targets, image);
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
static int read_over(struct session *s)
{
	struct follow *follow = &s->follow;
	struct beside *beside = &follow->beside;
	uint32_t image;
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
		ret = targets_adopt(s->targets, beside->plan, &image, &beside->err);
	if (!ret)
		return take_in(s, image);
	say(s, "a file that is not traced: ", beside->err.text);
	return 0;
}

static int look_beside(struct session *s)
{
	struct beside *beside = &s->follow.beside;
	int ret = beside_look(beside);

	if (!ret)
		return 0;
	if (ret < 0) {
		reading_limit_say(s->targets->path, ret, &beside->err);
		say(s,
		    "a file that has changed while it was read; tracing ends: ", beside->err.text);
		s->over = true;
		return 0;
	}
	return read_over(s);
}

static int begin_reading(struct session *s, const struct stat *now, bool settled)
{
	struct follow *follow = &s->follow;
	struct error err = {0};
	int fd, ret = targets_look(s->targets, &fd, &err);

	if (ret > 0) {
		follow->read = *now;
		follow->settled = settled;
		ret = beside_begin(&follow->beside, s->opt, fd, s->targets->path,
				   targets_room(s->targets), &err);
		return ret == -ENOMEM ? ret : 0;
	}
	if (ret == -ENOENT || (ret < 0 && !settled))
		return 0;
	follow->known = *now;
	if (ret < 0)
		say(s, "a file that is not traced: ", err.text);
	return 0;
}

uint64_t follow_wait(const struct session *s)
{
	const struct follow *follow = &s->follow;
	bool busy = beside_busy(&follow->beside) || differs(&follow->seen, &follow->known);

	return busy ? LOOK_BUSY : LOOK_IDLE;
}

int follow_look(struct session *s, uint64_t time)
{
	struct follow *follow = &s->follow;
	struct stat now;

	if (time - follow->looked < follow_wait(s))
		return 0;
	follow->looked = time;
	if (forget_overwritten(s) && !is_followed(s)) {
		status_clear(&s->watch);
		fprintf(stderr,
			"ftrace: %s: overwritten while it was traced; its probes are gone\n",
			image_info(s->targets->plan->images[0].image)->path);
	}
	if (!is_followed(s))
		return 0;
	if (beside_busy(&follow->beside))
		return look_beside(s);
	if (stat(s->targets->path, &now) || !differs(&now, &follow->known))
		return 0;
	if (differs(&now, &follow->seen)) {
		follow->seen = now;
		follow->since = time;
	}
	return begin_reading(s, &now, time - follow->since >= SETTLED);
}

bool follow_end(struct session *s)
{
	return beside_end(&s->follow.beside);
}
