/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan_catalog: what the readers of calls have to know of a plan, as a catalog.
 *
 * Ids are the plan's indexes: of functions those of plan->funcs, of executables those of plan->images.
 */
#ifndef FTRACE_TRACE_PLAN_CATALOG_H
#define FTRACE_TRACE_PLAN_CATALOG_H

#include "call/catalog.h"
#include "plan/plan.h"

/* Adds what the plan has got since; `shorten`: names are shown in short, where text is written. The plan outlives the catalog. 0 or
 * -ENOMEM. */
int plan_catalog(const struct plan *plan, struct catalog *catalog, bool shorten);

#endif
