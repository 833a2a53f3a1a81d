/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value: an argument or a result, with all that is inside it, as it was read of the traced program.
 *
 * A value describes itself. It and what is inside it lie in one array, in pre-order; `span` leads over all of it to
 * what comes next:
 *
 *     s=&{name:"zhang", tags:["a", "b"]}, n=3
 *
 *     [0] POINTER  s     children 1  span 6
 *     [1]   OBJECT       children 2  span 5
 *     [2]     TEXT name              span 1
 *     [3]     LIST tags  children 2  span 3
 *     [4]       TEXT                 span 1
 *     [5]       TEXT                 span 1
 *     [6] SIGNED   n                 span 1
 *
 * A value of any kind may say what it is (`says`): its last child is a TEXT or SAID with what its Error() or String() says,
 * or what is usually said of its type, `GET example.com/` of a request. SAID is one of which nothing else was read.
 *
 * What is there but was not read is DEEPER, a value each: whoever shows them makes one mark of a run. Why one could not
 * be read is a code and a number: which words tell that is the reader's affair. Text and names are the traced program's:
 * nothing of them is escaped. All belongs to whoever made the values.
 */
#ifndef FTRACE_CALL_VALUE_H
#define FTRACE_CALL_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
	VALUE_ERROR,    /* it could not be read: why */
	VALUE_DEEPER,   /* it is there, but was not asked for */
	VALUE_NULL,     /* nil slice, pointer, map, channel, func, interface */
	VALUE_UNSIGNED, /* u; symbol: the constant's name, where it is one of an enumeration */
	VALUE_SIGNED,   /* s; symbol: likewise */
	VALUE_HEX,      /* u */
	VALUE_BOOL,     /* u: 0, 1 */
	VALUE_CHAR,     /* text: one byte */
	VALUE_FLOAT,    /* f, `single` */
	VALUE_COMPLEX,  /* f and imag, `single` */
	VALUE_TEXT,     /* text; when cut, back to a whole character */
	VALUE_LIST,     /* children: elements */
	VALUE_OBJECT,   /* children: fields, with names */
	VALUE_POINTER,  /* one child: what it points to; u: the address */
	VALUE_ADDRESS,  /* u, symbol and offset */
	VALUE_MAP,      /* len */
	VALUE_CHAN,     /* len, capacity */
	VALUE_FUNC,     /* symbol; NULL: u is the code's address */
	VALUE_DYNAMIC, /* what an interface holds: its type `dynamic`, as %T prints it `text`, its data word `word`;
			 * children: its value, if that was read, and with `says` the text of its Error() */
	VALUE_SAID, /* text: what it says of itself, where nothing else of it was read */
};

enum value_why {
	VALUE_NOT_READ,     /* nothing was sent of it */
	VALUE_UNREADABLE,   /* no memory that can be read: u is the address */
	VALUE_BAD_LENGTH,   /* s is the length that makes no sense, with `counted` */
	VALUE_BAD_INDEX,    /* beyond the end of what it is in */
	VALUE_UNKNOWN_TYPE, /* u is the address of its descriptor, with `counted` */
	VALUE_IN_REGISTER,  /* which cannot be read: symbol is its name */
	VALUE_LEFT_OUT,     /* there was no room for it in a record */
};

struct value {
	const char *name; /* of an item or a field; NULL: none */
	const char *type; /* as debug information names it; NULL: not known */
	union {
		const char *text;   /* not NUL-terminated */
		const char *symbol; /* NULL: none */
	};
	union {
		uint64_t u;
		int64_t s;
		double f;
		uint64_t len; /* LIST, TEXT: of all of it, also where it was cut; MAP, CHAN */
		const char *dynamic; /* the type's name as debug information has it */
	};
	union {
		double imag;
		uint64_t capacity;
		uint64_t offset; /* of `u` from `symbol` */
		uint64_t
			word; /* DYNAMIC: the address of what is held, where it does not hold the value itself */
	};
	uint32_t nbytes;    /* of text */
	uint32_t nchildren; /* right below it */
	uint32_t span;      /* values, itself and all below it */
	uint8_t kind;       /* enum value_kind */
	uint8_t why;        /* ERROR: enum value_why */
	bool single : 1;    /* FLOAT, COMPLEX: float32, complex64 */
	bool utf8 : 1;      /* TEXT, CHAR, SAID: it is UTF-8 */
	bool truncated : 1; /* TEXT, LIST: there is more than is here; ... */
	bool counted : 1;   /* ... `len` bytes or elements in all; ERROR: its number is known */
	bool says : 1;      /* the last child is what it says of itself */
	bool exact : 1; /* that tells all of it, and text shows it in full, too: a duration, an instant */
	bool zero : 1; /* SAID: of its type's zero value, or of a lock that is free: a struct leaves it out */
};

/* What was read at a site: items, each with what is inside it. */
struct values {
	const struct value *first;
	uint32_t nitems;
	uint32_t
		len; /* that the function has there: nitems, or more where only the first were read */
};

/* What comes behind a value and all that is inside it: its sibling, if it has one. */
static inline const struct value *value_next(const struct value *value)
{
	return value + value->span;
}

/* Its children but for what it says of itself. */
static inline uint32_t value_parts(const struct value *value)
{
	return value->nchildren - value->says;
}

/* What it says of itself; NULL: nothing. */
static inline const struct value *value_says_text(const struct value *value)
{
	const struct value *text = value + 1;

	if (!value->says)
		return NULL;
	for (uint32_t i = 1; i < value->nchildren; i++)
		text = value_next(text);
	return text;
}

#endif
