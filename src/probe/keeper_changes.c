/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC, SCHED_RESET_ON_FORK */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "base/capabilities.h"
#include "base/vec.h"
#include "probe/keeper_serve.h"

/* Nobody waits at the gate for longer than this without another probe having gone: the kernel waits for all sleepable
 * programs of the machine, of which one may wait for a page that never comes. */
#define GATE_SECONDS 30

/* A file with probes. */
struct watched_file {
	int wd; /* inotify's name for it */
	int fd;
};

struct keeper_changes {
	struct keeper_links *links;
	int told;             /* inotify: of writes */
	int gate;             /* fanotify: for programs to be started; -1 without leave for it */
	pthread_mutex_t lock; /* of all below; never held while anything is waited for */
	pthread_cond_t open;  /* `shut` is false again */
	bool shut;
	struct timespec until; /* at the latest, CLOCK_MONOTONIC */
	struct watched_file *files;
	size_t nfiles, capfiles;
};

/* Takes the file off the list: its descriptor, or -1. */
static int forget(struct keeper_changes *c, int wd)
{
	int fd = -1;

	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->nfiles; i++) {
		if (c->files[i].wd != wd)
			continue;
		fd = c->files[i].fd;
		c->files[i] = c->files[--c->nfiles];
		/* What is written after that concerns nobody. */
		inotify_rm_watch(c->told, wd);
		break;
	}
	pthread_mutex_unlock(&c->lock);
	return fd;
}

int keeper_changes_watch(struct keeper_changes *c, int file)
{
	struct watched_file *slot = NULL;
	bool known = false;
	char path[32];
	int wd;

	if (!c)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	pthread_mutex_lock(&c->lock);
	/* Cutting it short is told as a modification, too. */
	wd = inotify_add_watch(c->told, path, IN_MODIFY);
	for (size_t i = 0; i < c->nfiles; i++)
		known |= c->files[i].wd == wd;
	if (wd >= 0 && !known)
		slot = vec_push(&c->files, &c->nfiles, &c->capfiles);
	if (slot)
		*slot = (struct watched_file){.wd = wd, .fd = fcntl(file, F_DUPFD_CLOEXEC, 3)};
	pthread_mutex_unlock(&c->lock);
	return wd;
}

/* Probes are going. */
static bool keep_shut(void *arg, size_t sites)
{
	struct keeper_changes *c = arg;

	(void)sites;
	pthread_mutex_lock(&c->lock);
	clock_gettime(CLOCK_MONOTONIC, &c->until);
	c->until.tv_sec += GATE_SECONDS;
	pthread_mutex_unlock(&c->lock);
	return true;
}

/* With the lock held. */
static void shut_gate(struct keeper_changes *c, int fd)
{
	if (c->gate < 0)
		return;
	c->shut = true;
	fanotify_mark(c->gate, FAN_MARK_ADD, FAN_OPEN_EXEC_PERM, fd, NULL);
}

static void open_gate(struct keeper_changes *c, int fd)
{
	pthread_mutex_lock(&c->lock);
	if (c->gate >= 0 && fd >= 0)
		fanotify_mark(c->gate, FAN_MARK_REMOVE, FAN_OPEN_EXEC_PERM, fd, NULL);
	c->shut = false;
	pthread_cond_signal(&c->open);
	pthread_mutex_unlock(&c->lock);
}

/* Whoever has come to the gate goes on. False when nobody can be asked about any more. */
static bool let_pass(const struct keeper_changes *c)
{
	struct fanotify_event_metadata events[64];
	ssize_t n;

	while ((n = read(c->gate, events, sizeof(events))) > 0) {
		const struct fanotify_event_metadata *event = events;

		for (; FAN_EVENT_OK(event, n); event = FAN_EVENT_NEXT(event, n)) {
			const struct fanotify_response answer = {.fd = event->fd,
								 .response = FAN_ALLOW};

			if (event->fd < 0)
				continue;
			(void)!write(c->gate, &answer, sizeof(answer));
			close(event->fd);
		}
	}
	return n && errno == EAGAIN;
}

static bool is_past(const struct timespec *time)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec != time->tv_sec ? now.tv_sec > time->tv_sec
					  : now.tv_nsec >= time->tv_nsec;
}

/* Stands at the gate all the time: somebody may have come just as it was opened. */
static void *stand_at_gate(void *arg)
{
	struct keeper_changes *c = arg;
	struct pollfd come = {.fd = c->gate, .events = POLLIN};

	/* Of whom is at the gate the kernel opens the file, in our name; what it may not open, it would refuse to start. */
	(void)capabilities_keep(CAPABILITY(CAP_DAC_READ_SEARCH));
	for (;;) {
		if (poll(&come, 1, -1) < 0)
			continue;
		pthread_mutex_lock(&c->lock);
		while (c->shut && !is_past(&c->until))
			pthread_cond_timedwait(&c->open, &c->lock, &c->until);
		pthread_mutex_unlock(&c->lock);
		if (!let_pass(c))
			break;
	}
	pthread_mutex_lock(&c->lock);
	close(c->gate); /* which lets all pass, and for good */
	c->gate = -1;
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void drop_file(struct keeper_changes *c, int wd)
{
	struct keeper_links *links = c->links;
	uint32_t *numbers;
	size_t count = 0;
	int fd;

	/* First of all, and without waiting for what else is being attached. */
	keep_shut(c, 0);
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->nfiles; i++)
		if (c->files[i].wd == wd)
			shut_gate(c, c->files[i].fd);
	pthread_mutex_unlock(&c->lock);
	pthread_mutex_lock(&links->lock);
	keep_shut(c, 0);
	numbers = calloc(links->count + 1, sizeof(*numbers));
	for (size_t i = 0; numbers && i < links->count; i++)
		if (links->held[i].file == wd && links->held[i].link >= 0)
			numbers[count++] = (uint32_t)i;
	fd = forget(c, wd);
	if (count)
		keeper_links_drop(links, numbers, count, keep_shut, c);
	pthread_mutex_unlock(&links->lock);
	free(numbers);
	open_gate(c, fd);
	if (fd >= 0)
		close(fd);
}

static void *listen_on(void *arg)
{
	/* It sleeps until a file is written to, and then has to be there before the file is closed. */
	const struct sched_param soon = {.sched_priority = 1};
	_Alignas(struct inotify_event) char bytes[4096];
	struct keeper_changes *c = arg;
	ssize_t n;

	sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &soon);
	/* For marks on files of anybody's. */
	(void)capabilities_keep(CAPABILITY(CAP_DAC_READ_SEARCH));
	while ((n = read(c->told, bytes, sizeof(bytes))) > 0 || (n < 0 && errno == EINTR))
		for (const char *at = bytes; at < bytes + n;) {
			const struct inotify_event *event = (const void *)at;

			at += sizeof(*event) + event->len;
			if (event->mask & IN_MODIFY)
				drop_file(c, event->wd);
		}
	return NULL;
}

static bool begin_thread(struct keeper_changes *c, void *(*run)(void *arg))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, c))
		return false;
	pthread_detach(thread);
	return true;
}

static void begin_gate(struct keeper_changes *c)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&c->open, &monotonic);
	pthread_condattr_destroy(&monotonic);
	c->gate = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK,
				O_RDONLY | O_CLOEXEC | O_LARGEFILE);
	if (c->gate >= 0 && !begin_thread(c, stand_at_gate)) {
		close(c->gate);
		c->gate = -1;
	}
}

void keeper_changes_begin(struct keeper_links *links)
{
	struct keeper_changes *c = calloc(1, sizeof(*c));

	if (!c)
		return;
	c->links = links;
	c->told = inotify_init1(IN_CLOEXEC);
	pthread_mutex_init(&c->lock, NULL);
	if (c->told < 0) {
		free(c);
		return;
	}
	begin_gate(c);
	if (begin_thread(c, listen_on)) {
		links->changes = c;
		return;
	}
	/* Who stands at the gate has it for the rest of the time; nobody comes. */
	close(c->told);
	c->told = -1;
}
