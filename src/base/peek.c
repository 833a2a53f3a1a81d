/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* process_vm_readv, clone */
#include "base/peek.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of a word of pagemap. */
#define PM_PRESENT (1ull << 63)
#define PM_SWAP    (1ull << 62) /* or on its way somewhere: migrated, poisoned, behind a marker */
#define PM_FILE    (1ull << 61) /* the file's own page, or shared memory */

/* Words that are read at once. */
#define WORDS 512

static uint64_t page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

static int open_pagemap(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	return errno == ENOENT ? -ESRCH : -errno;
}

/* Calls `each` with the words of the pages of [first, end), until it returns non-zero. */
static int each_page(pid_t pid, uint64_t first, uint64_t end,
		     int (*each)(void *arg, uint64_t page, uint64_t word), void *arg)
{
	uint64_t words[WORDS], size = page_size();
	uint64_t page = first / size, last = end / size + (end % size != 0);
	int fd = open_pagemap(pid), ret = fd < 0 ? fd : 0;

	while (!ret && page < last) {
		size_t want = last - page < WORDS ? (size_t)(last - page) : WORDS;
		ssize_t got = pread(fd, words, want * 8, (off_t)(page * 8));

		/* Nothing is what a process without memory has. */
		if (got < 8)
			ret = got < 0 ? -errno : -ESRCH;
		for (ssize_t i = 0; i < got / 8 && !ret; i++)
			ret = each(arg, page++ * size, words[i]);
	}
	if (fd >= 0)
		close(fd);
	return ret;
}

static int is_there(void *arg, uint64_t page, uint64_t word)
{
	(void)arg;
	(void)page;
	return word & PM_PRESENT ? 0 : -EAGAIN;
}

/* In a mapping of its own, which is left behind with a task that cannot even be killed. */
struct copy {
	pid_t pid;
	struct iovec local, remote;
	ssize_t got;
	char stack[16384] __attribute__((aligned(16)));
	char bytes[];
};

static int do_copy(void *arg)
{
	struct copy *copy = arg;

	/* It has ftrace's descriptors: whoever waits to see them closed does not wait for this page. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	copy->got = process_vm_readv(copy->pid, &copy->local, 1, &copy->remote, 1, 0);
	return 0;
}

/* With no signal let through, so that none is taken by the task that it was not meant for. It has its
 * maker's thread-local memory: errno is nobody's until it has gone. */
static pid_t start_copy(struct copy *copy, int *pidfd)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = clone(do_copy, copy->stack + sizeof(copy->stack),
		    CLONE_VM | CLONE_FILES | CLONE_PIDFD, copy, pidfd);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

/* Whether it ended in time. */
static bool ends(int pidfd)
{
	struct pollfd wait = {.fd = pidfd, .events = POLLIN};
	int ret;

	/* A signal makes it a little longer. */
	for (int i = 0; i < 3; i++) {
		ret = poll(&wait, 1, PEEK_WAIT_MS);
		if (ret >= 0)
			return ret;
	}
	return false;
}

static int copy_aside(struct copy *copy, void *to, bool *left)
{
	int pidfd, ret = -EAGAIN;
	pid_t pid = start_copy(copy, &pidfd);

	if (pid < 0)
		return -EAGAIN;
	if (ends(pidfd)) {
		ret = copy->got == (ssize_t)copy->local.iov_len ? 0 : -EFAULT;
	} else {
		kill(pid, SIGKILL);
		*left = !ends(pidfd);
	}
	if (!*left)
		while (waitpid(pid, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	if (!ret)
		memcpy(to, copy->bytes, copy->local.iov_len);
	close(pidfd);
	return ret;
}

int peek_read(pid_t pid, uint64_t at, void *to, size_t len)
{
	int ret = each_page(pid, at, at + len, is_there, NULL);
	size_t size = sizeof(struct copy) + len;
	struct copy *copy;
	bool left = false;

	if (ret || !len)
		return ret;
	copy = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (copy == MAP_FAILED)
		return -ENOMEM;
	copy->pid = pid;
	copy->local = (struct iovec){.iov_base = copy->bytes, .iov_len = len};
	copy->remote = (struct iovec){.iov_base = (void *)(uintptr_t)at, .iov_len = len};
	ret = copy_aside(copy, to, &left);
	if (!left)
		munmap(copy, size);
	return ret;
}

/* The range of its own pages that is being put together. */
struct owning {
	uint64_t first, end;
	int (*each)(void *arg, uint64_t first, uint64_t end);
	void *arg;
};

static int tell(struct owning *owning)
{
	return owning->first == owning->end ? 0
					    : owning->each(owning->arg, owning->first, owning->end);
}

static int add_own(void *arg, uint64_t page, uint64_t word)
{
	struct owning *owning = arg;
	int ret = 0;

	if (!(word & (PM_PRESENT | PM_SWAP)) || word & PM_FILE)
		return 0;
	if (page != owning->end) {
		ret = tell(owning);
		owning->first = page;
	}
	owning->end = page + page_size();
	return ret;
}

int peek_own(pid_t pid, uint64_t first, uint64_t end,
	     int (*each)(void *arg, uint64_t first, uint64_t end), void *arg)
{
	struct owning owning = {.each = each, .arg = arg};
	int ret = each_page(pid, first, end, add_own, &owning);

	return ret ? ret : tell(&owning);
}

static int is_nowhere(void *arg, uint64_t page, uint64_t word)
{
	(void)arg;
	(void)page;
	return word & (PM_PRESENT | PM_SWAP) ? 1 : 0;
}

bool peek_untouched(pid_t pid, uint64_t at, size_t len)
{
	return !each_page(pid, at, at + len, is_nowhere, NULL);
}
