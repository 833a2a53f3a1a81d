/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* pipe2, gettid */
#include "cli/reading/watched.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cli/run/signals.h"

/* How often the limit is looked at: a reader can take some 30 MB meanwhile. */
#define LOOK_MS 10

void watched_file(struct watched *watched, const char *name)
{
	char *copy = strdup(name);

	pthread_mutex_lock(&watched->lock);
	free(watched->name);
	watched->name = copy;
	reading_limit_begin(&watched->limit, getpid(), gettid());
	pthread_mutex_unlock(&watched->lock);
}

void watched_pause(struct watched *watched)
{
	pthread_mutex_lock(&watched->lock);
	watched->paused = true;
	pthread_mutex_unlock(&watched->lock);
}

void watched_resume(struct watched *watched)
{
	pthread_mutex_lock(&watched->lock);
	watched->paused = false;
	reading_limit_begin(&watched->limit, getpid(), gettid());
	pthread_mutex_unlock(&watched->lock);
}

static void *thread(void *arg)
{
	struct watched *watched = arg;

	watched->ret = watched->work(watched, watched->arg, &watched->err);
	close(watched->done[1]);
	return NULL;
}

static const char *name_of(const struct watched *watched)
{
	return watched->name ? watched->name : "the executable";
}

static int look(struct watched *watched, int signals, struct error *err)
{
	struct signalfd_siginfo info;
	int ret;

	if (read(signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		watched->signal = (int)info.ssi_signo;
		ret = error_set(err, -EINTR, "%s: interrupted while it was read; nothing was done",
				name_of(watched));
	} else {
		ret = watched->paused ? 0 : reading_limit_check(&watched->limit);
		if (ret)
			reading_limit_say(name_of(watched), ret, err);
	}
	return ret;
}

static int wait_for(struct watched *watched, int signals, struct error *err)
{
	struct pollfd polls[] = {
		{.fd = watched->done[0], .events = POLLIN},
		{.fd = signals, .events = POLLIN},
	};
	int ret = 0;

	while (!ret) {
		poll(polls, 2, LOOK_MS);
		if (polls[0].revents)
			return 0;
		pthread_mutex_lock(&watched->lock);
		ret = look(watched, signals, err);
		pthread_mutex_unlock(&watched->lock);
	}
	return ret;
}

static int start(struct watched *watched, pthread_t *id, int *signals, const sigset_t *mask)
{
	int ret;

	if (pipe2(watched->done, O_CLOEXEC))
		return -errno;
	*signals = signalfd(-1, mask, SFD_CLOEXEC | SFD_NONBLOCK);
	ret = *signals < 0 ? -errno : -pthread_create(id, NULL, thread, watched);
	if (!ret)
		return 0;
	if (*signals >= 0)
		close(*signals);
	close(watched->done[0]);
	close(watched->done[1]);
	return ret;
}

int watched_run(struct watched *watched, bool *running, struct error *err)
{
	sigset_t mask, before;
	int signals = -1, ret;
	pthread_t id = {0};

	pthread_mutex_init(&watched->lock, NULL);
	reading_limit_begin(&watched->limit, getpid(), getpid());
	sigemptyset(&mask);
	signals_heard(&mask);
	sigdelset(&mask, SIGCHLD);
	/* The thread inherits it: what comes is for the one that waits. */
	pthread_sigmask(SIG_BLOCK, &mask, &before);
	*running = false;
	ret = start(watched, &id, &signals, &mask);
	if (ret) {
		error_set(err, ret, "a thread: %s; close something", strerror(-ret));
		goto unblock;
	}
	ret = wait_for(watched, signals, err);
	close(signals);
	if (ret) {
		*running = true;
		goto unblock;
	}
	pthread_join(id, NULL);
	close(watched->done[0]);
	free(watched->name);
	watched->name = NULL;
	pthread_mutex_destroy(&watched->lock);
	*err = watched->err;
	ret = watched->ret;
unblock:
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return ret;
}
