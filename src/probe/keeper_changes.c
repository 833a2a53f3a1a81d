/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* F_DUPFD_CLOEXEC, SCHED_RESET_ON_FORK */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/capabilities.h"
#include "base/vec.h"
#include "probe/keeper_serve.h"

/* A file with probes. */
struct watched {
	int wd; /* inotify's name for it */
	int fd;
};

struct keeper_changes {
	struct keeper_links *links;
	int told; /* inotify: of writes */
	int gate; /* fanotify: for programs to be started; -1 without leave for it */
	pthread_mutex_t lock; /* of the list; never held while anything is waited for */
	struct watched *files;
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
	struct watched *slot = NULL;
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
		*slot = (struct watched){.wd = wd, .fd = fcntl(file, F_DUPFD_CLOEXEC, 3)};
	pthread_mutex_unlock(&c->lock);
	return wd;
}

static void shut_gate(const struct keeper_changes *c, int fd, bool shut)
{
	if (c->gate >= 0 && fd >= 0)
		fanotify_mark(c->gate, shut ? FAN_MARK_ADD : FAN_MARK_REMOVE, FAN_OPEN_EXEC_PERM, fd,
			      NULL);
}

/* Whoever has come to the gate goes on. */
static void let_pass(struct keeper_changes *c)
{
	struct fanotify_event_metadata events[64];
	ssize_t n = 0;

	while (c->gate >= 0 && (n = read(c->gate, events, sizeof(events))) > 0) {
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
	if (c->gate >= 0 && (!n || errno != EAGAIN)) {
		close(c->gate); /* which lets all pass, and for good */
		c->gate = -1;
	}
}

static void drop_file(struct keeper_changes *c, int wd)
{
	struct keeper_links *links = c->links;
	uint32_t *numbers;
	size_t count = 0;
	int fd;

	/* First of all, and without waiting for what else is being attached. */
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->nfiles; i++)
		if (c->files[i].wd == wd)
			shut_gate(c, c->files[i].fd, true);
	pthread_mutex_unlock(&c->lock);
	pthread_mutex_lock(&links->lock);
	numbers = calloc(links->count + 1, sizeof(*numbers));
	for (size_t i = 0; numbers && i < links->count; i++)
		if (links->held[i].file == wd && links->held[i].link >= 0)
			numbers[count++] = (uint32_t)i;
	fd = forget(c, wd);
	if (count)
		keeper_links_drop(links, numbers, count, NULL, NULL);
	pthread_mutex_unlock(&links->lock);
	free(numbers);
	shut_gate(c, fd, false);
	let_pass(c);
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
	/* Of whom is at the gate the kernel opens the file, in our name; what it may not open, it would refuse to start. */
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

void keeper_changes_begin(struct keeper_links *links)
{
	struct keeper_changes *c = calloc(1, sizeof(*c));
	pthread_t thread;

	if (!c)
		return;
	*c = (struct keeper_changes){
		.links = links,
		.told = inotify_init1(IN_CLOEXEC),
		.gate = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK,
				      O_RDONLY | O_CLOEXEC | O_LARGEFILE),
	};
	pthread_mutex_init(&c->lock, NULL);
	if (c->told < 0 || pthread_create(&thread, NULL, listen_on, c)) {
		if (c->gate >= 0)
			close(c->gate);
		if (c->told >= 0)
			close(c->told);
		free(c);
		return;
	}
	pthread_detach(thread);
	links->changes = c;
}
