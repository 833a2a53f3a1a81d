/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call_site: callers as a sink writes them, rendered once and kept.
 *
 * The cache holds at most CALL_SITES_MAX of them and CALL_SITES_TEXT bytes; when it is full it is
 * emptied.
 */
#ifndef FTRACE_SINK_CALL_SITE_H
#define FTRACE_SINK_CALL_SITE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/map.h"
#include "call/catalog.h"
#include "call/tree.h"

#define CALL_SITES_MAX  65536
#define CALL_SITES_TEXT (16u << 20)

/*
 * main.main+15 main.go:10     text: the three parts stand one after the other, so that
 * --------~~~ ===========     a narrow terminal gets the first and the last, or the last alone
 *
 * For JSON all is in the first part.
 */
struct call_site {
	size_t at;         /* in the cache's text */
	const char *text;  /* PUT_SLACK bytes of it can be read */
	uint32_t len;      /* bytes of all; 0: nothing is known of the caller */
	uint32_t width;    /* columns of all */
	uint32_t name_len; /* bytes of the function's name */
	uint32_t name_width;
	uint32_t file_len; /* bytes of the last part, without the space before it; 0: unknown */
	uint32_t file_width;
};

/* Appends the text of `caller`, which is in `exe`, to `buf` and sets all but `at`, `text`, `len` and `width`. */
typedef void call_site_render(void *arg, struct buf *buf, const struct caller *caller,
			      const struct catalog_exe *exe, struct call_site *site);

#define CALL_SITES_RECENT 64

/* One that was found lately, at the place its address tells: most calls come from few places. */
struct call_site_recent {
	uint64_t pc;
	uint32_t exe;
	uint32_t number; /* 1 + its index; 0: none */
};

struct call_sites {
	const struct catalog *catalog;
	call_site_render *render;
	void *arg;
	struct map map;
	struct call_site *sites;
	size_t count, cap;
	struct buf text;
	struct call_site_recent recent[CALL_SITES_RECENT];
};

/* The caller owns the struct; the catalog and `arg` outlive it. */
void call_sites_init(struct call_sites *sites, const struct catalog *catalog,
		     call_site_render *render, void *arg);
void call_sites_release(struct call_sites *sites);

/* What stands where a call of a function of executable `exe` was made, good until the next call of this function; NULL
 * when it is not known or memory is out. `source` is the tree's, and may be NULL. */
const struct call_site *call_sites_find(struct call_sites *sites, struct tree_source *source,
					const struct call *call, uint32_t exe);

#endif
