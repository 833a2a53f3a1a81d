/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/percent.h"

#include <string.h>

/* -1: it is none. */
static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

void percent_decode(struct buf *buf, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		int high = text[i] == '%' && i + 2 < len ? hex_digit(text[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(text[i + 2]) : -1;

		buf_addc(buf, low >= 0 ? (char)(high << 4 | low) : text[i]);
		i += low >= 0 ? 2 : 0;
	}
}
