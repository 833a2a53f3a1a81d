/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* timegm */
#include "query/when.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/units.h"

#define SECOND 1000000000ull

/* Digits at *at, at least `least` and at most `most`; -1: there are none. */
static int digits(const char **at, int least, int most)
{
	int number = 0, count = 0;

	for (; count < most && **at >= '0' && **at <= '9'; count++)
		number = number * 10 + *(*at)++ - '0';
	return count < least ? -1 : number;
}

static bool take(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

/* .98 is 980 ms; what is less than a nanosecond is dropped. */
static bool take_fraction(const char **at, uint32_t *ns)
{
	uint32_t unit = 100000000;
	bool any = false;

	if (!take(at, '.'))
		return true;
	for (; **at >= '0' && **at <= '9'; unit /= 10, any = true)
		*ns += (uint32_t)(*(*at)++ - '0') * unit;
	return any;
}

/* 12:28, 12:28:24, 12:28:24.98 */
static bool take_time(const char **at, struct when *when)
{
	when->hour = digits(at, 1, 2);
	if (when->hour < 0 || when->hour > 23 || !take(at, ':'))
		return false;
	when->minute = digits(at, 2, 2);
	if (when->minute < 0 || when->minute > 59)
		return false;
	if (!take(at, ':'))
		return true;
	when->second = digits(at, 2, 2);
	return when->second >= 0 && when->second <= 60 && take_fraction(at, &when->ns);
}

static int days_of(int year, int month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

static bool take_date(const char **at, struct when *when)
{
	when->year = digits(at, 4, 4);
	if (when->year < 1970 || !take(at, '-'))
		return false;
	when->month = digits(at, 2, 2);
	if (when->month < 1 || when->month > 12 || !take(at, '-'))
		return false;
	when->day = digits(at, 2, 2);
	if (when->day < 1 || when->day > days_of(when->year, when->month))
		return false;
	if (!**at)
		return true;
	if (!take(at, 'T') && !take(at, ' '))
		return false;
	if (!take_time(at, when))
		return false;
	when->utc = take(at, 'Z');
	return true;
}

int when_parse(const char *text, struct when *when, struct error *err)
{
	const char *at = text;
	bool good;

	*when = (struct when){0};
	if (*text == '+') {
		when->kind = WHEN_RELATIVE;
		return units_time(text + 1, strlen(text + 1), true, &when->since, err);
	}
	when->kind = strchr(text, '-') ? WHEN_DATE : WHEN_TIME;
	good = when->kind == WHEN_DATE ? take_date(&at, when) : take_time(&at, when);
	if (good && !*at)
		return 0;
	return error_set(err, -EINVAL,
			 "'%.60s': not a time; write 12:28:24.98, '2026-11-30 12:28:24.98', or "
			 "+1.5s from the beginning",
			 text);
}

/* The first time of the trace at which clocks showed that Unix time; 0: before the trace. */
static uint64_t trace_time(const struct when_span *span, int64_t unix_time)
{
	const struct wall *wall = span->wall;
	int64_t time = 0;

	for (size_t i = 0; i < wall->count; i++) {
		time = unix_time - wall->steps[i].offset;
		/* It is so up to the next step. */
		if (i + 1 == wall->count || time < (int64_t)wall->steps[i + 1].since)
			break;
	}
	return time > 0 ? (uint64_t)time : 0;
}

/* The time of the trace of what a clock shows; `tm` gets its time of day. */
static uint64_t time_of(const struct when *when, const struct when_span *span, struct tm tm)
{
	const time_t most = (time_t)(INT64_MAX / (int64_t)SECOND) - 1;
	time_t seconds;

	tm.tm_hour = when->hour;
	tm.tm_min = when->minute;
	tm.tm_sec = when->second;
	tm.tm_isdst = -1;
	seconds = when->utc ? timegm(&tm) : mktime(&tm);
	if (seconds > most)
		seconds = most;
	return trace_time(span, (int64_t)seconds * (int64_t)SECOND + when->ns);
}

uint64_t when_resolve(const struct when *when, const struct when_span *span)
{
	struct tm tm = {0};
	uint64_t time, next;
	time_t start;

	if (when->kind == WHEN_RELATIVE)
		return span->start > UINT64_MAX - when->since ? UINT64_MAX
							      : span->start + when->since;
	if (when->kind == WHEN_DATE) {
		tm.tm_year = when->year - 1900;
		tm.tm_mon = when->month - 1;
		tm.tm_mday = when->day;
		return time_of(when, span, tm);
	}
	start = (time_t)(((int64_t)span->start + wall_offset(span->wall, span->start)) /
			 (int64_t)SECOND);
	if (!localtime_r(&start, &tm))
		return 0;
	time = time_of(when, span, tm);
	if (time >= span->start)
		return time;
	tm.tm_mday++;
	next = time_of(when, span, tm);
	return next <= span->end ? next : time;
}
