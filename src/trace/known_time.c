/* SPDX-License-Identifier: GPL-2.0-only */
/* Times, in the words of Go's package time. Source: Go's src/time/time.go, format.go. */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "trace/known.h"

#define SECOND 1000000000u

/* As Duration.String() has it: 1h0m2.5s, 1.5ms. */
void known_nanoseconds(struct knowing *k, int64_t duration)
{
	uint64_t ns = duration < 0 ? -(uint64_t)duration : (uint64_t)duration, scale = SECOND;
	const char *unit = "s";
	unsigned int digits = 0;

	known_words(k, duration < 0 ? "-" : "");
	if (ns >= SECOND) {
		uint64_t minutes = ns / SECOND / 60;

		if (minutes >= 60) {
			known_digits(k, minutes / 60, 1);
			known_words(k, "h");
		}
		if (minutes) {
			known_digits(k, minutes % 60, 1);
			known_words(k, "m");
		}
		ns -= minutes * 60 * SECOND;
	} else if (ns) {
		scale = ns >= 1000000 ? 1000000 : ns >= 1000 ? 1000 : 1;
		unit = scale == 1 ? "ns" : scale == 1000 ? "\u00b5s" : "ms";
	}
	known_digits(k, ns / scale, 1);
	for (ns %= scale; scale > 1; scale /= 10)
		digits++;
	while (ns && ns % 10 == 0) {
		ns /= 10;
		digits--;
	}
	if (ns) {
		known_words(k, ".");
		known_digits(k, ns, digits);
	}
	known_words(k, unit);
}

void known_duration(struct knowing *k)
{
	known_nanoseconds(k, (int64_t)known_number(k, 0));
}

void known_span(struct knowing *k)
{
	int64_t seconds = (int64_t)known_number(k, 0), ns = (int32_t)known_number(k, 1), all;

	if (__builtin_mul_overflow(seconds, (int64_t)SECOND, &all) ||
	    __builtin_add_overflow(all, ns, &all))
		k->say.failed = true;
	else
		known_nanoseconds(k, all);
}

/* As RFC3339Nano has it in UTC; of years from 1 to 9999 only. */
static void add_time(struct knowing *k, int64_t seconds, uint64_t ns)
{
	time_t unix_time = (time_t)seconds;
	unsigned int digits = 9;
	char text[64];
	struct tm tm;

	if (ns >= SECOND || !gmtime_r(&unix_time, &tm) || tm.tm_year + 1900 < 1 ||
	    tm.tm_year + 1900 > 9999) {
		k->say.failed = true;
		return;
	}
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
		 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	known_words(k, text);
	while (ns && ns % 10 == 0) {
		ns /= 10;
		digits--;
	}
	if (ns) {
		known_words(k, ".");
		known_digits(k, ns, digits);
	}
	known_words(k, "Z");
}

void known_seconds(struct knowing *k)
{
	add_time(k, (int64_t)known_number(k, 0), known_number(k, 1));
}

/*
 * With bit 63 of wall set, 33 bits of it are seconds since 1885, else these are 0 and ext is seconds since year 1; the lowest
 * 30 bits are nanoseconds.
 */
#define HAS_MONOTONIC (1ull << 63)
#define YEAR_1        (-62135596800ll) /* as Unix time */
#define YEAR_1885     (-2682288000ll)

void known_time(struct knowing *k)
{
	uint64_t wall = known_number(k, 0), ns = wall & ((1u << 30) - 1);
	int64_t ext = (int64_t)known_number(k, 1), seconds = 0;

	k->zero |= !wall && !ext;
	if (wall & HAS_MONOTONIC)
		seconds = (int64_t)(wall << 1 >> 31) + YEAR_1885;
	else if (wall >> 30 || __builtin_add_overflow(ext, YEAR_1, &seconds))
		k->say.failed = true;
	if (!k->say.failed)
		add_time(k, seconds, ns);
}

void known_zone(struct knowing *k)
{
	struct value name = known_text(k, 0);

	if (name.nbytes || name.truncated)
		known_add(k, &name);
	else
		known_words(k, "UTC");
}
