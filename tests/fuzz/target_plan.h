/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target_plan: the plan of the sound executable's main package, made once.
 */
#ifndef FTRACE_TESTS_FUZZ_TARGET_PLAN_H
#define FTRACE_TESTS_FUZZ_TARGET_PLAN_H

#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "plan/plan.h"

static inline struct plan *target_plan(void)
{
	const char *dir = getenv("FTRACE_FUZZ_TARGETS");
	struct selection select = {0};
	struct plan *plan = plan_new();
	struct error err = {0};
	struct image *img;
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/plain", dir ? dir : "build/fuzz/target");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	img = image_open(fd, "plain", &err);
	if (!img || selection_add_glob(&select, "main.*", false, &err) ||
	    plan_add(plan, img, &select, false, &err)) {
		fprintf(stderr, "%s: %s\n", path, err.text);
		exit(1);
	}
	close(fd);
	selection_release(&select);
	return plan;
}

#endif
