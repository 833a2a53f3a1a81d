/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* clone */
#include "probe/aside.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* libbpf's functions and the progress that is told take a few pages of it. */
#define STACK_SIZE (1u << 20)

struct job {
	void (*work)(void *arg);
	void *arg;
};

static int do_job(void *arg)
{
	const struct job *job = arg;

	job->work(job->arg);
	return 0;
}

/* CLONE_VFORK: this task stands still meanwhile, so that memory is never shared by two at work, and only a
 * SIGKILL ends that. No signal tells of the other's end, so that nobody else waits for it by mistake. */
void aside(void (*work)(void *arg), void *arg)
{
	struct job job = {work, arg};
	char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	pid_t pid = -1;

	if (stack != MAP_FAILED)
		pid = clone(do_job, stack + STACK_SIZE, CLONE_VM | CLONE_FILES | CLONE_VFORK, &job);
	if (pid < 0)
		work(arg);
	else
		while (waitpid(pid, NULL, __WCLONE) < 0 && errno == EINTR)
			;
	if (stack != MAP_FAILED)
		munmap(stack, STACK_SIZE);
}
