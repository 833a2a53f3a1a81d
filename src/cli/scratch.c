/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* pipe2 */
#include "cli/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes the directory and writes its path to the descriptor that `arg` points to. */
static int make(void *arg)
{
	const char *places[] = {getenv("TMPDIR"), "/tmp"};
	int fd = *(int *)arg;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char path[PATH_MAX];
		int len;

		if (!places[i] || places[i][0] != '/')
			continue;
		len = snprintf(path, sizeof(path), "%s/ftrace-XXXXXX", places[i]);
		if (len >= (int)sizeof(path) || !mkdtemp(path))
			continue;
		/* The program may run as somebody else than it was built by. */
		if (!chmod(path, 0755) && write(fd, path, (size_t)len) == len)
			return 0;
		rmdir(path);
	}
	return -1;
}

char *scratch_make(const struct account *account, struct error *err)
{
	char path[PATH_MAX];
	ssize_t len = -1;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC)) {
		error_set(err, -errno, "pipe: %s; close something", strerror(errno));
		return NULL;
	}
	if (account_do(account, make, &fds[1]))
		len = read(fds[0], path, sizeof(path) - 1);
	close(fds[0]);
	close(fds[1]);
	if (len <= 0) {
		error_set(err, -EACCES,
			  "/tmp: no directory can be made there; set TMPDIR, or make room");
		return NULL;
	}
	return strndup(path, (size_t)len);
}

static int sweep(void *arg)
{
	char *const paths[] = {arg, NULL};
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int ret = 0;

	while (tree && (entry = fts_read(tree))) {
		switch (entry->fts_info) {
		case FTS_D:
			/* The module cache makes its directories read-only. */
			chmod(entry->fts_path, 0700);
			break;
		case FTS_DP:
			ret |= rmdir(entry->fts_path);
			break;
		default:
			ret |= unlink(entry->fts_path);
		}
	}
	if (tree)
		fts_close(tree);
	return ret;
}

void scratch_remove(char *path, const struct account *account)
{
	if (path)
		account_do(account, sweep, path);
	free(path);
}
