/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * states: the places where an executable changes the states of its goroutines (--waits).
 *
 * They are found in the runtime's code, by the word that they exchange, wherever the compiler has inlined it (exchange.h).
 * Go versions are not asked: functions that are known to change states, where there are some of those names, have to
 * have such a place or to call one that has; else the times of calls would be wrong, and that is an error.
 *
 * Source: Go's src/runtime/proc.go, coro.go and preempt.go, 1.19 to 1.27.
 */
#ifndef FTRACE_PLAN_STATES_H
#define FTRACE_PLAN_STATES_H

#include <stdint.h>

#include "base/error.h"
#include "plan/plan.h"

/* Adds a SITE_STATE for each place of an image that has traced functions. 0, or a negative errno with `err` filled. */
int plan_states(struct plan *plan, uint8_t image, struct error *err);

/* The word for a state, "running"; NULL when there is none of that number. */
const char *state_name(unsigned int state);

#endif
