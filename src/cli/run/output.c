/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* O_PATH */
#include "cli/run/output.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/image.h"

/* Enough for a file that is to be spared: one more is spared where two mounts number theirs alike. */
static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Two mounts of one file, which stat() tells apart. */
static bool is_image_below(struct targets *targets, int fd)
{
	struct file_id file;
	char path[32];
	bool same;
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (again < 0)
		return false;
	same = !inodes_of_file(targets->inodes, again, &file) && targets_image(targets, &file) >= 0;
	close(again);
	return same;
}

static bool forbids(void *arg, int fd)
{
	struct targets *targets = arg;
	const struct plan *plan = targets->plan;
	struct stat st, other;

	if (fstat(fd, &st))
		return true;
	if (!stat("/proc/self/exe", &other) && is_same(&st, &other))
		return true;
	for (size_t i = 0; i < plan->nimages; i++)
		if ((!fstat(image_fd(plan->images[i].image), &other) && is_same(&st, &other)) ||
		    image_debug_is(plan->images[i].image, &st))
			return true;
	/* No program is in an empty file. */
	return st.st_size && is_image_below(targets, fd);
}

struct place_check output_check(struct targets *targets)
{
	return (struct place_check){.forbids = forbids, .arg = targets};
}

bool output_is_ftrace(const char *path)
{
	struct stat st, own;

	return !stat(path, &st) && !stat("/proc/self/exe", &own) && is_same(&st, &own);
}
