/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* pipe2 */
#include "cli/build/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SWEEPS      50
#define SWEEP_EVERY 100000000 /* ns */

/* Makes the directory; false when that is not to be had anywhere. */
static bool make(char *path, size_t size)
{
	const char *places[] = {secure_getenv("TMPDIR"), "/tmp"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!places[i] || places[i][0] != '/')
			continue;
		if (snprintf(path, size, "%s/ftrace-XXXXXX", places[i]) >= (int)size ||
		    !mkdtemp(path))
			continue;
		/* The program may run as somebody else than it was built by. */
		if (!chmod(path, 0755))
			return true;
		rmdir(path);
	}
	return false;
}

/* Directory by directory, each entered and looked at (fts(3)): a link that takes the place of one meanwhile
 * leads nowhere. */
static void sweep(char *path)
{
	char *const paths[] = {path, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL, NULL);
	FTSENT *entry;

	while (tree && (entry = fts_read(tree))) {
		switch (entry->fts_info) {
		case FTS_D:
			/* The module cache makes its directories read-only. */
			chmod(entry->fts_accpath, 0700);
			break;
		case FTS_DP:
			rmdir(entry->fts_accpath);
			break;
		default:
			unlink(entry->fts_accpath);
		}
	}
	if (tree)
		fts_close(tree);
}

/* Out of reach of what ends ftrace; whoever reads what that prints does not wait for this. */
static void stand_apart(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	setsid();
	prctl(PR_SET_NAME, "ft-scratch");
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
}

static void run(const struct account *account, int wait, int told)
{
	const struct timespec pause = {.tv_nsec = SWEEP_EVERY};
	char path[PATH_MAX], byte;

	stand_apart();
	if ((account && account_become(account)) || !make(path, sizeof(path)))
		_exit(1);
	if (write(told, path, strlen(path) + 1) > 0) {
		close(told);
		while (read(wait, &byte, 1) < 0 && errno == EINTR)
			continue;
	}
	sweep(path);
	/* What a build left running may still be writing there. */
	for (int i = 0; i < SWEEPS && !access(path, F_OK); i++) {
		nanosleep(&pause, NULL);
		sweep(path);
	}
	_exit(0);
}

static char *hear(int told)
{
	char path[PATH_MAX];
	ssize_t len;

	do
		len = read(told, path, sizeof(path));
	while (len < 0 && errno == EINTR);
	return len > 0 && !path[len - 1] ? strdup(path) : NULL;
}

int scratch_make(struct scratch *scratch, const struct account *account, struct error *err)
{
	int wait[2], told[2], ret = 0;

	if (pipe2(wait, O_CLOEXEC))
		return error_set(err, -errno, "pipe: %s; close something", strerror(errno));
	if (pipe2(told, O_CLOEXEC)) {
		ret = error_set(err, -errno, "pipe: %s; close something", strerror(errno));
		goto close_wait;
	}
	scratch->pid = fork();
	if (!scratch->pid) {
		/* Its own copy would keep the pipe open for ever. */
		close(wait[1]);
		run(account, wait[0], told[1]);
	}
	close(told[1]);
	scratch->hold = wait[1];
	if (scratch->pid > 0)
		scratch->path = hear(told[0]);
	close(told[0]);
	if (scratch->path) {
		close(wait[0]);
		return 0;
	}
	ret = error_set(err, -EACCES,
			"/tmp: no directory can be made there; set TMPDIR, or make room");
	if (scratch->pid > 0)
		waitpid(scratch->pid, NULL, 0);
close_wait:
	close(wait[0]);
	close(wait[1]);
	return ret;
}

void scratch_remove(struct scratch *scratch)
{
	if (!scratch->path)
		return;
	close(scratch->hold);
	while (waitpid(scratch->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	free(scratch->path);
	*scratch = (struct scratch){0};
}
