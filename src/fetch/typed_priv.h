/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * typed_priv: the walk through a type; internal to src/plan/typed*.c.
 */
#ifndef FTRACE_FETCH_TYPED_PRIV_H
#define FTRACE_FETCH_TYPED_PRIV_H

#include "fetch/brief.h"
#include "fetch/typed.h"

/* A pointer's target, or a slice's elements, are read up to this many bytes. */
#define TYPED_TARGET_MAX 512

/* Where the walk through a type stands. */
struct typed_walk {
	struct fetch *fetch;
	const struct fetch_limits *limits;
	const struct goabi_value *place; /* of the outermost value; NULL inside what was followed */
	uint32_t offset;     /* of the part in the outermost value; meaningful with `place` */
	uint16_t slot;       /* of the bytes that hold the part */
	uint64_t at;         /* of the part in that slot */
	unsigned int depth;  /* structs around it */
	bool followed;       /* behind the one pointer or interface that is followed */
	uint8_t known;       /* known types around it */
	bool nested;         /* inside a struct, array or slice */
	bool shaped;         /* of a generic function: the outermost type is made of shapes */
	unsigned int *parts; /* made so far of this item */
	/* NULL: everything is read. Else what is read of the value that lies in the slot, of which that has the bytes
	 * from brief->first on. */
	const struct brief *brief;
	uint32_t
		first; /* so many bytes of the struct that the walk stands at lie before the slot */
};

/* Makes the shape of the part that the walk stands at, and reads what it refers to. 0 or -ENOMEM. */
int typed_build(const struct typed_walk *walk, const struct gotype *type, struct shape *shape);

/* The same of a type as what it is made of, known or not. */
int typed_build_plain(const struct typed_walk *walk, const struct gotype *type,
		      struct shape *shape);

/* acc = the word of the walk's part at `off`. False when the program is full. */
bool typed_op_word(const struct typed_walk *walk, uint32_t off);

/* The shape becomes a REASON. Always 0. */
int typed_set_reason(struct shape *shape, enum shape_reason reason);

/* `count` zeroed children; NULL when memory is out. */
struct shape *typed_add_children(struct shape *shape, size_t count);

/*
 * typed_refs.c: what refers to something else, in words 0 and on of the part. Where there is no room
 * the shape says so.
 */

/* The `count * elem` bytes at the pointer in word 0, count in word 1, at most `len`: the data of
 * `shape`, which has none when there is no room. */
void typed_read_counted(const struct typed_walk *walk, struct shape *shape, uint32_t elem,
			uint32_t len);
/* The pointer in word 0 followed for `len` bytes from `skip` on: the data of `shape`, which has none when there is
 * no room. */
void typed_read_target(const struct typed_walk *walk, struct shape *shape, uint32_t skip,
		       uint32_t len);
void typed_make_string(const struct typed_walk *walk, struct shape *shape, bool bytes);
/* What two words of the interface's value from word `which` on would be the header of. */
void typed_read_guess(struct fetch *fetch, struct shape_interface *iface, unsigned int which,
		      const struct fetch_limits *limits);
void typed_make_interface(const struct typed_walk *walk, struct shape *shape, bool empty);
int typed_make_pointer(const struct typed_walk *walk, const struct gotype *type,
		       struct shape *shape);
/* A pointer of which only a dictionary tells what it points to (gotype.h) stays an address unless that is known
 * (trace/instance.h): what it points to is read as what an interface holds is, into `iface` of the shape. */
bool typed_is_any_pointer(const struct typed_walk *walk, const struct gotype *type);
void typed_make_any_pointer(const struct typed_walk *walk, struct shape *shape);
/* Maps, channels and funcs: `words` words at what they point to. */
void typed_make_words(const struct typed_walk *walk, struct shape *shape, enum shape_kind kind,
		      uint32_t words);

/* typed_errors.c: the causes of the error that the interface holds, where there is room; its value has
 * been read. */
void typed_read_causes(const struct typed_walk *walk, struct shape_interface *iface);

/* known_held.c: the deadline of the context.Context that the walk stands at, if it has one of its own, as a time.Time that is
 * known; the addresses of the net.Conn or net.Listener, if it is one of net's, as a net.netFD that is. Else a REASON.
 * 0 or -ENOMEM. */
int known_read_deadline(const struct typed_walk *walk, struct shape *part);
int known_read_ends(const struct typed_walk *walk, struct shape *part);

/* typed_elems.c: what has elements. */

/* Bytes of a value in memory that are read where it is not brief: all, or of an array the elements that are shown. */
uint64_t typed_extent(const struct gotype *type, const struct fetch_limits *limits);
int typed_make_array(const struct typed_walk *walk, const struct gotype *type, struct shape *shape);
int typed_make_slice(const struct typed_walk *walk, const struct gotype *type, struct shape *shape);

/* Whether one pattern fits all elements; `followed`: pointers in them are addresses only. */
bool typed_is_flat(const struct gotype *type, bool followed);

/* The first elements of a slice, `shown`, that are read in one piece. */
int typed_make_elements(const struct typed_walk *walk, const struct gotype *elem, uint32_t shown,
			struct shape *shape);

/*
 * typed_brief.c: what is made otherwise where values are brief (walk->brief).
 */

/* The part that the walk stands at, which is no struct, array or number. 0 or -ENOMEM. */
int typed_brief(const struct typed_walk *walk, const struct gotype *type, struct shape *shape);

#endif
