/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/columns.h"

#include <time.h>

#include "base/digits.h"
#include "base/put.h"
#include "sink/duration.h"

#define NS             1000000000
#define DURATION_WIDTH 8 /* "~10.2 ms", and the column's name */
#define WAIT_WIDTH     9 /* behind the mark */
#define GOID_WIDTH     3
#define PID_WIDTH      5
/* The longest line columns_add() makes: every column at its widest, colours and what put.h wants
 * included. */
#define ROOM 192

void columns_init(struct columns *columns, const struct sink_config *config)
{
	static const unsigned int widths[] = {
		[SINK_TIME_OF_DAY] = 15, [SINK_TIME_DATE] = 26, [SINK_TIME_RELATIVE] = 12,
		[SINK_TIME_UNIX] = 17,   [SINK_TIME_NONE] = 0,
	};

	*columns = (struct columns){
		.config = config, .time = widths[config->time], .goid = GOID_WIDTH};
}

void moment_of_call(struct moment *moment, const struct call *call, const struct call_times *times)
{
	if ((call->flags & CALL_ENTRY_UNSEEN) || call->how == CALL_OPEN || call->how == CALL_EXIT ||
	    call->how == CALL_LOST)
		return;
	moment->duration = call->end > call->start ? call->end - call->start : 0;
	moment->lasted = true;
	moment->approximate = !!(call->flags & CALL_APPROXIMATE);
	moment->waited = times && call_times_wait(times);
	if (moment->waited)
		moment->wait = call_times_wait(times);
}

void columns_show_pid(struct columns *columns, uint32_t pid)
{
	unsigned int width = digits_count(pid);

	if (columns->pid < PID_WIDTH)
		columns->pid = PID_WIDTH;
	if (columns->pid < width)
		columns->pid = width;
	columns->newest.len = 0;
}

void columns_fit(struct columns *columns, const struct owner *owner)
{
	unsigned int width = digits_count(owner->goid ? owner->goid : owner->curg) +
			     (!owner->goid && owner->curg);

	if (columns->goid < width) {
		columns->goid = width;
		columns->newest.len = 0;
	}
	if (columns->pid && columns->pid < digits_count(owner->pid))
		columns_show_pid(columns, owner->pid);
}

unsigned int columns_width(const struct columns *columns)
{
	return (columns->time ? columns->time + 2 : 0) + DURATION_WIDTH + 3 +
	       (columns->config->waits ? WAIT_WIDTH + 2 : 0) +
	       (columns->pid ? columns->pid + 2 : 0) + columns->goid + 2;
}

static char *put_blank(char *to, unsigned int count)
{
	memset(to, ' ', count);
	return to + count;
}

/* `len` bytes at `text`, to the right of a column of `width`. */
static char *put_right(char *to, const char *text, unsigned int len, unsigned int width)
{
	if (len < width)
		to = put_blank(to, width - len);
	memcpy(to, text, len);
	return to + len;
}

void columns_header(const struct columns *columns, struct buf *buf)
{
	char *to = buf_room(buf, ROOM);

	if (!to)
		return;
	if (columns->time) {
		memcpy(to, "TIME", 4);
		to = put_blank(to + 4, columns->time + 2 - 4);
	}
	memcpy(to, "DURATION   ", DURATION_WIDTH + 3);
	to += DURATION_WIDTH + 3;
	if (columns->config->waits)
		to = put_blank(put_right(to, "WAIT", 4, WAIT_WIDTH - 1), 3);
	if (columns->pid)
		to = put_blank(put_right(to, "PID", 3, columns->pid), 2);
	to = put_blank(put_right(to, "G", 1, columns->goid), 2);
	buf->len = (size_t)(to - buf->data);
}

static const struct second *second_find(struct columns *columns, int64_t unix_time)
{
	struct second *second = &columns->seconds[(uint64_t)unix_time % COLUMNS_SECONDS];
	time_t when = (time_t)unix_time;
	struct tm tm;

	if (second->len && second->unix_time == unix_time)
		return second;
	second->unix_time = unix_time;
	second->len = 0;
	if (localtime_r(&when, &tm))
		second->len = (unsigned int)strftime(second->text, sizeof(second->text),
						     columns->config->time == SINK_TIME_DATE
							     ? "%Y-%m-%d %H:%M:%S."
							     : "%H:%M:%S.",
						     &tm);
	return second;
}

static char *put_clock(struct columns *columns, char *to, int64_t ns)
{
	int64_t sec = ns / NS, rest = ns % NS;
	const struct second *second;

	if (rest < 0) {
		rest += NS;
		sec--;
	}
	second = second_find(columns, sec);
	to = put_text(to, second->text, second->len);
	return digits_padded(to, (uint64_t)rest / 1000, 6);
}

static char *put_seconds(char *to, int64_t ns, unsigned int width)
{
	uint64_t magnitude = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	char text[32], *end = text;

	if (ns < 0)
		*end++ = '-';
	end = digits_put(end, magnitude / NS);
	*end++ = '.';
	end = digits_padded(end, magnitude % NS / 1000, 6);
	return put_right(to, text, (unsigned int)(end - text), width);
}

static char *put_time(struct columns *columns, char *to, uint64_t time)
{
	const struct sink_config *config = columns->config;
	int64_t unix_ns = sink_unix_time(config, time);

	switch (config->time) {
	case SINK_TIME_OF_DAY:
	case SINK_TIME_DATE:
		return put_clock(columns, to, unix_ns);
	case SINK_TIME_RELATIVE:
		return put_seconds(to, (int64_t)(time - config->start), columns->time);
	case SINK_TIME_UNIX:
		return put_seconds(to, unix_ns, columns->time);
	case SINK_TIME_NONE:
		break;
	}
	return to;
}

/* The duration with its mark: DURATION_WIDTH + 3 characters. */
static char *put_duration(const struct columns *columns, char *to, const struct moment *moment)
{
	char text[2 * PUT_SLACK], mark = duration_mark(moment->duration);
	const char *color = columns->config->color ? duration_color(moment->duration) : NULL;
	char *end = text;
	size_t len;

	_Static_assert(1 + DURATION_MAX <= PUT_SLACK, "and what it may be taken for");
	if (moment->approximate && !moment->duration) {
		/* One probe saw both ends. */
		memcpy(end, "<1us", 4);
		end += 4;
	} else {
		if (moment->approximate)
			*end++ = '~';
		end = duration_put(end, moment->duration);
	}
	len = (size_t)(end - text);
	if (color) {
		memcpy(to, color, 5);
		to += 5;
	}
	to = put_blanks(to, len < DURATION_WIDTH ? DURATION_WIDTH - len : 0);
	to = put_text(to, text, len);
	*to++ = ' ';
	*to++ = mark;
	if (color) {
		memcpy(to, "\033[0m", 4);
		to += 4;
	}
	*to++ = ' ';
	return to;
}

static char *put_wait(char *to, const struct moment *moment)
{
	char text[DURATION_MAX];
	unsigned int len = 0;

	if (moment->waited)
		len = (unsigned int)(duration_put(text, moment->wait) - text);
	return put_blank(put_right(to, text, len, WAIT_WIDTH), 2);
}

static char *put_number(char *to, uint64_t number, char after, unsigned int width)
{
	unsigned int len = digits_count(number) + !!after;

	if (len < width)
		to = put_blank(to, width - len);
	to = digits_put(to, number);
	if (after)
		*to++ = after;
	return to;
}

static char *put_goid(const struct columns *columns, char *to, const struct owner *owner)
{
	if (!owner->goid_known)
		return put_right(to, "?", 1, columns->goid);
	if (owner->goid)
		return put_number(to, owner->goid, 0, columns->goid);
	if (owner->curg)
		return put_number(to, owner->curg, '*', columns->goid);
	return put_right(to, "-", 1, columns->goid);
}

static bool is_same(const struct owner *a, const struct owner *b)
{
	return a->goid == b->goid && a->curg == b->curg && a->pid == b->pid &&
	       a->goid_known == b->goid_known;
}

/* Makes the newest owner's text. */
static void render_owner(struct columns *columns, const struct owner *owner)
{
	struct columns_owner *newest = &columns->newest;
	char *to = newest->text;

	if (columns->pid) {
		to = owner->pid ? put_number(to, owner->pid, 0, columns->pid)
				: put_right(to, "?", 1, columns->pid);
		to = put_blank(to, 2);
	}
	to = put_blank(put_goid(columns, to, owner), 2);
	newest->owner = *owner;
	newest->len = (unsigned int)(to - newest->text);
}

void columns_add(struct columns *columns, struct buf *buf, const struct owner *owner,
		 const struct moment *moment)
{
	struct columns_owner *newest = &columns->newest;
	char *to = buf_room(buf, ROOM);

	if (!to)
		return;
	if (columns->time) {
		to = moment->timed ? put_time(columns, to, moment->time)
				   : put_blanks(to, columns->time);
		to = put_blanks(to, 2);
	}
	to = moment->lasted ? put_duration(columns, to, moment)
			    : put_blanks(to, DURATION_WIDTH + 3);
	if (columns->config->waits)
		to = put_wait(to, moment);
	if (!newest->len || !is_same(&newest->owner, owner))
		render_owner(columns, owner);
	memcpy(to, newest->text, sizeof(newest->text));
	buf->len = (size_t)(to + newest->len - buf->data);
}
