/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* F_SETLEASE */
#include "cli/follow.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/session_state.h"

#define LOOK_EVERY 20000000ull
/* What nobody has written to for so long, where the system cannot tell, is complete. */
#define SETTLED 500000000ull

static bool is_followed(const struct session *s)
{
	return s->opt->binary && !s->opt->exec && !s->opt->list;
}

static bool differs(const struct stat *a, const struct stat *b)
{
	return a->st_dev != b->st_dev || a->st_ino != b->st_ino || a->st_size != b->st_size ||
	       a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

/* Where there are no leases, overwriting is seen afterwards: then nothing may be read from the file. */
static void guard(const struct session *s, uint32_t image)
{
	struct image *img = s->targets->plan->images[image].image;

	if (fcntl(image_fd(img), F_SETLEASE, F_RDLCK))
		image_keep(img);
}

void follow_begin(struct session *s)
{
	const struct plan *plan = s->targets->plan;

	if (!is_followed(s))
		return;
	/* Leases are looked at, never waited for. */
	signal(SIGIO, SIG_IGN);
	fstat(image_fd(plan->images[0].image), &s->follow.known);
	s->follow.seen = s->follow.known;
	for (uint32_t i = 0; i < plan->nimages; i++)
		guard(s, i);
}

/* Somebody waits to write to the file: its probes go first. */
static void give_way(struct session *s, uint32_t image)
{
	targets_forget(s->targets, image);
	probe_drop(s->probe, image);
	fcntl(image_fd(s->targets->plan->images[image].image), F_SETLEASE, F_UNLCK);
}

static void look_at_leases(struct session *s)
{
	const struct plan *plan = s->targets->plan;

	for (uint32_t i = 0; i < plan->nimages; i++) {
		int fd = image_fd(plan->images[i].image);

		if (s->targets->overwritten[i])
			continue;
		/* One that was never granted reads the same, but then nobody waits. */
		if (fcntl(fd, F_GETLEASE) == F_UNLCK && fcntl(fd, F_SETLEASE, F_RDLCK) &&
		    errno == EAGAIN)
			give_way(s, i);
	}
}

/* The same file, with other contents: its probes are where they do not belong. */
static void forget_overwritten(struct session *s, const struct stat *now)
{
	const struct plan *plan = s->targets->plan;

	for (uint32_t i = 0; i < plan->nimages; i++) {
		struct stat st;

		/* The two are stat()s of one mount's path. */
		if (!fstat(image_fd(plan->images[i].image), &st) && st.st_dev == now->st_dev &&
		    st.st_ino == now->st_ino && !s->targets->overwritten[i] &&
		    differs(now, &s->follow.known) && s->follow.known.st_ino == now->st_ino)
			give_way(s, i);
	}
}

static void say(struct session *s, const char *what, const char *more)
{
	status_clear(&s->watch);
	fprintf(stderr, "ftrace: %s: replaced by %s%s\n", s->targets->path, what, more);
}

/* The new file is in the plan: everything that goes by the plan's functions grows. */
static int take_in(struct session *s, uint32_t image)
{
	struct error err = {0};
	int ret = s->ops->more ? s->ops->more(s->sink) : 0;

	if (!ret && s->stats)
		ret = stats_grow(s->stats);
	if (ret)
		return ret;
	if (probe_add(s->probe, image, &err)) {
		say(s, "a new build, which cannot be probed: ", err.text);
		return 0;
	}
	guard(s, image);
	if (!s->opt->quiet)
		say(s, "a new build; following it", "");
	return 0;
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
	if (ret == -EBUSY || ret == -ENOENT || (ret < 0 && !settled))
		return 0;
	follow->known = *now;
	if (ret < 0)
		say(s, "a file that is not traced: ", err.text);
	return 0;
}

int follow_look(struct session *s, uint64_t time)
{
	struct follow *follow = &s->follow;
	struct stat now;

	if (!is_followed(s) || time - follow->looked < LOOK_EVERY)
		return 0;
	follow->looked = time;
	look_at_leases(s);
	if (beside_busy(&follow->beside))
		return look_beside(s);
	if (stat(s->targets->path, &now) || !differs(&now, &follow->known))
		return 0;
	if (differs(&now, &follow->seen)) {
		follow->seen = now;
		follow->since = time;
	}
	forget_overwritten(s, &now);
	return begin_reading(s, &now, time - follow->since >= SETTLED);
}

bool follow_end(struct session *s)
{
	return beside_end(&s->follow.beside);
}
