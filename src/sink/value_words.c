/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/value_words.h"

#include <inttypes.h>
#include <stdio.h>

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
