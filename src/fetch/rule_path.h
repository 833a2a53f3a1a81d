/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_path: where the value of a NAME is, and the operations that go there.
 *
 * A path begins at a parameter, a result or a variable that a closure brought along, and goes on
 * through fields, indexes and pointers as Go's selectors do: one pointer before each field or
 * index is followed, fields of embedded structs are found.
 *
 * The operations may fail at run time (a nil pointer, an index beyond the length, memory that is
 * not there). Their status and reach are open until rule_path_guard() says whose value they belong to.
 */
#ifndef FTRACE_FETCH_RULE_PATH_H
#define FTRACE_FETCH_RULE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/fetch.h"
#include "fetch/goabi.h"
#include "fetch/rule_fetch.h"
#include "rule/rule.h"

/* What is being compiled, and for whom. */
struct rule_compile {
	struct fetch *fetch;
	const struct fetch_context *ctx;
	struct error *err;
	const char *missing; /* the register that it is in, set with -ENXIO */
	bool partial;        /* the item's shape itself tells what had no room */
};

/* Where a value is: in registers, or at acc + offset. */
struct rule_path {
	const struct gotype *type;
	bool in_memory;
	uint64_t offset;
	struct goabi_value
		place; /* unless in_memory: the value's own parts, offsets from its start */
};

/*
 * Emits what leads to the value of a RULE_NAME, FIELD, INDEX, DEREF, ARG or RET. 0; -ENOENT for a
 * name that is not there, -ENODATA where nothing is known of the function, -EINVAL for what the types
 * do not allow, all with err filled; -ENXIO when the way leads through a vector register.
 */
int rule_path_resolve(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path);

/* acc = word `word` of the value, whole: bits beyond the value's size are rubbish. 0 or -ENXIO. */
int rule_path_word(struct rule_compile *c, const struct rule_path *path, unsigned int word);

/* acc = len() or cap() of the value; `expr` is the RULE_LEN or RULE_CAP around it. */
int rule_path_length(struct rule_compile *c, const struct rule_expr *expr, struct rule_path *path);

/*
 * Of the operations from `first` to before `last`, those that may fail and belong to nobody yet get
 * `status`, put the address that could not be read to `slot`, and go past all that are there.
 */
void rule_path_guard(struct fetch *fetch, size_t first, size_t last, uint8_t status, uint16_t slot);

/* "rule 1, column 24: " and the message; returns `code`. */
int rule_compile_fail(struct rule_compile *c, const struct rule_expr *expr, int code,
		      const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The NAME as a person would write it, cut to size. */
const char *rule_path_text(const struct rule_expr *expr, char *text, size_t size);

#define RULE_PATH_TEXT 96

/* "a" or "an", for what a type is called. */
const char *rule_article(const char *word);

#endif
