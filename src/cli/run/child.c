/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* pipe2, close_range */
#include "cli/run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/capabilities.h"
#include "cli/exit_status.h"

/* What the new process tells: first READY or what went wrong before, later EXECVE if that fails. */
struct word {
	enum { READY, ACCOUNT, DIRECTORY, EXECVE } what;
	int code; /* errno */
};

static void tell(int fd, int what, int code)
{
	struct word word = {.what = what, .code = code};

	while (write(fd, &word, sizeof(word)) < 0 && errno == EINTR)
		continue;
}

/* False at the end of the file: execve closes the other end. */
static bool hear(int fd, struct word *word)
{
	ssize_t got;

	while ((got = read(fd, word, sizeof(*word))) < 0 && errno == EINTR)
		continue;
	return got == (ssize_t)sizeof(*word);
}

static void run(const struct child_how *how, int wait, int told)
{
	int ret = how->account ? account_become(how->account) : 0;
	char byte;

	if (!ret)
		ret = capabilities_hand_on_none();
	if (ret) {
		tell(told, ACCOUNT, -ret);
		_exit(STATUS_NOT_STARTED);
	}
	if (how->account)
		setsid();
	close_range(STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC);
	inherited_restore(how->given);
	if (how->directory && chdir(how->directory)) {
		tell(told, DIRECTORY, errno);
		_exit(STATUS_NOT_STARTED);
	}
	if (how->prepare)
		how->prepare(how->arg);
	tell(told, READY, 0);
	/* End of file: ftrace has gone, and nobody wants this program any more. */
	if (read(wait, &byte, 1) != 1)
		_exit(STATUS_NOT_STARTED);
	sigprocmask(SIG_SETMASK, &how->given->blocked, NULL);
	execve(how->path, how->argv, environ);
	ret = errno;
	tell(told, EXECVE, ret);
	_exit(ret == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTED);
}

/* Whether the new process is as it should be, before anything relies on it. */
static int await_ready(struct child *child, const struct child_how *how, struct error *err)
{
	struct word word;
	int ret = 0;

	if (!hear(child->told, &word))
		ret = error_set(err, -ECHILD, "%s: it was killed before it ran; try again",
				how->path);
	else if (word.what == ACCOUNT)
		ret = error_set(
			err, -word.code, "%s: cannot run as %s: %s; run ftrace as root", how->path,
			how->account && how->account->name ? how->account->name : "that user",
			strerror(word.code));
	else if (word.what == DIRECTORY)
		ret = error_set(err, -word.code, "%s: %s; let %s enter it", how->directory,
				strerror(word.code),
				how->account && how->account->name ? how->account->name
								   : "its user");
	if (ret) {
		child_abandon(child);
		child->pid = 0;
	}
	return ret;
}

int child_start(struct child *child, const struct child_how *how, struct error *err)
{
	int go[2], told[2];

	*child = (struct child){.go = -1, .told = -1, .apart = how->account};
	if (pipe2(go, O_CLOEXEC))
		return error_set(err, -errno, "%s: %s; close something", how->path,
				 strerror(errno));
	if (pipe2(told, O_CLOEXEC)) {
		error_set(err, -errno, "%s: %s; close something", how->path, strerror(errno));
		goto close_go;
	}
	child->pid = fork();
	if (child->pid < 0) {
		child->pid = 0;
		error_set(err, -errno, "%s: cannot start: %s; try again", how->path,
			  strerror(errno));
		goto close_told;
	}
	if (!child->pid) {
		/* Its own copy of the write end would keep the pipe open for ever. */
		close(go[1]);
		run(how, go[0], told[1]);
	}
	close(go[0]);
	close(told[1]);
	child->go = go[1];
	child->told = told[0];
	return await_ready(child, how, err);
close_told:
	close(told[0]);
	close(told[1]);
close_go:
	close(go[0]);
	close(go[1]);
	return err ? err->code : -EIO;
}

int child_release(struct child *child, struct error *err)
{
	struct word word;
	bool failed;

	while (write(child->go, "", 1) < 0 && errno == EINTR)
		continue;
	close(child->go);
	child->go = -1;
	failed = hear(child->told, &word);
	close(child->told);
	child->told = -1;
	if (!failed)
		return 0;
	return error_set(err, -word.code, "cannot be executed: %s; try to start it by itself",
			 strerror(word.code));
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
		return STATUS_SIGNAL(WTERMSIG(child->status));
	return WEXITSTATUS(child->status);
}

void child_signal(const struct child *child, int sig, bool all)
{
	/* It may have left its process group, or have none of its own. */
	if (!all || kill(-child->pid, sig))
		kill(child->pid, sig);
}

void child_abandon(struct child *child)
{
	bool held = child->go >= 0;

	if (child->go >= 0)
		close(child->go);
	if (child->told >= 0)
		close(child->told);
	if (child->pid && held)
		child_reap(child, true);
	child->go = child->told = -1;
}
