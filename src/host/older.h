/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * older: processes of a file that had the name of another one before.
 *
 * A deleted file has no path any more; what the kernel tells is the name that it had, as text. The same text
 * is another name in another mount namespace, or behind a bind mount. So names are compared as their
 * filesystem has them: the device, and the path from the filesystem's root.
 *
 * Sources: statx(2), STATX_MNT_ID; proc_pid_mountinfo(5); fs/d_path.c.
 */
#ifndef FTRACE_HOST_OLDER_H
#define FTRACE_HOST_OLDER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The name of a file that is there. */
struct older {
	char *path;     /* as /proc has it */
	char *inside;   /* device and path inside of the filesystem; NULL when not known */
	uint64_t mount; /* the mount's number, 0 when not known */
	dev_t device;   /* what stat() says of the file */
	ino_t number;
};

/* The name of the file behind `fd`: 0 or -ENOMEM. */
int older_init(struct older *older, int fd);
void older_release(struct older *older);

/* Whether the executable of a process, which is another file than that, had its name: it was replaced, or
 * an overlay has copied it up meanwhile, after which its path and stat() lead to the copy. */
bool older_runs(const struct older *older, pid_t pid);

#endif
