/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * short_texts: names of types and functions inside values, shortened (base/short_names.h) and escaped.
 *
 * Values are written a million times a second and few names come up in them: what was made of these is kept.
 * The caller owns the struct; zero-initialised is empty. Nothing is allocated that stays.
 */
#ifndef FTRACE_SINK_SHORT_TEXTS_H
#define FTRACE_SINK_SHORT_TEXTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/short_names.h"

#define SHORT_TEXTS     128
#define SHORT_TEXT_LONG 120 /* bytes; what is longer is made anew each time */

struct short_text {
	const struct short_names *names;
	uint8_t from_len, to_len; /* from_len 0: none */
	char from[SHORT_TEXT_LONG];
	char to[SHORT_TEXT_LONG];
};

struct short_texts {
	struct short_text texts[SHORT_TEXTS]; /* by hash */
};

/* Appends `name` (`len` bytes) to `buf` as `names` shorten it, whole with NULL. `texts` may be NULL: nothing is kept. */
void short_texts_put(struct short_texts *texts, const struct short_names *names, struct buf *buf,
		     const char *name, size_t len);

#endif
