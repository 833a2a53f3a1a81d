/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target: the executables and processes that the command line names, opened and planned.
 *
 * The plan's images and the targets' `image` numbers agree. The caller owns the struct.
 */
#ifndef FTRACE_CLI_TARGET_TARGET_H
#define FTRACE_CLI_TARGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <ftrace/image.h>

#include "base/error.h"
#include "cli/run/child.h"
#include "cli/options/options.h"
#include "cli/reading/watched.h"
#include "cli/target/members.h"
#include "host/exe_names.h"
#include "host/pid_list.h"
#include "plan/plan.h"
#include "probe/inodes.h"

/* One thing to attach to. */
struct target {
	uint32_t image; /* index in plan->images */
	pid_t pid;      /* 0: every process of the file */
};

struct targets {
	struct plan *plan;
	struct target *items;
	size_t nitems, capitems;
	char *path;              /* of the program to start, found in PATH if need be */
	struct child_how how;    /* how it is started, but for path and argv; the caller's */
	struct watched *watched; /* told of each file that is read; NULL: nobody is. The caller's */
	struct pid_list pids;    /* -p: these alone are traced */
	struct members members;  /* --cgroup: these alone */
	struct inodes *inodes;
	struct exe_names exe_names;
	struct file_id files[FT_MAX_IMAGES]; /* of the images */
	struct buf notes; /* lines on how the names that were asked for are taken (plan_check()) */
	bool overwritten[FT_MAX_IMAGES]; /* images whose file holds something else by now */
};

/*
 * 0, or a negative errno with `err` filled: -ENOENT no such file, -EACCES or -EISDIR or -ENOEXEC it
 * is not to be executed, others: it is not to be traced.
 */
int targets_open(struct targets *targets, const struct options *opt, struct error *err);

/* Opens a regular file for reading, and anything else not at all: a descriptor, or a negative errno with `err` filled. */
int target_open_file(const char *path, struct error *err);

/* Looks for a file that has taken the place of the program's. 1: there is one, *fd is the caller's; 0: it is
 * one of those that are there; else a negative errno with `err` filled. */
int targets_look(const struct targets *targets, int *fd, struct error *err);

/* Makes what was read of one more file part of the plan, as *image. Takes `part` over. 0, or a negative errno
 * with `err` filled. */
int targets_adopt(struct targets *targets, struct plan *part, uint32_t *image, struct error *err);

/* Says on stderr when debug information of an image is there and not used. */
void targets_say_unread(const struct targets *targets, uint32_t image);

/* How many sites the plan has room for. */
size_t targets_room(const struct targets *targets);

/* The file of that image was overwritten: it is that file's no more. */
void targets_forget(struct targets *targets, uint32_t image);

/* The number of the image that is this file, or -1. */
int targets_image(const struct targets *targets, const struct file_id *file);

/* Whether the file behind a descriptor is one of them. */
bool targets_knows(const struct targets *targets, int fd);

void targets_release(struct targets *targets);

#endif
