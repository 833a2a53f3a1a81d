/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* pipe2 */
#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void run(const char *path, char *const *argv, const sigset_t *mask, int wait, int tell)
{
	char byte;
	int code;

	/* End of file: ftrace has gone, and nobody wants this program any more. */
	if (read(wait, &byte, 1) != 1)
		_exit(125);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execve(path, argv, environ);
	code = errno;
	while (write(tell, &code, sizeof(code)) < 0 && errno == EINTR)
		continue;
	_exit(code == ENOENT ? 127 : 126);
}

int child_start(struct child *child, const char *path, char *const *argv, const sigset_t *mask,
		struct error *err)
{
	int go[2], failed[2];

	*child = (struct child){.go = -1, .failed = -1};
	if (pipe2(go, O_CLOEXEC))
		return error_set(err, -errno, "%s: %s; close something", path, strerror(errno));
	if (pipe2(failed, O_CLOEXEC)) {
		error_set(err, -errno, "%s: %s; close something", path, strerror(errno));
		goto close_go;
	}
	child->pid = fork();
	if (child->pid < 0) {
		child->pid = 0;
		error_set(err, -errno, "%s: cannot start: %s; try again", path, strerror(errno));
		goto close_failed;
	}
	if (!child->pid) {
		/* Its own copy of the write end would keep the pipe open for ever. */
		close(go[1]);
		run(path, argv, mask, go[0], failed[1]);
	}
	close(go[0]);
	close(failed[1]);
	child->go = go[1];
	child->failed = failed[0];
	return 0;
close_failed:
	close(failed[0]);
	close(failed[1]);
close_go:
	close(go[0]);
	close(go[1]);
	return err ? err->code : -EIO;
}

int child_release(struct child *child, struct error *err)
{
	int code = 0;
	ssize_t got;

	while (write(child->go, "", 1) < 0 && errno == EINTR)
		continue;
	close(child->go);
	child->go = -1;
	/* execve closes the other end. */
	while ((got = read(child->failed, &code, sizeof(code))) < 0 && errno == EINTR)
		continue;
	close(child->failed);
	child->failed = -1;
	if (got != (ssize_t)sizeof(code))
		return 0;
	return error_set(err, -code, "cannot be executed: %s; try to start it by itself",
			 strerror(code));
}

void child_reap(struct child *child, bool wait)
{
	pid_t got;

	if (!child->pid || child->reaped)
		return;
	do
		got = waitpid(child->pid, &child->status, wait ? 0 : WNOHANG);
	while (got < 0 && errno == EINTR);
	child->reaped = got == child->pid;
}

int child_exit_status(const struct child *child)
{
	if (WIFSIGNALED(child->status))
		return 128 + WTERMSIG(child->status);
	return WEXITSTATUS(child->status);
}

void child_abandon(struct child *child)
{
	if (child->go >= 0)
		close(child->go);
	if (child->failed >= 0)
		close(child->failed);
	if (child->pid && child->go >= 0)
		child_reap(child, true);
	child->go = child->failed = -1;
}
