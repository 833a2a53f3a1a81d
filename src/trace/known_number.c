/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that are more than a word. Sources: Go's src/math/big/nat.go; RFC 9562; the ULID specification. */
#include <stdio.h>

#include "trace/known.h"

/* Words that a part brings (known_build.c), and the decimal digits that they come to at most. */
#define BIG_WORDS  8
#define BIG_DIGITS 155

/* Divides the number, lowest word first, by ten; the remainder. */
static unsigned int divide(uint64_t words[BIG_WORDS])
{
	unsigned __int128 rest = 0;

	for (unsigned int i = BIG_WORDS; i-- > 0;) {
		rest = rest << 64 | words[i];
		words[i] = (uint64_t)(rest / 10);
		rest %= 10;
	}
	return (unsigned int)rest;
}

static bool is_nothing(const uint64_t words[BIG_WORDS])
{
	for (unsigned int i = 0; i < BIG_WORDS; i++)
		if (words[i])
			return false;
	return true;
}

void known_big(struct knowing *k)
{
	uint64_t words[BIG_WORDS] = {0};
	char digits[BIG_DIGITS + 2];
	size_t at = sizeof(digits) - 1;
	struct reading number, word;

	known_read(k, 1, &number);
	if (number.is.kind != VALUE_NULL && (number.is.kind != VALUE_LIST || number.is.truncated ||
					     number.is.nchildren > BIG_WORDS)) {
		k->say.failed = true;
		return;
	}
	for (uint32_t i = 0; i < number.is.nchildren; i++) {
		reading_child(k->say.src, &number, i, &word);
		k->say.failed |= word.is.kind != VALUE_UNSIGNED;
		words[i] = word.is.u;
	}
	digits[at] = '\0';
	do
		digits[--at] = (char)('0' + divide(words));
	while (!is_nothing(words));
	known_words(k, known_number(k, 0) ? "-" : "");
	known_words(k, digits + at);
}

static const unsigned char *bytes_of(struct knowing *k)
{
	struct value bytes = known_text(k, 0);

	if (bytes.nbytes != 16)
		k->say.failed = true;
	return k->say.failed ? NULL : (const unsigned char *)bytes.text;
}

void known_uuid(struct knowing *k)
{
	const unsigned char *bytes = bytes_of(k);
	char text[40];
	size_t len = 0;

	for (unsigned int i = 0; bytes && i < 16; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%02x",
					i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
	if (bytes)
		known_words(k, text);
}

/* Crockford's base 32, five bits a digit, the first of three. */
void known_ulid(struct knowing *k)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	const unsigned char *bytes = bytes_of(k);
	unsigned __int128 number = 0;
	char text[27] = "";

	for (unsigned int i = 0; bytes && i < 16; i++)
		number = number << 8 | bytes[i];
	for (unsigned int i = 0; bytes && i < 26; i++)
		text[i] = digits[(unsigned int)(number >> (125 - 5 * i)) & 31];
	known_words(k, text);
}
