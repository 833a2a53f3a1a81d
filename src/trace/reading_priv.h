/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reading_priv: access to a record's bytes and statuses; internal to src/trace/reading*.c, saying*.c.
 */
#ifndef FTRACE_TRACE_READING_PRIV_H
#define FTRACE_TRACE_READING_PRIV_H

#include <string.h>

#include <ftrace/fetch.h>

#include "trace/reading.h"

static inline bool value_has(const struct value_source *src, uint64_t at, uint64_t len)
{
	return at <= src->len && len <= src->len - at;
}

/* The word at `at`, or 0 when the record does not reach so far. */
static inline uint64_t value_word(const struct value_source *src, uint64_t at)
{
	uint64_t word = 0;

	if (value_has(src, at, sizeof(word)))
		memcpy(&word, src->bytes + at, sizeof(word));
	return word;
}

/* Status number `n`; 0, which is nobody's, is always OK. */
static inline uint8_t value_status(const struct value_source *src, uint8_t n)
{
	size_t at = sizeof(struct ft_values) + n;

	if (!n)
		return FT_V_OK;
	return at < src->len ? src->bytes[at] : FT_V_UNREAD;
}

static inline void reading_fail(struct reading *reading, enum value_why why)
{
	reading->is.kind = VALUE_ERROR;
	reading->is.why = (uint8_t)why;
}

/* True when the status lets `slot` be read; else fills `reading` with what is to be shown instead. */
bool reading_guard(const struct value_source *src, uint8_t status, uint16_t slot,
		   struct reading *reading);

/* The value of `shape`, whose container lies at `place`. */
void reading_of(const struct value_source *src, const struct value_place *place,
		const struct shape *shape, struct reading *reading);

/* A count that makes no sense is the whole answer. */
bool reading_count_holds(uint64_t count, struct reading *reading);

/* reading_text.c: `len` bytes of the record are text, `count` bytes would be all of it. */
void reading_text(const struct value_source *src, uint64_t at, uint64_t len, uint64_t count,
		  struct reading *reading);

/* CSTRING, and text of a fixed size: up to the first NUL, and back to a whole character. */
void reading_cstring(const struct value_source *src, const struct shape *shape,
		     struct reading *reading);
void reading_fixed_text(const struct value_source *src, uint32_t own, const struct shape *shape,
			struct reading *reading);

/* reading_known.c: RAW, VARIABLE, COUNTED, KNOWN. */
void reading_known(const struct value_source *src, uint32_t own, const struct value_place *place,
		   const struct shape *shape, struct reading *reading);

/* A code address of the process: symbol, offset; no symbol when it is in no known function. */
void value_symbol(const struct value_source *src, uint64_t addr, struct value *value);

/* The same for an address of a variable. */
void value_variable(const struct value_source *src, uint64_t addr, struct value *value);

/* reading_iface.c: the value of an INTERFACE whose two words are at `own`, and what it holds. */
void reading_interface(const struct value_source *src, uint32_t own, const struct shape *shape,
		       struct reading *reading);
/* A value that was read is of a type that this row is about. Of a pointer's the struct is what counts, or the address
 * itself. */
void reading_take_row(const struct value_source *src, const struct known *row,
		      struct reading *reading);
void reading_dynamic(const struct value_source *src, const struct reading *parent,
		     struct reading *child);

#endif
