/* SPDX-License-Identifier: GPL-2.0-only */
/* Text: whole, cut, up to a NUL. */
#include "base/escape.h"
#include "trace/reading_priv.h"

void reading_text(const struct value_source *src, uint64_t at, uint64_t len, uint64_t count,
		  struct reading *reading)
{
	const char *bytes;
	size_t whole;

	if (!value_has(src, at, len)) {
		reading_fail(reading, VALUE_NOT_READ);
		return;
	}
	bytes = (const char *)src->bytes + at;
	reading->is.kind = VALUE_TEXT;
	reading->is.text = bytes;
	reading->is.truncated = reading->is.counted = len < count;
	reading->is.len = count;
	whole = reading->is.truncated ? utf8_cut(bytes, len) : len;
	reading->is.utf8 = utf8_valid(bytes, whole);
	reading->is.nbytes = (uint32_t)(reading->is.utf8 ? whole : len);
}

void reading_cstring(const struct value_source *src, const struct shape *shape,
		     struct reading *reading)
{
	size_t len;

	if (!reading_guard(src, shape->data_status, shape->data, reading))
		return;
	if (!shape->data || !value_has(src, shape->data, shape->data_len)) {
		reading_fail(reading, VALUE_NOT_READ);
		return;
	}
	len = strnlen((const char *)src->bytes + shape->data, shape->data_len);
	/* One byte more stands for what the kernel side left behind: how much is not known. */
	if (value_status(src, shape->data_status) == FT_V_CUT) {
		reading_text(src, shape->data, len, len + 1, reading);
		reading->is.counted = false;
	} else {
		reading_text(src, shape->data, len, len, reading);
	}
}

/* Text of a fixed size: up to the first NUL, and back to a whole character. */
void reading_fixed_text(const struct value_source *src, uint32_t own, const struct shape *shape,
			struct reading *reading)
{
	const char *bytes = (const char *)src->bytes + own;
	size_t len = strnlen(bytes, shape->size);

	if (len == shape->size)
		len = utf8_cut(bytes, len);
	reading_text(src, own, len, len, reading);
	reading->is.kind = shape->kind == SHAPE_CHAR ? VALUE_CHAR : VALUE_TEXT;
}
