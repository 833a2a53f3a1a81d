/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/escape.h"

#define EVERY_BYTE(c) (0x0101010101010101u * (uint64_t)(c))

/* Ranges in ascending order, of everything from U+0080 on that is hidden. */
static const struct {
	uint32_t first, last;
} hidden_ranges[] = {
	{0x80, 0xa0},       {0xad, 0xad},        {0x600, 0x605},     {0x61c, 0x61c},
	{0x6dd, 0x6dd},     {0x70f, 0x70f},      {0x890, 0x891},     {0x8e2, 0x8e2},
	{0x1680, 0x1680},   {0x180e, 0x180e},    {0x2000, 0x200f},   {0x2028, 0x202f},
	{0x205f, 0x206f},   {0x3000, 0x3000},    {0xd800, 0xf8ff},   {0xfdd0, 0xfdef},
	{0xfeff, 0xfeff},   {0xfff0, 0xfffb},    {0xfffe, 0xffff},   {0x110bd, 0x110bd},
	{0x110cd, 0x110cd}, {0x13430, 0x1343f},  {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a},
	{0xe0000, 0xe00ff}, {0xe01f0, 0x10ffff},
};

bool utf8_hidden(uint32_t rune)
{
	size_t low = 0, high = sizeof(hidden_ranges) / sizeof(*hidden_ranges);

	if (rune < 0x80)
		return rune < 0x20 || rune == 0x7f;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (rune < hidden_ranges[mid].first)
			high = mid;
		else if (rune > hidden_ranges[mid].last)
			low = mid + 1;
		else
			return true;
	}
	return false;
}

/*
 * What the first byte says: the length of the character (0: no first byte) and, in `low` and
 * `high`, where the second byte must lie (RFC 3629, section 4).
 */
static size_t utf8_start(unsigned char first, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xbf;
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	if (first < 0xe0)
		return 2;
	if (first < 0xf0) {
		if (first == 0xe0)
			*low = 0xa0;
		if (first == 0xed)
			*high = 0x9f;
		return 3;
	}
	if (first == 0xf0)
		*low = 0x90;
	if (first == 0xf4)
		*high = 0x8f;
	return 4;
}

/* How many of the `have` bytes could begin a character; *need is its whole length, or 0. */
static size_t utf8_prefix(const unsigned char *p, size_t have, size_t *need)
{
	unsigned char low, high;
	size_t n = 1;

	*need = utf8_start(p[0], &low, &high);
	if (*need > 1 && have > 1 && p[1] >= low && p[1] <= high)
		for (n = 2; n < *need && n < have && (p[n] & 0xc0) == 0x80;)
			n++;
	return n;
}

size_t utf8_decode(const char *bytes, size_t len, uint32_t *rune)
{
	const unsigned char *p = (const unsigned char *)bytes;
	size_t need;
	uint32_t r;

	if (utf8_prefix(p, len, &need) != need)
		return 0;
	/* The first byte of n holds 7 - n bits of it; of 1 all. */
	r = need == 1 ? p[0] : p[0] & (0x7fu >> need);
	for (size_t i = 1; i < need; i++)
		r = r << 6 | (p[i] & 0x3fu);
	*rune = r;
	return need;
}

static inline bool may_be_odd(uint64_t w, bool quotes)
{
	uint64_t odd = w | (w - EVERY_BYTE(0x20)) | ((w ^ EVERY_BYTE(0x7f)) - EVERY_BYTE(1));

	if (quotes)
		odd |= ((w ^ EVERY_BYTE('"')) - EVERY_BYTE(1)) |
		       ((w ^ EVERY_BYTE('\\')) - EVERY_BYTE(1));
	return odd & EVERY_BYTE(0x80);
}

/* One to seven bytes, some of them twice, and blanks. */
static inline uint64_t load_few(const char *p, size_t len)
{
	uint32_t low, high;
	uint16_t first, last;

	if (len >= 4) {
		memcpy(&low, p, 4);
		memcpy(&high, p + len - 4, 4);
		return low | (uint64_t)high << 32;
	}
	if (len == 1)
		return (EVERY_BYTE(' ') & ~0xffull) | (unsigned char)*p;
	memcpy(&first, p, 2);
	memcpy(&last, p + len - 2, 2);
	return (EVERY_BYTE(' ') & ~0xffffffffull) | first | (uint64_t)last << 16;
}

/*
 * How many bytes from `p` on are copied as they are: ASCII from the blank to `~`, without `"` and
 * `\` when those are special. Eight at a time; a word that may hold another byte (the borrow of the
 * subtractions makes false alarms, never misses) is gone through byte by byte.
 */
static inline size_t plain_run(const char *p, size_t len, bool quotes)
{
	size_t n = 0;

	for (; n + 8 <= len; n += 8) {
		uint64_t w;

		memcpy(&w, p + n, 8);
		if (may_be_odd(w, quotes))
			break;
	}
	if (len - n < 8 && (n == len || !may_be_odd(load_few(p + n, len - n), quotes)))
		return len;
	for (; n < len; n++) {
		unsigned char c = (unsigned char)p[n];

		if (c < 0x20 || c >= 0x7f || (quotes && (c == '"' || c == '\\')))
			break;
	}
	return n;
}

static void add_hex(struct buf *buf, const char *prefix, uint32_t value, unsigned int digits)
{
	char *to = buf_room(buf, 2 + digits);

	if (!to)
		return;
	*to++ = prefix[0];
	*to++ = prefix[1];
	for (unsigned int i = digits; i > 0; i--)
		*to++ = "0123456789abcdef"[value >> (4 * (i - 1)) & 15];
	buf->len += 2 + digits;
}

static void add_go_escape(struct buf *buf, uint32_t rune)
{
	static const char names[] = "abtnvfr"; /* \a is 7, \r is 13 */

	if (rune >= 7 && rune <= 13) {
		buf_addc(buf, '\\');
		buf_addc(buf, names[rune - 7]);
	} else if (rune < 0x80) {
		add_hex(buf, "\\x", rune, 2);
	} else if (rune < 0x10000) {
		add_hex(buf, "\\u", rune, 4);
	} else {
		add_hex(buf, "\\U", rune, 8);
	}
}

static void add_json_escape(struct buf *buf, uint32_t rune)
{
	static const char names[] = "btn\0fr"; /* \b is 8, \r is 13; JSON has no \v */

	if (rune >= 8 && rune <= 13 && names[rune - 8]) {
		buf_addc(buf, '\\');
		buf_addc(buf, names[rune - 8]);
	} else if (rune < 0x10000) {
		add_hex(buf, "\\u", rune, 4);
	} else {
		add_hex(buf, "\\u", 0xd800 + ((rune - 0x10000) >> 10), 4);
		add_hex(buf, "\\u", 0xdc00 + ((rune - 0x10000) & 0x3ff), 4);
	}
}

static inline void escape(struct buf *buf, const char *bytes, size_t len, bool quotes, bool json)
{
	while (len) {
		size_t n = plain_run(bytes, len, quotes);
		uint32_t rune;

		buf_add(buf, bytes, n);
		bytes += n;
		len -= n;
		if (!len)
			return;
		n = utf8_decode(bytes, len, &rune);
		if (!n) {
			if (json)
				buf_add(buf, "\xef\xbf\xbd", 3);
			else
				add_hex(buf, "\\x", (unsigned char)*bytes, 2);
			n = 1;
		} else if (n == 1 && (rune == '"' || rune == '\\')) {
			buf_addc(buf, '\\');
			buf_addc(buf, (char)rune);
		} else if (!utf8_hidden(rune)) {
			buf_add(buf, bytes, n);
		} else if (json) {
			add_json_escape(buf, rune);
		} else {
			add_go_escape(buf, rune);
		}
		bytes += n;
		len -= n;
	}
}

void escape_text(struct buf *buf, const char *bytes, size_t len)
{
	escape(buf, bytes, len, false, false);
}

void escape_quoted(struct buf *buf, const char *bytes, size_t len)
{
	buf_addc(buf, '"');
	escape(buf, bytes, len, true, false);
	buf_addc(buf, '"');
}

void escape_json(struct buf *buf, const char *bytes, size_t len)
{
	escape(buf, bytes, len, true, true);
}

bool escape_json_none(const char *bytes, size_t len)
{
	return plain_run(bytes, len, true) == len;
}

bool utf8_valid(const char *bytes, size_t len)
{
	while (len) {
		size_t n = plain_run(bytes, len, false);
		uint32_t rune;

		if (!n)
			n = utf8_decode(bytes, len, &rune);
		if (!n)
			return false;
		bytes += n;
		len -= n;
	}
	return true;
}

size_t utf8_cut(const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;

	for (size_t back = 1; back <= 3 && back <= len; back++) {
		size_t need;

		if ((p[len - back] & 0xc0) == 0x80)
			continue;
		if (utf8_prefix(p + len - back, back, &need) == back && back < need)
			return len - back;
		break;
	}
	return len;
}
