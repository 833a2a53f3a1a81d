/* SPDX-License-Identifier: GPL-2.0-only */
#include "rule/filter_operand.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "rule/expr.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int filter_item_text(struct scan *s, size_t from, struct filter_node *node)
{
	free(node->text);
	node->text = scan_copy(s, from, s->at);
	if (!node->text)
		return -ENOMEM;
	node->len = 0;
	for (const char *p = node->text; *p; p++)
		if (!strchr(" \t\n\r", *p))
			node->text[node->len++] = *p;
	node->text[node->len] = '\0';
	return 0;
}

/* The rune in UTF-8; what is none (a surrogate) was refused before. */
static size_t encode(uint32_t rune, char out[4])
{
	if (rune < 0x80) {
		out[0] = (char)rune;
		return 1;
	}
	if (rune < 0x800) {
		out[0] = (char)(0xc0 | rune >> 6);
		out[1] = (char)(0x80 | (rune & 0x3f));
		return 2;
	}
	if (rune < 0x10000) {
		out[0] = (char)(0xe0 | rune >> 12);
		out[1] = (char)(0x80 | (rune >> 6 & 0x3f));
		out[2] = (char)(0x80 | (rune & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | rune >> 18);
	out[1] = (char)(0x80 | (rune >> 12 & 0x3f));
	out[2] = (char)(0x80 | (rune >> 6 & 0x3f));
	out[3] = (char)(0x80 | (rune & 0x3f));
	return 4;
}

/* `count` digits of `base` at the cursor. */
static bool parse_digits(struct scan *s, size_t count, unsigned int base, uint32_t *value)
{
	uint64_t sum = 0;
	size_t got;

	for (got = 0; got < count && s->at < s->end; got++, s->at++) {
		char c = s->text[s->at];
		unsigned int digit = is_digit(c)            ? (unsigned int)(c - '0')
				     : c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a' + 10)
				     : c >= 'A' && c <= 'F' ? (unsigned int)(c - 'A' + 10)
							    : 16;

		if (digit >= base)
			return false;
		sum = sum * base + digit;
	}
	*value = (uint32_t)sum;
	return got == count;
}

/* An escape sequence of Go's interpreted strings; the cursor is behind the backslash. */
static int parse_escape(struct scan *s, char out[4], size_t *len)
{
	static const char letters[] = "abfnrtv\\\"", meaning[] = "\a\b\f\n\r\t\v\\\"";
	size_t from = s->at - 1;
	const char *letter;
	uint32_t value;
	bool ok, rune = false;
	char c;

	if (s->at == s->end)
		return scan_fail(
			s, from,
			"the string ends in the middle of an escape; write \\\\ for a backslash");
	c = s->text[s->at];
	letter = strchr(letters, c);
	if (letter) {
		s->at++;
		out[0] = meaning[letter - letters];
		*len = 1;
		return 0;
	}
	switch (c) {
	case 'x':
		s->at++;
		ok = parse_digits(s, 2, 16, &value);
		break;
	case 'u':
	case 'U':
		s->at++;
		rune = true;
		ok = parse_digits(s, c == 'u' ? 4 : 8, 16, &value) && value <= 0x10ffff &&
		     !(value >= 0xd800 && value <= 0xdfff);
		break;
	default:
		ok = parse_digits(s, 3, 8, &value) && value <= 0xff;
	}
	if (!ok)
		return scan_fail(
			s, from,
			"bad escape '\\%c'; Go's are \\n \\t \\\" \\\\ \\xff \\377 \\u00e4 "
			"and their like",
			c);
	if (rune) {
		*len = encode(value, out);
	} else {
		out[0] = (char)value;
		*len = 1;
	}
	return 0;
}

static int parse_text(struct scan *s, struct filter_node *node)
{
	size_t from = s->at++;

	node->kind = FILTER_TEXT;
	node->text = calloc(1, FILTER_TEXT_MAX + 1);
	if (!node->text)
		return scan_nomem(s);
	while (s->at < s->end && s->text[s->at] != '"') {
		char bytes[4] = {s->text[s->at++]};
		size_t len = 1;
		int err = bytes[0] == '\\' ? parse_escape(s, bytes, &len) : 0;

		if (err)
			return err;
		if (len > FILTER_TEXT_MAX - node->len)
			return scan_fail(s, from,
					 "a string of more than %d bytes; write less, or ~ and its "
					 "beginning",
					 FILTER_TEXT_MAX);
		memcpy(node->text + node->len, bytes, len);
		node->len += len;
	}
	if (s->at == s->end)
		return scan_fail(s, from, "the closing '\"' is missing for this string; write it");
	s->at++;
	return 0;
}

/* The end of a number, of whatever kind: digits, letters, points, and the sign of an exponent. */
static size_t number_end(const struct scan *s, size_t at)
{
	size_t digits = at + (s->text[at] == '-');
	bool hex =
		s->text[digits] == '0' && digits + 1 < s->end && (s->text[digits + 1] | 32) == 'x';

	for (at = digits; at < s->end; at++) {
		char c = s->text[at];

		if (scan_is_word(c) || c == '.')
			continue;
		if ((c == '-' || c == '+') && !hex && (s->text[at - 1] | 32) == 'e')
			continue;
		break;
	}
	return at;
}

static int parse_float(struct scan *s, size_t from, size_t to, struct filter_node *node)
{
	char *copy = scan_copy(s, from, to), *end;

	if (!copy)
		return -ENOMEM;
	node->kind = FILTER_FLOAT;
	node->real = strtod(copy, &end);
	if (*end || node->real - node->real != 0)
		scan_fail(s, from, "bad number '%s'; write it like 1.5 or 2e9", copy);
	else
		end = NULL;
	free(copy);
	return end ? -EINVAL : 0;
}

static int parse_time(struct scan *s, size_t from, size_t to, struct filter_node *node)
{
	struct error why;

	node->kind = FILTER_TIME;
	if (units_time(s->text + from, to - from, true, &node->number, &why))
		return scan_fail(s, from, "%s", why.text);
	return 0;
}

/* A number, or a TIME, which ends in a letter that is no hexadecimal digit. */
static int parse_number(struct scan *s, struct filter_node *node)
{
	size_t from = s->at, to = number_end(s, from), digits = from + (s->text[from] == '-');
	bool hex = to > digits + 1 && s->text[digits] == '0' && (s->text[digits + 1] | 32) == 'x';
	bool real = memchr(s->text + digits, '.', to - digits) ||
		    memchr(s->text + digits, 'e', to - digits) ||
		    memchr(s->text + digits, 'E', to - digits);
	char last = s->text[to - 1];
	int err;

	s->at = to;
	node->negative = digits > from;
	if (!hex && (last == 's' || last == 'm'))
		return parse_time(s, from, to, node);
	if (!hex && real)
		return parse_float(s, from, to, node);
	node->kind = FILTER_NUMBER;
	err = units_number(s->text + digits, to - digits, 0, &node->number);
	if (err == -ERANGE || (!err && node->negative && node->number > (uint64_t)INT64_MAX + 1))
		return scan_fail(s, from,
				 "the number '%.*s' has more than 64 bits; write a smaller one",
				 SCAN_PIECE(s, from, to));
	if (err)
		return scan_fail(s, from,
				 "bad number '%.*s'; write it decimal, hexadecimal (0x1f), octal "
				 "(017), or as a TIME with ns, us, ms, s or m",
				 SCAN_PIECE(s, from, to));
	if (node->negative)
		node->number = 0 - node->number;
	return 0;
}

/* true, false and nil are no names. */
static bool parse_constant(struct scan *s, struct filter_node *node)
{
	size_t from = s->at, to = scan_word(s);

	if (scan_equal(s, from, to, "true") || scan_equal(s, from, to, "false")) {
		node->kind = FILTER_BOOL;
		node->number = s->text[from] == 't';
		return true;
	}
	if (scan_equal(s, from, to, "nil")) {
		node->kind = FILTER_NIL;
		return true;
	}
	s->at = from;
	return false;
}

static int parse_variable(struct scan *s, struct filter_node *node)
{
	size_t from = s->at++;

	size_t to = scan_word(s);

	if (scan_equal(s, from, to, "$duration") || scan_equal(s, from, to, "$error")) {
		node->kind = s->text[from + 1] == 'd' ? FILTER_DURATION : FILTER_ERROR;
		return 0;
	}
	s->at = from;
	node->expr = rule_variable_parse(s, RULE_IN_FILTER);
	return node->expr ? filter_item_text(s, from, node) : -EINVAL;
}

int filter_operand_parse(struct scan *s, struct filter_node *node)
{
	char c = scan_peek(s);
	size_t from = s->at;

	node->column = scan_column(s, from);
	if (c == '"')
		return parse_text(s, node);
	if (is_digit(c) || (c == '-' && from + 1 < s->end && is_digit(s->text[from + 1])))
		return parse_number(s, node);
	if (rule_starts_name(c) && parse_constant(s, node))
		return 0;
	node->kind = FILTER_ITEM;
	if (c == '$')
		return parse_variable(s, node);
	if (c == '\'')
		return scan_fail(s, from,
				 "no operand begins with '; write strings in double quotes");
	if (c == '@' || (c == '+' && memchr(s->text + from, '(', s->end - from)))
		return scan_fail(
			s, from,
			"memory has no name here; give it one by a rule, FUNC(NAME=%c...), and "
			"write NAME",
			c);
	if (c != '*' && c != '%' && !rule_starts_name(c))
		return scan_unexpected(s, "an operand");
	node->expr = c == '%' ? rule_register_parse(s) : rule_name_parse(s);
	return node->expr ? filter_item_text(s, from, node) : -EINVAL;
}
