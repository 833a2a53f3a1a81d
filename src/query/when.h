/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * when: a time in a recording, as a person writes it.
 *
 *     12:28:24.98               the first time in the recording that clocks showed that; also 12:28
 *     2026-11-30 12:28:24.98    also with a T between them, or the date alone: its beginning
 *     +1.5s                     from the beginning
 *
 * Clocks are those of the time zone that is set here, as in what is shown; with a Z behind it, which a date may have, UTC.
 */
#ifndef FTRACE_QUERY_WHEN_H
#define FTRACE_QUERY_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/wall.h"

enum when_kind {
	WHEN_UNSAID,
	WHEN_RELATIVE, /* `since` */
	WHEN_TIME,     /* hour to ns */
	WHEN_DATE,     /* all of it */
};

struct when {
	uint8_t kind; /* enum when_kind */
	bool utc;
	uint64_t since;       /* ns from the beginning */
	int year, month, day; /* from 1 */
	int hour, minute, second;
	uint32_t ns;
};

/* 0, or -EINVAL with "CAUSE; REMEDY". */
int when_parse(const char *text, struct when *when, struct error *err);

/* What a recording is of: times of the trace. */
struct when_span {
	uint64_t start;
	uint64_t end; /* 0: not known */
	const struct wall *wall;
};

/* The time of the trace; 0: before all of it. A time of day that was over when the recording began is that of the next day, if
 * the recording lasts so long. */
uint64_t when_resolve(const struct when *when, const struct when_span *span);

#endif
