/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * instance: the shape of a value with the real types of one instance of a generic function.
 *
 * All instances of one shape share code and debug information (image/gotype.h), and so what is read at a site. Which
 * instance a call is of the dictionary tells: its words lead to the descriptors of the real types. An instance's
 * shape reads the same bytes, but has the names of the real types; pointers that stood for any pointer have their
 * target there, as far as it was read.
 *
 *     []go.shape.*uint8, {ptr, len, cap}    word 2 of the dictionary: []*main.Item
 *       ADDRESS                               POINTER -> STRUCT
 *
 * Functions that can be inlined have no numbers of words. There the real type is known if just one type in the
 * dictionary, which has that of every parameter, may be it.
 *
 * What does not agree with its descriptor, in kind or size, stays what it is, and is not followed.
 *
 * Sources: Go's src/cmd/compile/internal/noder/reader.go (objDictIdx, varDictIndex; 1.20 to 1.27), stencil.go
 * (getDictionarySym; 1.19), src/cmd/internal/dwarf/dwarf.go (putparamtypes).
 */
#ifndef FTRACE_TRACE_INSTANCE_H
#define FTRACE_TRACE_INSTANCE_H

#include <stdint.h>

#include "base/map.h"
#include "fetch/fetch.h"
#include "trace/rtype_file.h"

struct rtypes;

/* Made once each, and kept. */
struct instances {
	struct map
		map; /* {struct shape *, address of the dictionary} -> struct shape *, 0: as it is */
};

/*
 * The shape for `shape` of an item of the instance whose dictionary is at `dictionary`, an address as in the file.
 * `shape` itself where nothing tells. Good as long as the types are.
 */
const struct shape *instance_shape(struct instances *instances, struct rtypes *types,
				   const struct rtype_file *file, const struct shape *shape,
				   uint64_t dictionary);

void instances_release(struct instances *instances);

#endif
