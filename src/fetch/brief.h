/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * brief: which parts of a value are read where values are brief: what a reader looks for, within a bound of bytes and
 * of reads.
 *
 *     type Server struct {                 window        read
 *         Addr    string               .-> Addr  16      its text    (first: text, errors)
 *         Handler Handler              |   ...   16      -           (the type, which its word tells)
 *         conns   map[*conn]int        |          8      its length  (then: lists, maps, funcs)
 *         inner   struct{ name string }|         16      its text    (text inside of structs before these)
 *         n       int                  '->        8      the number is there
 *         buf     [4096]byte
 *         ...
 *
 * A value has parts: its fields, those of the structs in it, and elements of its arrays, as far as --max-depth and
 * --max-elems go; or it is a part itself. A window of BRIEF_BYTES is read of one that is larger: the one that has
 * most to say. Of the parts in it that refer to something a few are followed, BRIEF_READS, those that say most first.
 *
 * Nothing is allocated.
 */
#ifndef FTRACE_FETCH_BRIEF_H
#define FTRACE_FETCH_BRIEF_H

#include <stdbool.h>
#include <stdint.h>

#include "fetch/fetch.h"

#define BRIEF_BYTES 256 /* of one piece of memory */
#define BRIEF_READS 4   /* parts of it that are followed */
#define BRIEF_PARTS 96  /* that are looked at; what comes behind is not read */

struct brief_part {
	uint32_t at, end; /* its bytes in the value */
	uint32_t field;   /* where the outermost field begins that it is in */
	uint8_t weight;   /* how much it says */
	uint8_t turn;     /* when it is followed; BRIEF_OWN: never */
	bool followed;
};

struct brief {
	struct brief_part parts[BRIEF_PARTS];
	uint32_t nparts;
	uint32_t first, end; /* of the value's bytes these are read; equal: none */
};

/* Of a value of this type, of which any part can be read. */
void brief_choose(struct brief *brief, const struct gotype *type,
		  const struct fetch_limits *limits);

/* Of `count` values, one behind the other. */
void brief_choose_elems(struct brief *brief, const struct gotype *elem, uint32_t count,
			const struct fetch_limits *limits);

/* Whether the part at this offset of the value is followed. */
bool brief_follows(const struct brief *brief, uint64_t at);

/* Whether field `i` of the struct says nothing to anybody: padding, marks for vet, what protobuf keeps for itself. */
bool brief_leaves_out(const struct gotype *type, size_t i);

#endif
