/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include "probe/keeper.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/keeper_serve.h"
#include "probe/keeper_wire.h"

/* Sites of one message: a few pages. */
#define PART 512

struct keeper {
	int fd;
	pid_t pid;
	bool used; /* it was asked something */
	bool astray; /* an answer was not waited for, or it was told to end: no other question can be asked */
	bool left; /* that was the end of probes: nor is its end waited for */
	struct keeper_watch watch;
};

int keeper_start(struct keeper **keeper, struct error *err)
{
	struct keeper *k = calloc(1, sizeof(*k));
	int ends[2];
	pid_t pid, of = getpid();

	if (!k)
		return error_set(err, -ENOMEM, "out of memory; close something");
	k->watch.fd = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
		free(k);
		return error_set(err, -errno, "socket: %s; close something", strerror(errno));
	}
	pid = fork();
	if (pid < 0) {
		int code = -errno;

		close(ends[0]);
		close(ends[1]);
		free(k);
		return error_set(err, code, "fork: %s; end some process", strerror(-code));
	}
	if (!pid) {
		/* Forked once more, so that it is nobody's child. */
		setsid();
		if (!fork())
			keeper_serve(ends[1], of);
		_exit(0);
	}
	close(ends[1]);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	k->fd = ends[0];
	*keeper = k;
	return 0;
}

void keeper_set_watch(struct keeper *keeper, const struct keeper_watch *watch)
{
	keeper->watch = *watch;
}

pid_t keeper_pid(const struct keeper *keeper)
{
	return keeper->pid;
}

/* Waits until the keeper has something to say, or has died. 0, or -EINTR: no longer. */
static int await(struct keeper *k)
{
	struct pollfd polls[] = {
		{.fd = k->fd, .events = POLLIN},
		{.fd = k->watch.fd, .events = POLLIN},
	};

	for (;;) {
		polls[0].revents = polls[1].revents = 0;
		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (polls[0].revents)
			return 0;
		if (polls[1].revents && k->watch.stop && k->watch.stop(k->watch.arg))
			return -EINTR;
	}
}

static int next_answer(struct keeper *k, struct keeper_answer *answer)
{
	int ret = await(k);

	return ret ? ret : keeper_receive(k->fd, answer, sizeof(*answer));
}

/* The first thing that it says is who it is. */
static int greet(struct keeper *k)
{
	struct keeper_answer answer;
	int ret;

	if (k->pid)
		return 0;
	ret = next_answer(k, &answer);
	if (!ret)
		k->pid = (pid_t)answer.value;
	return ret;
}

int keeper_fd(struct keeper *keeper)
{
	/* Else it would be readable for the greeting, as long as nothing is attached. */
	if (!keeper->astray)
		greet(keeper);
	return keeper->astray ? -1 : keeper->fd;
}

/* It is to end as soon as it is done with what it was asked. */
static void dismiss(struct keeper *k)
{
	k->astray = true;
	shutdown(k->fd, SHUT_WR);
}

/* The last answer to what was asked. 0, -EINTR, -EPIPE, or the answer's code. */
static int hear(struct keeper *k, uint64_t *value)
{
	struct keeper_answer answer = {0};
	int ret;

	while (!(ret = next_answer(k, &answer)) && answer.kind == KEEPER_PROGRESS)
		if (k->watch.progress)
			k->watch.progress(k->watch.arg, answer.value);
	if (ret)
		dismiss(k);
	*value = answer.value;
	return ret ? ret : answer.code;
}

static int send_request(int fd, const struct keeper_request *request, const int *files,
			size_t count)
{
	char control[CMSG_SPACE(2 * sizeof(int))] = {0};
	struct iovec part = {.iov_base = (void *)request, .iov_len = sizeof(*request)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t n;

	if (count) {
		struct cmsghdr *head;

		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(head), files, count * sizeof(int));
	}
	do
		n = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? -EPIPE : -errno;
	/* The descriptors went with the first byte. */
	return keeper_send(fd, (const char *)request + n, sizeof(*request) - (size_t)n);
}

static int ask(struct keeper *k, const struct keeper_request *request, const int *files,
	       size_t count)
{
	int ret = k->astray ? -EINTR : greet(k);

	k->used = true;
	if (!ret)
		ret = send_request(k->fd, request, files, count);
	if (ret)
		k->astray = true;
	return ret;
}

int keeper_attach(struct keeper *keeper, const struct keeper_sites *sites, uint32_t *first)
{
	const struct keeper_request request = {
		.op = KEEPER_ATTACH,
		.count = (uint32_t)sites->count,
		.pid = sites->pid,
		.multi = sites->multi,
	};
	const int files[] = {sites->program, sites->file};
	struct keeper_site part[PART];
	uint64_t value;
	int ret = ask(keeper, &request, files, 2);

	for (size_t at = 0; at < sites->count && !ret; at += PART) {
		size_t count = sites->count - at < PART ? sites->count - at : PART;

		for (size_t i = 0; i < count; i++)
			part[i] = (struct keeper_site){
				.offset = sites->offsets[at + i],
				.cookie = sites->cookies[at + i],
			};
		ret = keeper_send(keeper->fd, part, count * sizeof(*part));
	}
	if (!ret)
		ret = hear(keeper, &value);
	if (!ret)
		*first = (uint32_t)value;
	return ret;
}

int keeper_detach(struct keeper *keeper, const uint32_t *links, size_t count)
{
	const struct keeper_request request = {.op = KEEPER_DETACH, .count = (uint32_t)count};
	uint64_t value;
	int ret;

	ret = ask(keeper, &request, NULL, 0);
	if (!ret)
		ret = keeper_send(keeper->fd, links, count * sizeof(*links));
	if (!ret) {
		ret = hear(keeper, &value);
		keeper->left = ret == -EINTR;
	}
	/* Its end takes a while, too, in which the trace is written. */
	if (!count)
		dismiss(keeper);
	return ret;
}

int keeper_link_pid(struct keeper *keeper, uint32_t link)
{
	const struct keeper_request request = {.op = KEEPER_PID, .count = 1};
	uint64_t value;
	int ret = ask(keeper, &request, NULL, 0);

	if (!ret)
		ret = keeper_send(keeper->fd, &link, sizeof(link));
	if (!ret)
		ret = hear(keeper, &value);
	return ret ? ret : (int)value;
}

void keeper_end(struct keeper *keeper)
{
	struct keeper_answer answer;

	if (!keeper)
		return;
	shutdown(keeper->fd, SHUT_WR);
	while (keeper->used && !keeper->left && !next_answer(keeper, &answer))
		if (answer.kind == KEEPER_PROGRESS && keeper->watch.progress)
			keeper->watch.progress(keeper->watch.arg, answer.value);
	close(keeper->fd);
	free(keeper);
}
