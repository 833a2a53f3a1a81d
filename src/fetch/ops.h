/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ops: the few sequences of operations that both typed values and rules are made of.
 *
 * Everything appends to a fetch. When its program is full the fetch says so (fetch->full) and the
 * operation is left out: whoever makes a value looks once, when it is done, and takes back what
 * was begun.
 */
#ifndef FTRACE_FETCH_OPS_H
#define FTRACE_FETCH_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/fetch.h"
#include "fetch/goabi.h"

/* Appends a copy of `op`; false when the program is full. */
bool fetch_emit(struct fetch *fetch, struct ft_op op);

/* A failure of operation `index` goes past all that are there by now, and that is final. */
void fetch_skip_from(struct fetch *fetch, size_t index);

/*
 * The same for all operations since `first` that can fail and whose reach is not final yet: the
 * innermost part that an operation belongs to decides. READN is left out: it is the last of its
 * part, and what stands behind it does not need it.
 */
void fetch_skip_to_end(struct fetch *fetch, size_t first);

/* Reads `len` bytes at acc into a new slot, guarded by `status`; the slot, or SHAPE_NO_SLOT. */
uint16_t fetch_read(struct fetch *fetch, uint32_t len, const struct fetch_limits *limits,
		    uint8_t status);

/* Lays the general registers of a value out at `slot` as it would lie in memory, the parts that
 * begin below `size` bytes. */
bool fetch_assemble(struct fetch *fetch, uint16_t slot, const struct goabi_value *place,
		    uint64_t size);

/* acc = the general register of `piece`. False when the program is full. */
bool fetch_take_piece(struct fetch *fetch, const struct goabi_piece *piece);

/* acc = SP. False when the program is full. */
bool fetch_take_sp(struct fetch *fetch);

/* The name of the vector register, which no uprobe sees, in which a part of the `size` bytes from `offset` on is:
 * the first such; else NULL. */
const char *fetch_missing(const struct fetch *fetch, const struct goabi_value *place,
			  uint64_t offset, uint64_t size);

#endif
