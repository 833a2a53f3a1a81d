/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * omitted: what the user asked for and does not get, with the reason.
 */
#ifndef FTRACE_PLAN_OMITTED_H
#define FTRACE_PLAN_OMITTED_H

#include "plan/plan.h"

/* Adds to plan->skipped the functions that were chosen but exist only inlined into others, with the
 * places. 0, or -ENOMEM. */
int omitted_inlined(struct plan *plan, uint8_t image, const struct selection *select);

/* No function of the image is left to trace: says why. Always a negative errno. */
int omitted_all(const struct plan *plan, uint8_t image, const struct selection *select,
		struct error *err);

#endif
