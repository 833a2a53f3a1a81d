/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * signals: those that ftrace reads from a signalfd, one by one, and that nothing else is to answer: what
 * ends it, what reopens its output, and the end of what it started.
 */
#ifndef FTRACE_CLI_SIGNALS_H
#define FTRACE_CLI_SIGNALS_H

#include <signal.h>

static inline void signals_heard(sigset_t *mask)
{
	sigemptyset(mask);
	sigaddset(mask, SIGINT);
	sigaddset(mask, SIGTERM);
	sigaddset(mask, SIGHUP);
	sigaddset(mask, SIGCHLD);
}

#endif
