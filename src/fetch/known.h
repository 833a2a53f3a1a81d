/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * known: types of which what they mean is shown, not what they are made of: `30s`, `GET example.com/hello`.
 *
 * One row a type says which parts of a value are read, and which of our words say them. A part is a path of fields,
 * resolved by debug information (of what an interface holds by the runtime's own descriptors), so that releases differ
 * only by names. Each part is a value like any other; what a pointer leads to is read from its first part to its last,
 * and no more. A type whose fields are not those of the row is not known.
 *
 *     net/http.Request {Method, Host, URL}      data
 *     r: POINTER, brief                         +0  r
 *        known {slot +8, from 0}          ----> +8  the request, from Method to Host    (READ)
 *        parts: STRING Method             ----> 64 bytes of text
 *               STRING Host               ----> 64 bytes of text
 *               POINTER URL, known        ----> the URL ...
 *
 * How the words are made: src/trace/known*.c. The rows are in docs/values.md, too; a test compares them.
 */
#ifndef FTRACE_FETCH_KNOWN_H
#define FTRACE_FETCH_KNOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "image/gotype.h"

struct shape;
struct typed_walk;

/* Which words. Parts are counted from 0. */
enum known_says {
	KNOWN_PART,     /* what part 0 says */
	KNOWN_NAMED,    /* driver.NamedValue's {Name, Ordinal, Value}: name=value, $1=value */
	KNOWN_TEXT,     /* part 0 as a string, from byte `part 1` on, where there is that part */
	KNOWN_BARE,     /* the text of part 0, without quotes */
	KNOWN_FLAG,     /* part 0 as a bool */
	KNOWN_NULL,     /* part 0, or NULL where part 1 is false */
	KNOWN_DURATION, /* nanoseconds in part 0 */
	KNOWN_TIME,     /* time.Time's {wall, ext} */
	KNOWN_SECONDS,  /* seconds and nanoseconds since 1970 */
	KNOWN_SPAN,     /* the same as a duration */
	KNOWN_ZONE,     /* the text of part 0, "UTC" where there is none */
	KNOWN_LEVEL,    /* slog.Level */
	KNOWN_ATTR,     /* key=value */
	KNOWN_LOGGED,   /* slog.Value's {num, any}, and what it would be as a string */
	KNOWN_FIELD,    /* zapcore.Field's {Key, Type, Integer, String} */
	KNOWN_BIG,      /* big.Int's {neg, abs} */
	KNOWN_IP,
	KNOWN_MAC,
	KNOWN_MASK,
	KNOWN_NET,       /* {IP, Mask} */
	KNOWN_ADDR_PORT, /* {IP, Port, Zone} */
	KNOWN_ADDR_IP,   /* {IP, Zone} */
	KNOWN_ENDS,      /* local->remote */
	KNOWN_NETIP,     /* netip.Addr's {hi, lo, z}, and the variables z4 and z6noz */
	KNOWN_NETIP_PORT,
	KNOWN_PREFIX,
	KNOWN_URL,
	KNOWN_USER,
	KNOWN_REQUEST_URI, /* a URL without scheme and host */
	KNOWN_REQUEST,
	KNOWN_COOKIE,
	KNOWN_CODE,      /* part 0 is the address of an instruction: its function's name ... */
	KNOWN_CALL,      /* ... the same of what a call returns to */
	KNOWN_TYPE,      /* part 0 is the address of a type's descriptor */
	KNOWN_REFLECTED, /* the same: a reflect.Value */
	KNOWN_DYNAMIC,   /* an interface by its dynamic type; part 1: a deadline, if it has one */
	KNOWN_CONN,      /* part 1: both ends, if it has them; else as PART */
	KNOWN_MUTEX,
	KNOWN_RWMUTEX, /* {readerCount, w} */
	KNOWN_UUID,
	KNOWN_ULID,
	KNOWN_PATH,     /* parts with `/` between them */
	KNOWN_KIND,     /* {Group, Version, Kind}: group/version, kind */
	KNOWN_QUESTION, /* dns.Question's {Name, Qtype} */
	KNOWN_STATUS,   /* {Code, Message}: NotFound: text */
	KNOWN_EITHER,   /* intstr.IntOrString's {Type, IntVal, StrVal} */
};

#define KNOWN_PARTS 12

struct known {
	/*
	 * The type's name as debug information has it; with `[` at its end: all instances of that generic.
	 */
	const char *type;
	enum known_says says;
	/*
	 * NULL behind the last. Fields that are by value in each other stand with dots between them; `a|b`: the first
	 * of these that is there; `a:N`: at most N bytes of its text; "": the value itself; "=": its bytes; "+N": its word at byte N; "@V": the word that
	 * the variable V holds; "!": what the interface itself holds (known_held.c); "%A:B": A bytes of text at the data word of the interface B.
	 */
	const char *parts[KNOWN_PARTS];
	const struct known *inner; /* the row of a part that is a pointer; NULL: by its type */
};

/* A value's parts. Owned by its shape. */
struct known_shape {
	const struct known *known;
	struct shape *
		parts; /* `nparts` of them, `at` relative to the bytes of the value that were read */
	uint32_t nparts;
	uint16_t slot;  /* what the pointer leads to; SHAPE_NO_SLOT: the value's own bytes */
	uint16_t len;   /* bytes of that slot */
	uint8_t status; /* that guards them */
};

/* Whether the words tell all of a value, so that nobody wants to see what it is made of. */
static inline bool known_is_exact(const struct known *known)
{
	return known->says == KNOWN_DURATION || known->says == KNOWN_TIME;
}

/* The row of a type by its name, or NULL. */
const struct known *known_named(const char *name);

/* The same of an array of 16 bytes. */
const struct known *known_bytes(const char *name);

/* The row of a field that says more than its type does, of the struct type of that name; NULL: it says no more. */
const struct known *known_field_named(const char *type, const char *field);

/* Number `i` of these fields, and of which type; NULL: no more. */
const char *known_field_at(size_t i, const char **type);

/* The row of a type, or of the struct that it points to; NULL. What it points to is not read for it. */
const struct known *known_find(const struct gotype *type);

/* Row number `i`, in order of names, then those of arrays; NULL: no more. */
const struct known *known_row(size_t i);

/*
 * Makes shape->known: reads the parts, which what the walk stands at is to hold. 1; 0 when the type is not what the
 * row is about, or there is no room: nothing was done then; or -ENOMEM.
 */
int known_build(const struct typed_walk *walk, const struct known *known, const struct gotype *type,
		struct shape *shape);

/* Where the part is in a value of that type: false when it has no such. `*offset`: bytes from its start. */
bool known_part(const struct gotype *type, const char *path, const struct gotype **part,
		uint64_t *offset);

/* The bytes of a value that its words need; *follow: and what they refer to. False: it is none of the row's. */
bool known_extent(const struct known *known, const struct gotype *type, uint64_t *from,
		  uint64_t *to, bool *follow);

/* Bytes of text that are wanted of the part. */
uint32_t known_part_max(const char *path);

void known_release(struct known_shape *known);

#endif
