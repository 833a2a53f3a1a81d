/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fetch: what is read at a site: a program for the kernel, and what its bytes mean.
 *
 * A fetch is made in user space from a rule or from types. Its operations (ftrace/fetch.h) copy registers and
 * memory to slots, whose places in the record are fixed when the program is made; its items say how
 * the slots are to be read. A value that came in registers is put together in a slot as it would
 * lie in memory, so that a shape never has to know where a value came from.
 *
 *     func f(s string, p *T)            data
 *     item "s": STRING                   +0  ptr   +8 len        (image of the value)
 *                 data ---------------> +16  64 bytes of text    (READN)
 *     item "p": POINTER                 +80  p
 *                 elem: STRUCT -------> +88  bytes of T          (READ)
 *
 * Offsets of shapes: `at` is relative to its container's own bytes, which for the shape of an item is
 * `slot` of the item, for what a pointer, slice or interface refers to the slot named in `data`. Offsets
 * of slots are from the start of struct ft_values.
 *
 * A fetch owns its items, shapes and strings (but those of debug information). Functions that read
 * the same may share one: fetch_use() for each of them but the first, fetch_free() for all. What is
 * shared is not changed any more.
 */
#ifndef FTRACE_FETCH_FETCH_H
#define FTRACE_FETCH_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/fetch.h>

#include "arch/arch.h"
#include "fetch/error_shape.h"
#include "fetch/known.h"
#include "fetch/methods.h"
#include "image/gotype.h"

struct image;

enum shape_kind {
	SHAPE_UNSIGNED, /* size 1, 2, 4, 8 */
	SHAPE_SIGNED,
	SHAPE_HEX,
	SHAPE_BOOL,    /* size 1 */
	SHAPE_CHAR,    /* size 1 */
	SHAPE_FLOAT,   /* size 4, 8 */
	SHAPE_COMPLEX, /* size 8, 16 */
	SHAPE_BITS,    /* `bits` from bit `shift` on of a word of `size` bytes, unsigned */
	SHAPE_TEXT,    /* size bytes, cut at the first NUL */
	SHAPE_CSTRING, /* text up to a NUL, else data_len bytes, in the slot `data` (status data_status, CUT when
	                 * there is more); no bytes of its own */
	SHAPE_ADDRESS, /* size 8: an address, not followed: ptr of rules (with its symbol), further pointers; a
	                * pointer of unknown type, with what it points to in `iface`, as an interface's */
	SHAPE_STRING,  /* {ptr, len}: text in `data` */
	SHAPE_BYTES,   /* {ptr, len, cap} of bytes: in `data` */
	SHAPE_SLICE,   /* {ptr, len, cap}: elements in `data`, see below */
	SHAPE_ARRAY,   /* `count` elements in place, see below */
	SHAPE_STRUCT,  /* children with names, in place */
	SHAPE_POINTER, /* ptr: children[0] in `data`; nil is null */
	SHAPE_MAP,     /* ptr: its length is the word at `data` */
	SHAPE_CHAN,    /* ptr: length and capacity are the two words at `data` */
	SHAPE_FUNC,    /* ptr to a closure: the code's address is the word at `data`; nil is null */
	SHAPE_INTERFACE, /* {itab or type, ptr}: see struct shape_interface */
	SHAPE_REASON,    /* never readable: `reason` says why */
	SHAPE_RAW,       /* size bytes as they are */
	SHAPE_VARIABLE,  /* the 8 bytes in the slot `data`; no bytes of its own */
	SHAPE_COUNTED,   /* size 8: so many bytes of text, in `data` */
	SHAPE_KNOWN,     /* of `size` bytes nothing but the parts of `known` is read */
	SHAPE_DEEPER,    /* there, but deeper than the bounds allow: {"truncated":true} */
};

/* Of a REASON. */
enum shape_reason {
	SHAPE_NOT_READ,
	SHAPE_UNKNOWN_TYPE,
	SHAPE_IN_REGISTER, /* which no uprobe sees: `reg` is its name */
	SHAPE_LEFT_OUT,    /* more than --max-bytes */
};

/*
 * Elements of a SLICE or ARRAY: with one child it is the pattern of all, `stride` apart (its `at` is
 * in the element). With several, child i is element i, its `at` in the whole; they refer to
 * slots of their own. Shown are at most data_len / stride of them (SLICE), or `shown` (ARRAY); the
 * other elements make the value truncated.
 */

#define SHAPE_NO_SLOT 0

#define IFACE_TEXTS 5

/* Slots of an interface's dynamic part. 0: not read; a type that was not read is that of the itab in the file. */
struct shape_interface {
	uint16_t type; /* 8 bytes: address of the runtime's type descriptor */
	uint8_t type_status;
	uint8_t value_status;
	uint16_t value; /* `value_len` bytes at the data word */
	uint16_t value_len;
	/*
	 * What word i of `value` points to, if it and the next were a string or a slice: as many bytes
	 * as eight times the next, or (status CUT) as the next, at most text_len[i]. Only the
	 * dynamic type tells whether they are. Inside a list only some are read.
	 */
	uint16_t text[IFACE_TEXTS];
	uint16_t text_len[IFACE_TEXTS];
	uint8_t text_status[IFACE_TEXTS];
	bool empty; /* no methods: the first word is the type, else an itab */
	bool brief; /* only of short values more than the type is to be shown */
	/* Of an error at the top: its causes. Owned; NULL: not read. */
	struct error_shape *error;
};

/* Many thousands of them are kept: the order of the members leaves no gaps. */
struct shape {
	const char *type; /* as JSON has it: Go's name, or the rule's word */
	const char *name; /* of a field of a STRUCT; else NULL */
	struct shape *children;
	const char *reg;             /* SHAPE_IN_REGISTER: static */
	const struct gotype *gotype; /* where debug information gave it, else NULL */
	struct known_shape *known; /* what it says of itself comes of this; owned; NULL: nothing */
	/* A row that says it of the fields that were read: of an instance (trace/instance.h) the real type's. NULL: none. */
	const struct known *row;
	uint64_t count; /* ARRAY: all elements */
	uint32_t nchildren;
	uint32_t at;   /* of its own bytes in its container's */
	uint32_t size; /* of its own bytes */
	uint32_t stride;
	uint32_t shown;    /* ARRAY: the first so many are to be shown */
	uint16_t data;     /* slot of what it refers to, SHAPE_NO_SLOT: not read */
	uint16_t data_len; /* bytes of that slot */
	enum shape_kind kind;
	uint8_t status; /* that guards its own bytes; 0: its container's does */
	uint8_t data_status;
	uint8_t bits, shift;
	uint8_t reason; /* REASON: enum shape_reason */
	bool is_error;  /* INTERFACE: the type error */
	struct shape_interface iface;
};

struct fetch_item {
	char *name;     /* owned */
	char *type;     /* owned: what JSON's "type" says */
	uint16_t slot;  /* of the value's own bytes */
	uint8_t status; /* that guards them; 0: always there */
	bool hidden;    /* read for a filter, or as an outcome: not shown */
	bool outcome;   /* an error result: the call failed unless its first word is 0 */
	struct shape shape;
};

/* Addresses of an executable, as in the file: what lies there the linker made. */
struct fetch_span {
	uint64_t first, end;
};

struct fetch {
	const struct arch *arch;
	struct fetch_item *items;
	size_t nitems, capitems;
	size_t nhidden; /* of the items */
	/* At entry to a generic function: where the address of its dictionary is, which has the real types for the
	 * shapes of arguments and results (struct gotype, dictionary). SHAPE_NO_SLOT: not read. */
	uint16_t dictionary;
	struct ft_op *ops;
	size_t nops, capops;
	size_t noperands; /* the first so many operations read what a filter compares */
	uint32_t nstatus; /* numbers given out; 0 is nobody's */
	uint32_t used;    /* bytes of slots given out, status bytes not counted */
	bool full;        /* a slot, status or operation was refused: what was left out is REASON */
	bool sealed;
	const struct methods
		*methods; /* NULL: causes of errors are not read, nor connections; not owned */
	const struct image *image; /* NULL: no variables are known; not owned, until it is sealed */
	struct fetch_span linked;  /* while it is made */
	uint32_t
		len; /* items that the function has there, which may be more than are read; 0: as many */
	uint32_t sharers; /* besides the first */
};

/* Bounds of a typed value. */
struct fetch_limits {
	uint32_t max_string; /* bytes, 64 */
	uint32_t max_elems;  /* 8 */
	uint32_t max_depth;  /* structs inside structs, 2 */
	uint32_t max_items;  /* 32 */
	uint32_t max_bytes;  /* of a record's values, 4096 */
	bool brief; /* what a reader looks for, and nothing that is not shown (docs/values.md) */
};

/* The bounds that hold unless the user says otherwise. */
extern const struct fetch_limits fetch_default_limits;

/* What is read where a register is meant is one of `arch`. */
struct fetch *fetch_new(const struct arch *arch);
struct fetch *fetch_use(struct fetch *fetch); /* the same again; takes and returns NULL, too */
void fetch_free(struct fetch *fetch);

/* A new item at the end, zeroed, with copies of the names; NULL when memory is out. */
struct fetch_item *fetch_item(struct fetch *fetch, const char *name, const char *type);

/* Room for `len` bytes, at most FT_READ_MAX, aligned to 8; 0 when it is full. PUT writes 8 bytes, so
 * slots are to be written in the order in which they are given out. */
uint16_t fetch_slot(struct fetch *fetch, uint32_t len, const struct fetch_limits *limits);

/* A status number, or 0 when there are no more. */
uint8_t fetch_status(struct fetch *fetch);

/* Appends an operation; NULL when the program is full. */
struct ft_op *fetch_op(struct fetch *fetch, enum ft_opcode code);

/*
 * Ends the making: operations are folded (fold.h), and slots, which were given out as if all
 * status numbers were in use, move behind the status bytes. To be called once, before the program
 * goes to the kernel and before the items are used.
 */
void fetch_seal(struct fetch *fetch);

/* Bytes of the values of one record, a multiple of 8. Sealed fetches only. */
uint32_t fetch_size(const struct fetch *fetch);

/* So many of them are sent in any case (ftrace/fetch.h): all, where a filter looks at them. */
uint32_t fetch_least(const struct fetch *fetch);

/* Frees what a shape owns (children), not the shape itself. */
void shape_release(struct shape *shape);

#endif
