/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/value_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *value_error(const struct value *value, char room[VALUE_ERROR_MAX])
{
	switch (value->why) {
	case VALUE_UNREADABLE:
		snprintf(room, VALUE_ERROR_MAX, "<unreadable 0x%" PRIx64 ">", value->u);
		return room;
	case VALUE_BAD_LENGTH:
		if (!value->counted)
			return "<bad length>";
		snprintf(room, VALUE_ERROR_MAX, "<bad length %" PRId64 ">", value->s);
		return room;
	case VALUE_BAD_INDEX:
		return "<bad index>";
	case VALUE_UNKNOWN_TYPE:
		if (!value->counted)
			return "<unknown type>";
		snprintf(room, VALUE_ERROR_MAX, "<unknown type 0x%" PRIx64 ">", value->u);
		return room;
	case VALUE_IN_REGISTER:
		snprintf(room, VALUE_ERROR_MAX, "<in %s>", value->symbol ? value->symbol : "?");
		return room;
	case VALUE_LEFT_OUT:
		return "<left out: more than --max-bytes>";
	default:
		return "<not read>";
	}
}

/* Fifteen digits (six) always survive in a normal number, so that the first text which reads back
 * is the shortest; below them there are fewer. Source: C11 5.2.4.2.2, DBL_DIG and FLT_DIG. */
size_t value_float(double number, bool single, char room[VALUE_FLOAT_MAX])
{
	int most = single ? 9 : 17, digits = single ? 6 : 15, len = 0;

	if (isnan(number))
		return (size_t)snprintf(room, VALUE_FLOAT_MAX, "NaN");
	if (isinf(number))
		return (size_t)snprintf(room, VALUE_FLOAT_MAX, number < 0 ? "-Inf" : "+Inf");
	if (single ? fpclassify((float)number) == FP_SUBNORMAL : fpclassify(number) == FP_SUBNORMAL)
		digits = 1;
	for (; digits <= most; digits++) {
		len = snprintf(room, VALUE_FLOAT_MAX, "%.*g", digits, number);
		if (single ? strtof(room, NULL) == (float)number : strtod(room, NULL) == number)
			break;
	}
	return (size_t)len;
}
