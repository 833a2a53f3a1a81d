/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wanted_events: what -e means in the running kernel, and what is said of what it does not.
 */
#ifndef FTRACE_CLI_RUN_WANTED_EVENTS_H
#define FTRACE_CLI_RUN_WANTED_EVENTS_H

#include "base/error.h"
#include "cli/options/options.h"
#include "probe/probe.h"

/* Fills opt->marks.events. 0, or a negative errno with `err` filled. */
int wanted_events_find(struct options *opt, struct error *err);

/* Says which ones the kernel has refused. */
void wanted_events_refused(const struct options *opt, const struct probe *probe);

#endif
