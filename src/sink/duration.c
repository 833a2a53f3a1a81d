/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/duration.h"

#include "base/digits.h"

static const struct {
	const char *name; /* with the space before it */
	uint64_t ns;      /* of one */
	unsigned int len;
} units[] = {
	{" ns", 1, 3},
	{" us", 1000, 3},
	{" ms", 1000000, 3},
	{" s", 1000000000, 2},
};

/* What most calls take, below 999.5 us: a number of three digits, by constants that the compiler
 * divides by without a division. */
static char *put_microseconds(char *to, uint64_t ns)
{
	unsigned int value;

	if (ns < 9995) {
		value = (unsigned int)(ns + 5) / 10;
		*to++ = (char)('0' + value / 100);
		*to++ = '.';
		memcpy(to, digits_pairs + value % 100 * 2, 2);
		to += 2;
	} else if (ns < 99950) {
		value = (unsigned int)(ns + 50) / 100;
		memcpy(to, digits_pairs + value / 10 * 2, 2);
		to[2] = '.';
		to[3] = (char)('0' + value % 10);
		to += 4;
	} else {
		value = (unsigned int)(ns + 500) / 1000;
		*to++ = (char)('0' + value / 100);
		memcpy(to, digits_pairs + value % 100 * 2, 2);
		to += 2;
	}
	memcpy(to, " us", 3);
	return to + 3;
}

#define LAST_UNIT (sizeof(units) / sizeof(units[0]) - 1)

char *duration_put(char *to, uint64_t ns)
{
	unsigned int unit = 0, decimals = 2;
	uint64_t step, value;

	if (ns < 1000) {
		to = digits_put(to, ns);
		memcpy(to, " ns", 3);
		return to + 3;
	}
	if (ns < 999500)
		return put_microseconds(to, ns);
	/* A value that would round up to 1000 is 1.00 of the next unit. */
	while (unit < LAST_UNIT && ns >= units[unit + 1].ns - units[unit + 1].ns / 2000)
		unit++;
	step = units[unit].ns / 100;
	while (decimals && ns >= step * 1000 - step / 2) {
		step *= 10;
		decimals--;
	}
	value = ns / step + (ns % step >= step - step / 2);
	to = digits_put(to, value / digits_powers[decimals]);
	if (decimals) {
		*to++ = '.';
		to = digits_padded(to, value, decimals);
	}
	memcpy(to, units[unit].name, units[unit].len);
	return to + units[unit].len;
}

char duration_mark(uint64_t ns)
{
	static const struct {
		uint64_t above;
		char mark;
	} marks[] = {
		{1000000000, '$'}, {100000000, '@'}, {10000000, '*'},
		{1000000, '#'},    {100000, '!'},    {10000, '+'},
	};

	if (ns <= 10000)
		return ' ';
	for (unsigned int i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (ns > marks[i].above)
			return marks[i].mark;
	return ' ';
}

const char *duration_color(uint64_t ns)
{
	switch (duration_mark(ns)) {
	case '!':
		return "\033[32m";
	case '#':
		return "\033[33m";
	case '*':
		return "\033[35m";
	case '@':
	case '$':
		return "\033[31m";
	default:
		return NULL;
	}
}
