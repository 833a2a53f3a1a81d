/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* F_OFD_* */
#include "base/claim.h"

#include <fcntl.h>
#include <unistd.h>

void claim_take(int fd)
{
	struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	/* Who cannot have it does without. */
	(void)fcntl(fd, F_OFD_SETLK, &all);
}

bool claim_is_taken(int fd)
{
	struct flock all = {.l_type = F_RDLCK, .l_whence = SEEK_SET};

	return !fcntl(fd, F_OFD_GETLK, &all) && all.l_type != F_UNLCK;
}
