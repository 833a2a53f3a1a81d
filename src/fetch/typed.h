/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * typed: Go types to shapes and to the operations that read what the shapes need.
 *
 * Everything appends to a fetch. Where its bounds are reached the shape says so (SHAPE_DEEPER, or a
 * REASON) and nothing fails; the only error is -ENOMEM.
 *
 * Sources: Go's src/runtime/{slice,string,chan,iface,runtime2}.go, src/internal/runtime/maps/map.go and
 * src/runtime/map.go (the number of entries is the first word of both), src/internal/abi/type.go.
 */
#ifndef FTRACE_FETCH_TYPED_H
#define FTRACE_FETCH_TYPED_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/fetch.h"
#include "fetch/goabi.h"
#include "image/dwarf.h"

/*
 * The value of type `type` that is at `place` at the site (registers or stack) becomes the shape and
 * slot of `item`. Parts in vector registers, which no uprobe sees, become REASON "<in X0>".
 */
int typed_at_place(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		   const struct goabi_value *place, const struct fetch_limits *limits);

/* The same for a value in memory whose address is in the accumulator. */
int typed_at_memory(struct fetch *fetch, struct fetch_item *item, const struct gotype *type,
		    const struct fetch_limits *limits);

/* Whether there is a type made of shapes among arguments and results, for which a dictionary has the real one. */
bool typed_wants_dictionary(const struct dwarf_signature *sig);

/*
 * Reads the address of the dictionary that the function was given in a register, where that is wanted. To be called before anything is read of the function's parameters.
 */
void typed_dictionary(struct fetch *fetch, const struct dwarf_signature *sig,
		      const struct goabi *abi, const struct fetch_limits *limits);

/* All parameters (results: false), or all results, of a function as items of `fetch`. */
int typed_signature(struct fetch *fetch, const struct dwarf_signature *sig, const struct goabi *abi,
		    bool results, const struct fetch_limits *limits);

/*
 * Two parts that rules use by themselves, for a {ptr, len} image that is in the slot `slot` already:
 * reads the text of a Go string, or of a byte slice, and fills kind, data and statuses of `shape`.
 */
void typed_string(struct fetch *fetch, struct shape *shape, uint16_t slot, bool bytes,
		  const struct fetch_limits *limits);
/* The same for an interface {itab or type, data}; `empty`: interface without methods. */
void typed_interface(struct fetch *fetch, struct shape *shape, uint16_t slot, bool empty,
		     const struct fetch_limits *limits);

#endif
