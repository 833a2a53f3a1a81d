/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/mark.h"

#include <stddef.h>

const struct mark_kind mark_loss = {
	.name = "loss",
	.fields =
		(const struct mark_field[]){
			{"pid", MARK_PID},
			{"goid", MARK_GOID},
			{"start", MARK_START},
			{"records", MARK_RESULT},
			{.name = NULL},
		},
	.words = "%r records lost",
	.words_one = "%r record lost",
	.adds_up = true,
};

const struct mark_kind mark_switched_off = {
	.name = "disabled",
	.fields =
		(const struct mark_field[]){
			{"func", MARK_FUNC},
			{"start", MARK_START},
			{"rate", MARK_RESULT},
			{.name = NULL},
		},
	.words = "%f switched off: %r calls/s",
	.of_trace = true,
};
