/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

void signals_heard(sigset_t *mask)
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

/* Whether there is a controlling terminal, and somebody on its other end. */
static bool has_terminal(void)
{
	/* It has none (ENXIO) once the terminal has hung up (drivers/tty/tty_jobctrl.c). */
	int fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int signals_open(struct signals *signals, struct child *child, bool has_file, struct error *err)
{
	sigset_t mask;

	*signals = (struct signals){
		.child = child,
		.has_file = has_file,
		.had_terminal = has_terminal(),
	};
	signals_heard(&mask);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	signals->fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return signals->fd >= 0
		       ? 0
		       : error_set(err, -errno, "signalfd: %s; close something", strerror(errno));
}

void signals_close(struct signals *signals)
{
	if (signals->fd >= 0)
		close(signals->fd);
	signals->fd = -1;
}

/* Whoever sends it by kill(2) wants the file to be opened again; the kernel, and a shell in its place, tell that the
 * terminal has gone. */
static bool is_hangup(const struct signals *signals, const struct signalfd_siginfo *info)
{
	return info->ssi_code == SI_KERNEL || (signals->had_terminal && !has_terminal());
}

/* SIGHUP. */
static void hear_hangup(struct signals *signals, const struct signalfd_siginfo *info)
{
	const struct child *child = signals->child;
	bool gone = is_hangup(signals, info);

	if (!gone && signals->has_file) {
		signals->reopen = true;
		return;
	}
	signals->asked++;
	signals->over = true;
	if (!gone || !child_runs(child))
		return;
	/* The kernel tells the session's leader alone. Nobody is there who could wait for the program. */
	if (!child->apart)
		child_signal(child, SIGHUP, false);
	signals->fatal = SIGHUP;
}

/* SIGINT, SIGTERM. */
static void hear_end(struct signals *signals, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;

	signals->asked++;
	if (!child_runs(signals->child)) {
		signals->over = true;
	} else if (signals->passed_on++) {
		signals->over = true;
		signals->fatal = sig;
	} else if (info->ssi_code != SI_KERNEL) {
		/* The terminal sends it to both; what was sent to ftrace alone is passed on. */
		child_signal(signals->child, sig, false);
	}
}

void signals_hear(struct signals *signals, const struct signalfd_siginfo *info)
{
	int sig = (int)info->ssi_signo;

	if (sig == SIGCHLD) {
		child_reap(signals->child, false);
		return;
	}
	signals->last = sig;
	/* A program in a session of its own does not hear the terminal. */
	if (info->ssi_code == SI_KERNEL && signals->child->apart && child_runs(signals->child))
		child_signal(signals->child, sig, true);
	if (sig == SIGHUP)
		hear_hangup(signals, info);
	else
		hear_end(signals, info);
}

void signals_read(struct signals *signals)
{
	struct signalfd_siginfo info;

	while (read(signals->fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
		signals_hear(signals, &info);
}
