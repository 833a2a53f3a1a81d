/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recent: a bounded table from a 128-bit key to an element of any size: when it is full the oldest one goes.
 *
 * The caller owns the struct, and releases it.
 */
#ifndef FTRACE_BASE_RECENT_H
#define FTRACE_BASE_RECENT_H

#include <stddef.h>

#include "base/map.h"

struct recent {
	struct map map;     /* key -> 1 + place of its element */
	unsigned char *all; /* elements, each behind its key, in a ring */
	size_t size;        /* of an element, a multiple of 8 */
	size_t limit;       /* so many at most */
	size_t cap;         /* for so many there is memory */
	size_t next;        /* place of the next one */
};

/* Nothing is allocated so far. */
void recent_init(struct recent *recent, size_t size, size_t limit);
void recent_release(struct recent *recent);

/* The element of `key`, or NULL. It is good until the next recent_put(). */
void *recent_find(const struct recent *recent, struct map_key key);

/* The element of `key`, which is among the newest then; all zero when it was not there. NULL when memory is out. */
void *recent_put(struct recent *recent, struct map_key key);

#endif
