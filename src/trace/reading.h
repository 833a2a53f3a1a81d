/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reading: what the bytes of a record mean, one value at a time.
 *
 * A value is read on demand from the bytes that the kernel side sent, by the shapes of the fetch
 * that belongs to the site (fetch/fetch.h). Nothing is allocated: a struct reading points into the record, the fetch
 * and the file. describe.c puts together from it what sinks get.
 *
 *     for each item i:  reading_item(src, i, &r)
 *     LIST, OBJECT, POINTER, DYNAMIC:  reading_child(src, &r, k, &child), k < r.is.nchildren
 *
 * The bytes come from a traced program: every place and length is checked against the record that
 * really arrived and against the slot that was meant, and what was not read is never shown.
 * Children end: shapes are finite trees, and what an interface holds is shown one level deep.
 */
#ifndef FTRACE_TRACE_READING_H
#define FTRACE_TRACE_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/value.h"
#include "fetch/fetch.h"
#include "image/image.h"
#include "trace/rtype.h"

/* The values of one record. Everything is the caller's. */
struct value_source {
	const struct fetch *fetch;
	const unsigned char *bytes; /* struct ft_values and what follows, at any alignment */
	size_t len;
	uint64_t bias;             /* load bias of the executable */
	const struct image *image; /* NULL: no symbols */
	struct rtypes *types;      /* NULL: no dynamic types */
	uint64_t dictionary; /* of a generic function: its address in the process; 0: not known */
};

/* Where the bytes of a container lie in the record. */
struct value_place {
	uint32_t at, end;
	/* They are what an interface refers to: what else was read of it is here. */
	const struct shape_interface *iface;
};

/* A value, without name and span, and where what is inside it comes from. */
struct reading {
	struct value is;
	const struct known_shape *known; /* it has words of its own, of these parts; NULL: ... */
	const struct known *row;         /* ... or of its own fields; NULL: it has none */
	bool bare; /* nothing but these parts was read; DYNAMIC: what it holds is not shown */
	struct value_place own; /* its own bytes; with `known` or `row` */
	bool pattern;           /* children are alike: one shape for all */
	uint32_t stride;        /* pattern */
	const struct shape *children;
	const struct rtype *dynamic; /* DYNAMIC */
	struct value_place inside;   /* where children lie */
};

/* A type of which what it means is shown: known_say() (known.h) makes the words. */
static inline bool reading_is_known(const struct reading *reading)
{
	return reading->known || reading->row;
}

static inline void reading_forget(struct reading *reading)
{
	reading->known = NULL;
	reading->row = NULL;
}

/* Item number `i` < src->fetch->nitems. */
void reading_item(const struct value_source *src, size_t i, struct reading *reading);

/* Child number `i` < parent->is.nchildren. */
void reading_child(const struct value_source *src, const struct reading *parent, uint32_t i,
		   struct reading *child);

/* The name of a child of an OBJECT. */
static inline const char *reading_child_name(const struct reading *parent, uint32_t i)
{
	const char *name = parent->children[i].name;

	return name ? name : "?";
}

/*
 * saying_errors.c: what Error() of a DYNAMIC value says, as TEXT, which may lie in `room`; false when
 * that is not known for certain.
 */
#define VALUE_SAYS_MAX 512
bool value_says(const struct value_source *src, const struct reading *dynamic, struct value *text,
		char room[VALUE_SAYS_MAX]);

#endif
