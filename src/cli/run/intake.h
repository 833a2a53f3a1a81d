/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * intake: one more executable is traced, while others are.
 */
#ifndef FTRACE_CLI_RUN_INTAKE_H
#define FTRACE_CLI_RUN_INTAKE_H

#include <stdint.h>

#include "base/error.h"

struct options;
struct plan;
struct probe;
struct status;
struct targets;

/* What it works on. All of it is the caller's, and outlives it. */
struct intake {
	const struct options *opt;
	struct targets *targets;
	struct probe *probe;
	struct status *status; /* taken off the terminal before anything is said */
	/* The plan has got functions: what goes by them is to grow. 0, or a negative errno that ends the run. */
	int (*grow)(void *arg);
	void *arg;
};

/*
 * Makes `part`, which is taken over, part of the plan, and puts the probes in, in every process of that file. 0: it is
 * traced, as *image; 1: it is not, and `err` says why (code -EINTR: the run was asked to end, -EBUSY: the file was written
 * to meanwhile); a negative errno ends the run.
 */
int intake_take(const struct intake *intake, struct plan *part, uint32_t *image, struct error *err);

#endif
