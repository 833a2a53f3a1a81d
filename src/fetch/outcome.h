/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * outcome: what tells at return whether a call failed: of each result that is an error its first word, which is 0 when
 * it is nil (Go's src/runtime/runtime2.go, iface). Any error result counts, wherever it stands.
 */
#ifndef FTRACE_FETCH_OUTCOME_H
#define FTRACE_FETCH_OUTCOME_H

#include <stdbool.h>

#include "fetch/fetch.h"
#include "fetch/goabi.h"
#include "image/dwarf.h"

/* Whether a result of that type is an error. */
bool outcome_is_error(const struct gotype *type);

/* Appends a hidden item for each error among the results; before what is shown, so that this cannot take the room.
 * `abi` is of `sig`. 0 or -ENOMEM. */
int outcome_add(struct fetch *results, const struct dwarf_signature *sig, const struct goabi *abi,
		const struct fetch_limits *limits);

#endif
