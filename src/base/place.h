/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * place: the file that a trace is written to, opened as root may open what somebody named.
 *
 * Nothing is opened before its kind is known, since opening alone sets some devices to work, and nothing is cut
 * or created behind another user's back. Where a directory is sticky and anybody may write to it (/tmp),
 * another user's symbolic link is not followed, also in the middle of a path, and another user's file or FIFO
 * is not written to: what the kernel does with fs.protected_symlinks, protected_regular and protected_fifos, whatever
 * is set. The directory's owner is trusted.
 *
 * Sources: proc_sys_fs(5); fs/namei.c, may_follow_link() and may_create_in_sticky(); path_resolution(7).
 */
#ifndef FTRACE_BASE_PLACE_H
#define FTRACE_BASE_PLACE_H

#include <stdbool.h>

/* Errors that no errno stands for. place_error() has their words. */
enum place_code {
	PLACE_FORBIDDEN = -5000, /* the caller's check said so */
	PLACE_LINK,              /* another user's link */
	PLACE_FOREIGN,           /* another user's file */
	PLACE_DEVICE,            /* one that takes no trace */
};

/* A file that is not to be written to. */
struct place_check {
	bool (*forbids)(void *arg, int fd); /* `fd` is opened with O_PATH */
	void *arg;
};

/* Opens `path` for appending, never waiting; a file is created if need be, and cut when `cut`, after all checks.
 * `check` may be NULL. A descriptor, or a negative errno or place_code; -EAGAIN: a FIFO that nobody reads yet. */
int place_open(const char *path, bool cut, const struct place_check *check);

/* What went wrong, in words. `code` is negative, an errno or a place_code. */
const char *place_error(int code);

#endif
