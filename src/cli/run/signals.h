/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signals: those that ftrace reads from a signalfd, one by one, and that nothing else is to answer: what
 * ends it, what reopens its output, and the end of what it started.
 *
 *     SIGCHLD            the started program is reaped, if it has ended
 *     SIGINT, SIGTERM    without a program that runs: the end. Else the program gets the first one, unless the
 *                        terminal has sent it to both; with the second the trace ends, the program goes on
 *     SIGHUP             by kill(2), with a file to write to: that is opened again. Else, and when the terminal has
 *                        gone: the end, and the program gets it, too
 *
 * Sources: signalfd(2), sigaction(2) (si_code), drivers/tty/tty_jobctrl.c.
 */
#ifndef FTRACE_CLI_RUN_SIGNALS_H
#define FTRACE_CLI_RUN_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"
#include "cli/run/child.h"

struct signalfd_siginfo;

/* All but `fd` is what has come of them so far; set by the functions below. */
struct signals {
	int fd;                 /* -1: not open */
	struct child *child;    /* the caller's */
	bool has_file;          /* -o: SIGHUP opens it again */
	bool had_terminal;      /* a controlling one, in the beginning */
	bool over;              /* the trace is to end */
	bool reopen;            /* the file is to be opened again; the caller takes it back */
	unsigned int asked;     /* how many came to end it */
	unsigned int passed_on; /* of these, while the program ran */
	int last;               /* of any kind but SIGCHLD, 0: none */
	int fatal; /* the one by which ftrace ends, while the program goes on; 0: none */
};

/* The signals that are meant. */
void signals_heard(sigset_t *mask);

/* Blocks them, and ignores SIGPIPE. 0, or a negative errno with `err` filled. */
int signals_open(struct signals *signals, struct child *child, bool has_file, struct error *err);
void signals_close(struct signals *signals);

/* Deals with all that have come. Waits for none. */
void signals_read(struct signals *signals);

/* Deals with one. */
void signals_hear(struct signals *signals, const struct signalfd_siginfo *info);

#endif
