/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * written: a function's name as a person wrote it, held against symbols.
 *
 *     github.com/a/b%2ec.(*Set[go.shape.string]).Add     the symbol
 *     github.com/a/b.c.(*Set[string]).Add                WRITTEN_GLOB: its path with its dots, a type that fits the shape
 *     github.com/a/b.c.(*Set).Add                        WRITTEN_GLOB: a generic without its brackets
 *     b.c.(*Set[go.shape.string]).Add                    WRITTEN_SHORT_NAME: as text shows it (base/short_names.h)
 *     a/b.c.(*Set).*                                     WRITTEN_END: from an element of the path on
 *
 * What is written in brackets is a list of types: `...` is any list; int fits go.shape.int; each pointer fits the one shape
 * that pointers have (*uint8); which shape a named type has a name does not tell. Assembly matches without .abi0.
 *
 * Which of these forms holds for a name is decided for a whole executable (naming.h).
 */
#ifndef FTRACE_PLAN_WRITTEN_H
#define FTRACE_PLAN_WRITTEN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/short_names.h"

/* How a name is taken, the nearest first; NAME: it is the name, letter by letter, so that it means no other one. */
enum written_form {
	WRITTEN_NAME,
	WRITTEN_GLOB,
	WRITTEN_SHORT_NAME,
	WRITTEN_SHORT_GLOB,
	WRITTEN_END_NAME,
	WRITTEN_END_GLOB,
	WRITTEN_NOTHING, /* there is no such name; of others it means what GLOB does */
};

/* A symbol with what else it may be called, made when it is asked for. The caller owns the struct. */
struct written_symbol {
	const struct short_names *names;
	const char *symbol;
	struct buf decoded, shown, plain, bare; /* see written.c */
	bool has_decoded, has_shown, has_plain;
};

void written_symbol_init(struct written_symbol *at, const struct short_names *names);
void written_symbol_release(struct written_symbol *at);

/* The symbol that is asked for from now on. It stays the caller's. */
void written_symbol_set(struct written_symbol *at, const char *symbol);

/* It with the bytes that its %xx stand for, good until another one is set. */
const char *written_symbol_decoded(struct written_symbol *at);

/* Whether a form means one name alone. */
static inline bool written_form_is_name(enum written_form form)
{
	return form == WRITTEN_NAME || form == WRITTEN_SHORT_NAME || form == WRITTEN_END_NAME;
}

bool written_matches(struct written_symbol *at, const char *written, enum written_form form);

/* Appends `text` without its brackets and what is in them: "main.(*Set[int]).Add" is "main.(*Set).Add". */
void written_put_bare(struct buf *buf, const char *text);

#endif
