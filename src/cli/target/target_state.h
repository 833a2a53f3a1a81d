/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target_state: what the files that open targets share; internal to src/cli/target.
 *
 *     target.c      BINARY, and what is asked of all targets
 *     processes.c   -p: processes by PID and by name
 *     members.c     --cgroup
 */
#ifndef FTRACE_CLI_TARGET_TARGET_STATE_H
#define FTRACE_CLI_TARGET_TARGET_STATE_H

#include "cli/target/target.h"

/* The image of the file behind `fd`, which is closed: one that is there already, or a new one. *go says whether it is a
 * Go program at all, `name` is for messages. 0, or a negative errno with `err` filled. */
int target_add_image(struct targets *targets, const struct options *opt, int fd, const char *name,
		     uint32_t *image, bool *go, struct error *err);

/* Has it attached to. 0 or -ENOMEM. */
int target_add(struct targets *targets, uint32_t image, pid_t pid);

/* Whether the image that its path led to is the file that the process runs: 0, or -ESTALE with `err` filled when an
 * overlay has copied the file up meanwhile: no path leads to what it runs. */
int target_check_reached(const struct targets *targets, uint32_t image, const struct runner *runner,
			 struct error *err);

/* Opens the processes of -p: 0, or a negative errno with `err` filled. */
int processes_open(struct targets *targets, const struct options *opt, struct error *err);

#endif
