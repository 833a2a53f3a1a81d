/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nearest: "did you mean", for a function that is not there.
 *
 * First what differs in brackets, stars, letter case or the package's path only, then what is the end of a name
 * (`Engine.exec` of promql.(*Engine).exec), then what is spelled alike; the program's own before others'. For PACKAGE.*
 * packages are looked for likewise.
 */
#ifndef FTRACE_PLAN_NEAREST_H
#define FTRACE_PLAN_NEAREST_H

#include "base/buf.h"
#include "base/short_names.h"
#include "plan/name_source.h"

/* Appends "; did you mean a, b?", or nothing. The names are as text shows them, without lists of types: each can be
 * given as a glob. */
void nearest_names(struct buf *text, const char *wanted, const struct name_source *source,
		   const struct short_names *names);

#endif
