/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/short_texts.h"

#include "base/escape.h"

/* FNV-1a, 32 bits. */
static uint32_t hash(const char *bytes, size_t len)
{
	uint32_t sum = 0x811c9dc5;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)bytes[i]) * 0x01000193;
	return sum;
}

static void put_anew(const struct short_names *names, struct buf *buf, const char *name, size_t len)
{
	struct buf whole = {0}, text = {0};

	buf_add(&whole, name, len);
	short_names_put(names, &text, buf_str(&whole));
	escape_text(buf, text.data, text.len);
	buf->failed |= whole.failed || text.failed;
	buf_release(&whole);
	buf_release(&text);
}

void short_texts_put(struct short_texts *texts, const struct short_names *names, struct buf *buf,
		     const char *name, size_t len)
{
	struct short_text *text;
	size_t from = buf->len;

	/* Nothing of it is a path. */
	if (!memchr(name, '/', len) && !memchr(name, '%', len)) {
		escape_text(buf, name, len);
		return;
	}
	text = texts ? &texts->texts[hash(name, len) % SHORT_TEXTS] : NULL;
	if (text && text->from_len == len && text->names == names &&
	    !memcmp(text->from, name, len)) {
		buf_add(buf, text->to, text->to_len);
		return;
	}
	put_anew(names, buf, name, len);
	if (!text || buf->failed || len > SHORT_TEXT_LONG || buf->len - from > SHORT_TEXT_LONG)
		return;
	text->names = names;
	text->from_len = (uint8_t)len;
	text->to_len = (uint8_t)(buf->len - from);
	memcpy(text->from, name, len);
	memcpy(text->to, buf->data + from, text->to_len);
}
