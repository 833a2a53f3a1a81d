/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * births: the places where an executable has just made a goroutine, which does not run yet (--goroutines).
 *
 * Every goroutine is made by runtime.newproc1, which returns its g. For a go statement runtime.newproc's closure calls it, and
 * hands what it got to runtime.runqput, as the second argument: a probe on that call costs one trap. For what else makes
 * goroutines (iter.Pull, testing/synctest), and is rare, it stands behind the call of newproc1. Both are found in the code, whatever the
 * version: callee and registers are Go's calling convention.
 *
 * Source: Go's src/runtime/proc.go (newproc, newproc1), coro.go (newcoro), synctest.go, debugcall.go, 1.19 to 1.27.
 */
#ifndef FTRACE_PLAN_BIRTHS_H
#define FTRACE_PLAN_BIRTHS_H

#include <stdint.h>

#include "base/error.h"
#include "plan/plan.h"

/* Adds a SITE_BIRTH for each place of an image that has traced functions. 0, or a negative errno with `err` filled: -ENOTSUP
 * where go statements are made in an unknown way. */
int plan_births(struct plan *plan, uint8_t image, struct error *err);

#endif
