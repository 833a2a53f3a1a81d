/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* NSIG */
#include "cli/rights/inherited.h"

#include <stddef.h>
#include <sys/stat.h>

void inherited_take(struct inherited *inherited)
{
	struct sigaction action;

	sigprocmask(SIG_BLOCK, NULL, &inherited->blocked);
	sigemptyset(&inherited->ignored);
	/* The C library keeps two of them to itself. */
	for (int i = 1; i < NSIG; i++)
		if (!sigaction(i, NULL, &action) && action.sa_handler == SIG_IGN)
			sigaddset(&inherited->ignored, i);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		getrlimit((__rlimit_resource_t)i, &inherited->limits[i]);
	inherited->mask = umask(0);
	umask(inherited->mask);
}

void inherited_restore(const struct inherited *inherited)
{
	for (int i = 1; i < NSIG; i++)
		signal(i, sigismember(&inherited->ignored, i) == 1 ? SIG_IGN : SIG_DFL);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		setrlimit((__rlimit_resource_t)i, &inherited->limits[i]);
	umask(inherited->mask);
}
