/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * typed_shared: what is read of a list of typed values, made once for all functions that have it.
 *
 * A large program has tens of thousands of functions, but few lists of results, and methods of a type
 * take much the same. A fetch depends on nothing but names, types and places, so that functions with
 * equal lists share one. All zero but `arch`, `methods`, `image` and `linked` is empty; typed_shared_release(). It must
 * not outlive the debug information that the types came from.
 */
#ifndef FTRACE_FETCH_TYPED_SHARED_H
#define FTRACE_FETCH_TYPED_SHARED_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/map.h"
#include "fetch/fetch.h"
#include "fetch/goabi.h"
#include "image/dwarf.h"

struct typed_shared {
	struct map map;                      /* {hash of the key, tries} -> struct typed_list * */
	struct buf key;                      /* of the list that is looked for */
	const struct arch *arch;             /* of the functions */
	const struct methods *methods; /* for the fetches, while they are made; not owned */
	struct fetch_span linked;            /* likewise */
	const struct image *image;           /* likewise */
	bool outcomes;      /* of results: also whether the call failed (outcome.h) ... */
	bool outcomes_only; /* ... and nothing else */
};

/*
 * The sealed fetch for all parameters of `sig` (results: false), or all results: a reference of the
 * caller's own in *fetch, or NULL there when nothing is to be read. `limits` are the same in all calls.
 * 0 or -ENOMEM.
 */
int typed_shared_fetch(struct typed_shared *all, const struct dwarf_signature *sig,
		       const struct goabi *abi, bool results, const struct fetch_limits *limits,
		       struct fetch **fetch);

void typed_shared_release(struct typed_shared *all);

#endif
