/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/saying.h"

#include <inttypes.h>
#include <stdio.h>

void saying_add(struct saying *saying, const char *text, size_t len)
{
	if (saying->cut) {
		saying->missing += len;
		return;
	}
	if (saying->failed || len > VALUE_SAYS_MAX - saying->len) {
		saying->failed = true;
		return;
	}
	memcpy(saying->room + saying->len, text, len);
	saying->len += len;
}

void saying_words(struct saying *saying, const char *words)
{
	saying_add(saying, words, strlen(words));
}

void saying_number(struct saying *saying, int64_t number)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, number);
	saying_words(saying, digits);
}

void saying_text(struct saying *saying, const struct value *text)
{
	if (text->kind == VALUE_TEXT && !text->truncated)
		saying_add(saying, text->text, text->nbytes);
	else
		saying->failed = true;
}

void saying_message(struct saying *saying, const struct value *text)
{
	struct value there = *text;

	there.truncated = false;
	saying_text(saying, &there);
	if (!text->truncated || saying->failed)
		return;
	saying->cut = true;
	saying->missing += text->len - text->nbytes;
}

void saying_quoted(struct saying *saying, const struct value *text)
{
	for (size_t i = 0; text->kind == VALUE_TEXT && i < text->nbytes; i++) {
		char c = text->text[i];

		if (c < ' ' || c > '~' || c == '"' || c == '\\')
			saying->failed = true;
	}
	saying_words(saying, "\"");
	saying_text(saying, text);
	saying_words(saying, "\"");
}

bool saying_has(const struct saying *saying, enum error_part part)
{
	const struct error_slot *at = saying->parts ? &saying->parts->parts[part] : NULL;

	return at && at->slot && value_has(saying->src, at->slot, at->len) &&
	       value_status(saying->src, at->status) == FT_V_OK;
}

uint64_t saying_word(struct saying *saying, enum error_part part, uint32_t word)
{
	const struct error_slot *at = saying->parts ? &saying->parts->parts[part] : NULL;

	if (!saying_has(saying, part) || at->len < 8 * word + 8) {
		saying->failed = true;
		return 0;
	}
	return value_word(saying->src, at->slot + 8u * word);
}

struct value saying_string(const struct saying *saying, enum error_part part)
{
	struct reading reading = {.is.kind = VALUE_DEEPER};
	enum error_part in = error_header(part).in;
	const struct error_slot *text, *header;

	if (!saying_has(saying, in))
		return reading.is;
	text = &saying->parts->parts[part];
	header = &saying->parts->parts[in];
	if (text->slot) {
		struct value_place place = {.at = header->slot,
					    .end = (uint32_t)header->slot + header->len};
		struct shape shape = {.kind = SHAPE_STRING,
				      .size = 16,
				      .at = 8u * text->word,
				      .data = text->slot,
				      .data_len = text->len,
				      .data_status = text->status};

		reading_of(saying->src, &place, &shape, &reading);
	}
	return reading.is;
}

void saying_part(struct saying *saying, enum error_part part)
{
	struct value text = saying_string(saying, part);

	saying_text(saying, &text);
}

const struct rtype *saying_type(const struct saying *saying, uint64_t itab)
{
	const struct value_source *src = saying->src;

	return itab && src->types ? rtypes_of_itab(src->types, itab - src->bias) : NULL;
}
