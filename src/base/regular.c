/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* O_PATH */
#include "base/regular.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int regular_open(const char *path)
{
	int found = open(path, O_PATH | O_CLOEXEC), fd;
	struct stat st;
	char same[32];

	if (found < 0)
		return -errno;
	if (fstat(found, &st)) {
		fd = -errno;
	} else if (!S_ISREG(st.st_mode)) {
		fd = S_ISDIR(st.st_mode) ? -EISDIR : -ENXIO;
	} else {
		/* The same file, whatever the path leads to by now. */
		snprintf(same, sizeof(same), "/proc/self/fd/%d", found);
		fd = open(same, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		fd = fd < 0 ? -errno : fd;
	}
	close(found);
	return fd;
}
