/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signals: those that ftrace reads from a signalfd, one by one, and that nothing else is to answer: what
 * ends it, what reopens its output, and the end of what it started.
 */
#ifndef FTRACE_CLI_RUN_SIGNALS_H
#define FTRACE_CLI_RUN_SIGNALS_H

#include <signal.h>

static inline void signals_heard(sigset_t *mask)
{
	struct sigaction hangup;

	sigemptyset(mask);
	sigaddset(mask, SIGINT);
	sigaddset(mask, SIGTERM);
	/* As nohup(1) wants it: one that is blocked would be heard all the same. */
	if (sigaction(SIGHUP, NULL, &hangup) || hangup.sa_handler != SIG_IGN)
		sigaddset(mask, SIGHUP);
	sigaddset(mask, SIGCHLD);
}

#endif
