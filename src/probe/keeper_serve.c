/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "base/capabilities.h"
#include "probe/keeper_serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* How often to tell how far it is: a person reads it. */
#define TELL_EVERY 100000000

struct serving {
	int fd;
	struct keeper_links links;
	struct timespec told;
};

static int answer(struct serving *s, int code, uint64_t value)
{
	const struct keeper_answer a = {.kind = KEEPER_DONE, .code = code, .value = value};

	return keeper_send(s->fd, &a, sizeof(a));
}

/* Nobody waits any more: what was attached so far is not wanted. */
static bool is_left(const struct serving *s)
{
	char byte;

	return recv(s->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static bool go_on(void *arg, size_t sites)
{
	struct serving *s = arg;
	const struct keeper_answer a = {.kind = KEEPER_PROGRESS, .value = sites};
	struct timespec now;
	int64_t since;

	if (is_left(s))
		return false;
	clock_gettime(CLOCK_MONOTONIC, &now);
	since = (now.tv_sec - s->told.tv_sec) * 1000000000LL + now.tv_nsec - s->told.tv_nsec;
	if (since >= TELL_EVERY) {
		s->told = now;
		/* Who does not read it misses nothing. */
		(void)!send(s->fd, &a, sizeof(a), MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	return true;
}

/* The request and the descriptors that came with it. */
static int receive(int fd, struct keeper_request *request, int files[2])
{
	char control[CMSG_SPACE(2 * sizeof(int))];
	struct iovec part = {.iov_base = request, .iov_len = sizeof(*request)};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head;
	ssize_t n;

	files[0] = files[1] = -1;
	do
		n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n ? -errno : -EPIPE;
	head = CMSG_FIRSTHDR(&message);
	if (head && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(2 * sizeof(int)))
		memcpy(files, CMSG_DATA(head), 2 * sizeof(int));
	return keeper_receive(fd, (char *)request + n, sizeof(*request) - (size_t)n);
}

static int attach(struct serving *s, const struct keeper_request *request, const int files[2],
		  const struct keeper_site *sites)
{
	const struct keeper_work work = {
		.program = files[0],
		.file = files[1],
		.pid = request->pid,
		.multi = request->multi,
		.sites = sites,
		.count = request->count,
		.go_on = go_on,
		.arg = s,
	};
	uint32_t first = 0;
	int ret;

	/* Links of uprobe_multi take none, and all are of one kind (bpf_uprobe_multi_link_attach()). */
	if (work.multi)
		(void)capabilities_keep(0);
	pthread_mutex_lock(&s->links.lock);
	ret = keeper_links_add(&s->links, &work, &first);
	pthread_mutex_unlock(&s->links.lock);
	return answer(s, ret, first);
}

static int detach(struct serving *s, const uint32_t *numbers, uint32_t count)
{
	pthread_mutex_lock(&s->links.lock);
	if (count)
		keeper_links_drop(&s->links, numbers, count, go_on, s);
	else
		keeper_links_release(&s->links, go_on, s);
	pthread_mutex_unlock(&s->links.lock);
	return answer(s, 0, 0);
}

static int serve_one(struct serving *s, const struct keeper_request *request, const int files[2])
{
	size_t each = request->op == KEEPER_ATTACH ? sizeof(struct keeper_site) : sizeof(uint32_t);
	void *items = calloc(request->count ? request->count : 1, each);
	int ret = items ? keeper_receive(s->fd, items, request->count * each) : -ENOMEM;

	clock_gettime(CLOCK_MONOTONIC, &s->told);
	if (!ret)
		switch (request->op) {
		case KEEPER_ATTACH:
			ret = attach(s, request, files, items);
			break;
		case KEEPER_DETACH:
			ret = detach(s, items, request->count);
			break;
		case KEEPER_PID:
			ret = answer(s, 0,
				     (uint64_t)keeper_links_pid(&s->links, *(uint32_t *)items));
			break;
		default:
			ret = -EINVAL;
		}
	free(items);
	return ret;
}

void keeper_serve(int fd, pid_t of)
{
	struct serving s = {
		.fd = keeper_apart(fd, of),
		.links.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	struct keeper_request request;
	int files[2], ret = answer(&s, 0, (uint64_t)getpid());

	keeper_changes_begin(&s.links);
	/* For probes that are perf events (perf_uprobe_event_init()); it is as well without where they are refused. */
	(void)capabilities_keep(CAPABILITY(CAP_BPF) | CAPABILITY(CAP_PERFMON) |
				CAPABILITY(CAP_SYS_ADMIN));
	while (!ret && !receive(s.fd, &request, files)) {
		ret = serve_one(&s, &request, files);
		for (int i = 0; i < 2; i++)
			if (files[i] >= 0)
				close(files[i]);
	}
	pthread_mutex_lock(&s.links.lock);
	keeper_links_release(&s.links, NULL, NULL);
	_exit(0);
}
