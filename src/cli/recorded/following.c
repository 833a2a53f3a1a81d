/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/recorded/following.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/claim.h"

#define WAIT_MS 100

static volatile sig_atomic_t asked;

static void on_signal(int signal)
{
	(void)signal;
	asked = 1;
}

/* The second one ends it at once. */
static void answer_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND};

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

static bool is_replaced(const struct following *following, const struct stat *own)
{
	struct stat named;

	return stat(following->name, &named) || named.st_dev != own->st_dev ||
	       named.st_ino != own->st_ino;
}

/* Whether it was written to since this was asked before. */
static bool has_changed(struct following *following, const struct stat *st)
{
	bool changed = st->st_mtim.tv_sec != following->changed.tv_sec ||
		       st->st_mtim.tv_nsec != following->changed.tv_nsec;

	following->changed = st->st_mtim;
	return changed;
}

/* The claim is looked at first: what its owner wrote at the end is there when it has gone. */
static enum following_end look(struct following *following, bool anew, bool *more)
{
	bool claimed = claim_is_taken(following->fd);
	off_t at = anew ? 0 : lseek(following->fd, 0, SEEK_CUR);
	struct stat st;

	if (fstat(following->fd, &st))
		return FOLLOWING_GONE;
	/* As long as nothing was read, its recorder may not have begun. */
	if (st.st_size < at || (anew && !st.st_size))
		return FOLLOWING_CUT;
	*more = anew ? has_changed(following, &st) : st.st_size > at;
	/* Two changes within a tick of the clock of files look like one. */
	if (following->claimed && !claimed && !following->left) {
		following->left = true;
		*more = true;
	}
	following->claimed |= claimed;
	if (*more || claimed)
		return FOLLOWING_NOT_ENDED;
	if (following->claimed)
		return FOLLOWING_GONE;
	return is_replaced(following, &st) ? FOLLOWING_REPLACED : FOLLOWING_NOT_ENDED;
}

static void say_waiting(struct following *following)
{
	if (following->said || following->claimed || following->quiet)
		return;
	following->said = true;
	fprintf(stderr,
		"ftrace: %s: no recorder of this machine has it open; waiting for more, Ctrl-C ends\n",
		following->name);
}

static int on_more(void *arg, bool anew)
{
	struct following *following = arg;
	int ret = outlet_flush(following->outlet);
	bool more = false;

	if (ret)
		return ret;
	if (!following->file)
		return 1;
	if (!following->follows)
		return 0;
	for (;;) {
		following->end = asked ? FOLLOWING_ASKED : look(following, anew, &more);
		if (following->end != FOLLOWING_NOT_ENDED)
			return following->end == FOLLOWING_ASKED ? -EINTR : 0;
		if (more)
			return 1;
		say_waiting(following);
		poll(NULL, 0, WAIT_MS);
	}
}

void following_init(struct following *following, int fd, const char *name, struct outlet *outlet,
		    bool follows, bool quiet)
{
	struct stat st;

	*following = (struct following){
		.wait = {on_more, following},
		.name = name,
		.fd = fd,
		.file = !fstat(fd, &st) && S_ISREG(st.st_mode),
		.follows = follows,
		.quiet = quiet,
		.outlet = outlet,
	};
	if (follows && following->file)
		answer_signals();
}

bool following_say(const struct following *following)
{
	static const char *const words[FOLLOWING_ENDS] = {
		[FOLLOWING_CUT] = "it was cut while it was followed; report it again",
		[FOLLOWING_REPLACED] = "another file has its name now, and nobody writes this one; "
				       "report it again",
	};

	if (words[following->end])
		fprintf(stderr, "ftrace: %s: %s\n", following->name, words[following->end]);
	return words[following->end];
}
