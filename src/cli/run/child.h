/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * child: a program that is started and held before its first instruction, until all is attached.
 *
 * The new process waits on a pipe before execve(2): probes are attached to its PID, then it goes on. No
 * ptrace is involved. If ftrace ends before that, the process ends too, without having run; once
 * released it is on its own. The caller owns the struct.
 *
 * The program gets what ftrace was given: environment, limits, signals, the terminal. It gets no
 * descriptor but 0 to 2, and no inheritable or ambient capability. One that runs as somebody else gets a
 * session of its own besides, so that it can push no input into our terminal (TIOCSTI, TIOCLINUX), and that
 * user's home directory and name (account_become()). It has to be started before ftrace gives up
 * what it need not keep.
 */
#ifndef FTRACE_CLI_RUN_CHILD_H
#define FTRACE_CLI_RUN_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "cli/rights/account.h"
#include "cli/rights/inherited.h"

struct child {
	pid_t pid;  /* 0: none, or reaped */
	int go;     /* write end of the pipe it waits on, -1 when it was released */
	int told;   /* read end of the pipe on which it tells what failed, -1 */
	int status; /* of waitpid(2), when it was reaped */
	bool reaped;
	bool apart; /* in a session of its own, which no terminal sends signals to */
};

/* What is started, and as what. All of it is the caller's. */
struct child_how {
	const char *path;
	char *const *argv;
	const struct inherited *given; /* to ftrace */
	const struct account *account; /* NULL: whoever runs ftrace */
	const char *directory;         /* NULL: ftrace's own; entered as that user */
	void (*prepare)(void *arg); /* run in the new process, as that user, there; may be NULL */
	void *arg;
};

/* 0 when it is held, ready to run. Else a negative errno with `err` filled, and nothing was started. */
int child_start(struct child *child, const struct child_how *how, struct error *err);

/* Whether a program was started and let go, and has not ended. */
static inline bool child_runs(const struct child *child)
{
	return child->pid && child->go < 0 && !child->reaped;
}

/* Lets it run. 0, or the negative errno of its execve. */
int child_release(struct child *child, struct error *err);

/* Reaps it if it has ended; with `wait` waits for that. */
void child_reap(struct child *child, bool wait);

/* What a shell would say of its end: its status, or 128 + signal. */
int child_exit_status(const struct child *child);

/* Passes a signal on. `all`: to its whole process group, as a terminal does. */
void child_signal(const struct child *child, int sig, bool all);

/* Ends a child that was never released. */
void child_abandon(struct child *child);

#endif
