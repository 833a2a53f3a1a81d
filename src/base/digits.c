/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/digits.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TEN(d) d "0" d "1" d "2" d "3" d "4" d "5" d "6" d "7" d "8" d "9"

const char digits_pairs[] =
	TEN("0") TEN("1") TEN("2") TEN("3") TEN("4") TEN("5") TEN("6") TEN("7") TEN("8") TEN("9");

const uint64_t digits_powers[20] = {
	1,
	10,
	100,
	1000,
	10000,
	100000,
	1000000,
	10000000,
	100000000,
	1000000000,
	10000000000,
	100000000000,
	1000000000000,
	10000000000000,
	100000000000000,
	1000000000000000,
	10000000000000000,
	100000000000000000,
	1000000000000000000,
	10000000000000000000u,
};

/* Fifteen digits (six) always survive in a normal number, so that the first text which reads back
 * is the shortest; below them there are fewer. Source: C11 5.2.4.2.2, DBL_DIG and FLT_DIG. */
size_t digits_float(double number, bool single, char room[DIGITS_FLOAT_MAX])
{
	int most = single ? 9 : 17, digits = single ? 6 : 15, len = 0;

	if (isnan(number))
		return (size_t)snprintf(room, DIGITS_FLOAT_MAX, "NaN");
	if (isinf(number))
		return (size_t)snprintf(room, DIGITS_FLOAT_MAX, number < 0 ? "-Inf" : "+Inf");
	if (single ? fpclassify((float)number) == FP_SUBNORMAL : fpclassify(number) == FP_SUBNORMAL)
		digits = 1;
	for (; digits <= most; digits++) {
		len = snprintf(room, DIGITS_FLOAT_MAX, "%.*g", digits, number);
		if (single ? strtof(room, NULL) == (float)number : strtod(room, NULL) == number)
			break;
	}
	return (size_t)len;
}
