/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/error.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"

/*
 * The text goes to a terminal and may hold names from a hostile file. In place, so that the length
 * stays: one '?' for each byte of what must not be shown or is no UTF-8.
 */
static void replace_hidden(char *text)
{
	size_t len = utf8_cut(text, strlen(text));
	uint32_t rune;

	text[len] = '\0';
	for (size_t at = 0, n; at < len; at += n) {
		n = utf8_decode(text + at, len - at, &rune);
		if (n && !utf8_hidden(rune))
			continue;
		n = n ? n : 1;
		memset(text + at, '?', n);
	}
}

/* The text is put together aside: the arguments may point into the old one. */
int(error_set)(struct error *err, int code, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	if (!err)
		return code;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	replace_hidden(text);
	err->code = code;
	memcpy(err->text, text, sizeof(text));
	return code;
}

int(error_prefix)(struct error *err, const char *fmt, ...)
{
	char text[sizeof(err->text)], old[sizeof(err->text)];
	va_list args;
	size_t used;

	if (!err)
		return -EINVAL;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	memcpy(old, err->text, sizeof(old));
	memcpy(err->text, text, sizeof(text));
	used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", old);
	replace_hidden(err->text);
	return err->code;
}
