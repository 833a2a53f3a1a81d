/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * html_pack: bytes on their way into a page: deflated (zlib's form), then base64 in lines, of which no one can end a <script>.
 *
 * Memory is bounded: what is full goes to the outlet. A page that was not finished has whole lines; what was packed into
 * them can be unpacked. The caller owns the struct and releases it with html_pack_release().
 */
#ifndef FTRACE_SINK_HTML_PACK_H
#define FTRACE_SINK_HTML_PACK_H

#include <stdbool.h>
#include <stdint.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/outlet.h"

/* Bytes of a line, before they are base64: a multiple of 3, so that each line stands for itself. */
#define HTML_LINE (48 * 1024)

struct html_pack {
	struct outlet *outlet;
	struct buf in; /* what is still to be packed: records are added here */
	z_stream zip;
	bool zipping;
	uint32_t len; /* of `line` */
	unsigned char line[HTML_LINE];
};

/* 0 or -ENOMEM. The outlet is the caller's and outlives the struct. */
int html_pack_init(struct html_pack *pack, struct outlet *outlet);
void html_pack_release(struct html_pack *pack);

/* Packs what is there, if it is much, or `last`: nothing comes behind it. 0 or a negative errno. */
int html_pack_some(struct html_pack *pack, bool last);

/* Numbers and texts of a record: a varint, one that may be negative (zigzag), a text behind its length in bytes. */
void html_put(struct buf *buf, uint64_t value);
void html_put_signed(struct buf *buf, int64_t value);
void html_put_text(struct buf *buf, const char *bytes, size_t len);

#endif
