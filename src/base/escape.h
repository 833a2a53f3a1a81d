/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * escape: text from the target, made harmless for a terminal or a JSON string.
 *
 * What a terminal acts on or a reader cannot see is "hidden": control characters, DEL, the C1
 * controls (U+0080..U+009F), blanks other than the ASCII one, format characters (zero width,
 * directional overrides), private use and noncharacters. It never gets out as itself. The rest of
 * UTF-8 is passed on as it is. Bytes that are not UTF-8 (RFC 3629: shortest form, no surrogates, up
 * to U+10FFFF) are taken one by one. Time is linear; plain ASCII is copied in runs.
 *
 * Sources: Go's strconv.Quote for the form of the escapes; the Unicode character database,
 * categories Cc, Cf, Co, Zl, Zp, Zs, for what is hidden. Unassigned characters pass.
 */
#ifndef FTRACE_BASE_ESCAPE_H
#define FTRACE_BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Hidden characters as strconv.Quote writes them (\n, \x1b, \u202e, \U000e0001), bytes that are not
 * UTF-8 as \xff; `"` and `\` stay. For names, which stand without quotes. */
void escape_text(struct buf *buf, const char *bytes, size_t len);

/* The same in double quotes, with `"` and `\` escaped: a Go string literal. */
void escape_quoted(struct buf *buf, const char *bytes, size_t len);

/* The inside of a JSON string (RFC 8259), pure in the same sense: hidden characters as \u202e or a
 * surrogate pair. A byte that is not UTF-8 becomes U+FFFD. */
void escape_json(struct buf *buf, const char *bytes, size_t len);

/* Whether that would be the bytes as they are. */
bool escape_json_none(const char *bytes, size_t len);

/* The length of the valid UTF-8 character at `bytes` (1 to 4), which goes to *rune; 0 when there is
 * none. `len` must not be 0. */
size_t utf8_decode(const char *bytes, size_t len, uint32_t *rune);

bool utf8_valid(const char *bytes, size_t len);

/* `len` without the incomplete character at its end, if there is one; bytes that no further byte
 * could make a character stay. For text that was cut at a fixed length. */
size_t utf8_cut(const char *bytes, size_t len);

/* True for a character that must not reach a terminal as itself. */
bool utf8_hidden(uint32_t rune);

#endif
