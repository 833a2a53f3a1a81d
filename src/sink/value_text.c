/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/value_text.h"

#include <math.h>
#include <time.h>

#include "base/digits.h"
#include "base/escape.h"
#include "sink/value_words.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)

static void add_value(struct buf *buf, const struct value *value);

/* As Go's time.Duration.String() has it: 1h0m2.5s, 1.5ms. */
static void add_duration(struct buf *buf, int64_t duration)
{
	uint64_t ns = duration < 0 ? -(uint64_t)duration : (uint64_t)duration, fraction, scale;
	const char *unit;

	if (duration < 0)
		buf_addc(buf, '-');
	if (ns >= 1000000000) {
		uint64_t minutes = ns / 60000000000;

		if (minutes >= 60) {
			digits_add(buf, minutes / 60);
			buf_addc(buf, 'h');
		}
		if (minutes) {
			digits_add(buf, minutes % 60);
			buf_addc(buf, 'm');
		}
		ns %= 60000000000;
		scale = 1000000000;
		unit = "s";
	} else {
		scale = ns >= 1000000 ? 1000000 : ns >= 1000 ? 1000 : 1;
		unit = !ns ? "s" : scale == 1 ? "ns" : scale == 1000 ? "\u00b5s" : "ms";
	}
	digits_add(buf, ns / scale);
	fraction = ns % scale;
	if (fraction)
		buf_addc(buf, '.');
	while (fraction) {
		scale /= 10;
		buf_addc(buf, (char)('0' + fraction / scale));
		fraction %= scale;
	}
	buf_adds(buf, unit);
}

/*
 * Of a time.Time {wall, ext, loc}: with bit 63 of wall set, 33 bits of it are seconds since 1885, else
 * these are 0 and ext is seconds since year 1; the lowest 30 bits are nanoseconds.
 * Source: Go's src/time/time.go.
 */
#define TIME_HAS_MONOTONIC (1ull << 63)
#define TIME_YEAR_1        (-62135596800ll) /* as Unix time */
#define TIME_YEAR_1885     (-2682288000ll)
#define TIME_YEAR_10000    253402300800ll

/* As time.RFC3339Nano in UTC; false where it is none of these years: then its fields say more. */
static bool add_instant(struct buf *buf, const struct value *object)
{
	const struct value *wall = object + 1, *ext = value_next(wall);
	unsigned int ns, digits = 9;
	struct tm tm;
	char text[64];
	time_t unix_time;

	if (wall->kind != VALUE_UNSIGNED || ext->kind != VALUE_SIGNED)
		return false;
	ns = wall->u & ((1u << 30) - 1);
	if (wall->u & TIME_HAS_MONOTONIC)
		unix_time = (time_t)(wall->u << 1 >> 31) + TIME_YEAR_1885;
	else if (!(wall->u >> 30) && ext->s >= 0 && ext->s < TIME_YEAR_10000 - TIME_YEAR_1)
		unix_time = ext->s + TIME_YEAR_1;
	else
		return false;
	if (ns > 999999999 || !gmtime_r(&unix_time, &tm) ||
	    !strftime(text, sizeof(text), "T%H:%M:%S", &tm))
		return false;
	buf_addf(buf, "%04d-%02d-%02d%s", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, text);
	while (ns && ns % 10 == 0) {
		ns /= 10;
		digits--;
	}
	if (ns)
		buf_addf(buf, ".%0*u", (int)digits, ns);
	buf_addc(buf, 'Z');
	return true;
}

static void add_name(struct buf *buf, const char *name)
{
	escape_text(buf, name, strlen(name));
}

static void add_float(struct buf *buf, double number, bool single)
{
	char text[VALUE_FLOAT_MAX];

	buf_add(buf, text, value_float(number, single, text));
}

/* As %v does: (1+2i). */
static void add_complex(struct buf *buf, const struct value *value)
{
	buf_addc(buf, '(');
	add_float(buf, value->f, value->single);
	if (isnan(value->imag) || (!signbit(value->imag) && !isinf(value->imag)))
		buf_addc(buf, '+');
	add_float(buf, value->imag, value->single);
	ADD(buf, "i)");
}

static void add_char(struct buf *buf, const struct value *value)
{
	buf_addc(buf, '\'');
	if (value->nbytes == 1 && (*value->text == '\'' || *value->text == '\\'))
		buf_addc(buf, '\\');
	escape_text(buf, value->text, value->nbytes);
	buf_addc(buf, '\'');
}

static void add_address(struct buf *buf, const struct value *value)
{
	ADD(buf, "0x");
	buf_addx(buf, value->u);
	if (!value->symbol)
		return;
	ADD(buf, " <");
	add_name(buf, value->symbol);
	if (value->offset) {
		buf_addc(buf, '+');
		digits_add(buf, value->offset);
	}
	buf_addc(buf, '>');
}

static void add_list(struct buf *buf, const struct value *list)
{
	const struct value *child = list + 1;

	buf_addc(buf, '[');
	for (uint32_t i = 0; i < value_parts(list); i++, child = value_next(child)) {
		if (i)
			ADD(buf, ", ");
		add_value(buf, child);
	}
	if (list->truncated)
		buf_adds(buf, value_parts(list) ? ", ..." : "...");
	buf_addc(buf, ']');
}

static void add_object(struct buf *buf, const struct value *object)
{
	const struct value *child = object + 1;

	buf_addc(buf, '{');
	for (uint32_t i = 0; i < value_parts(object); i++, child = value_next(child)) {
		if (i)
			ADD(buf, ", ");
		add_name(buf, child->name);
		buf_addc(buf, ':');
		add_value(buf, child);
	}
	buf_addc(buf, '}');
}

/* What an error says is more than what it is made of. */
static void add_dynamic(struct buf *buf, const struct value *dynamic)
{
	const struct value *says = value_says_text(dynamic);

	escape_text(buf, dynamic->text, dynamic->nbytes);
	buf_addc(buf, '(');
	if (dynamic->nchildren)
		add_value(buf, says ? says : dynamic + 1);
	else
		ADD(buf, "...");
	buf_addc(buf, ')');
}

static void add_text(struct buf *buf, const struct value *value)
{
	/* "" would say that the string is empty. */
	if (!value->truncated || value->nbytes)
		escape_quoted(buf, value->text, value->nbytes);
	if (value->truncated)
		ADD(buf, "...");
}

/* In its own words: no quotes. */
static void add_said(struct buf *buf, const struct value *value)
{
	escape_text(buf, value->text, value->nbytes);
	if (value->truncated)
		ADD(buf, "...");
}

static void add_error(struct buf *buf, const struct value *value)
{
	char room[VALUE_ERROR_MAX];

	add_name(buf, value_error(value, room));
}

static void add_value(struct buf *buf, const struct value *value)
{
	if (value->says && value->kind != VALUE_DYNAMIC) {
		add_said(buf, value_says_text(value));
		return;
	}
	switch (value->kind) {
	case VALUE_ERROR:
		add_error(buf, value);
		break;
	case VALUE_NULL:
		ADD(buf, "nil");
		break;
	case VALUE_UNSIGNED:
		digits_add(buf, value->u);
		break;
	case VALUE_SIGNED:
		if (value->duration)
			add_duration(buf, value->s);
		else
			digits_add_signed(buf, value->s);
		break;
	case VALUE_HEX:
		ADD(buf, "0x");
		buf_addx(buf, value->u);
		break;
	case VALUE_BOOL:
		buf_adds(buf, value->u ? "true" : "false");
		break;
	case VALUE_CHAR:
		add_char(buf, value);
		break;
	case VALUE_FLOAT:
		add_float(buf, value->f, value->single);
		break;
	case VALUE_COMPLEX:
		add_complex(buf, value);
		break;
	case VALUE_TEXT:
		add_text(buf, value);
		break;
	case VALUE_LIST:
		add_list(buf, value);
		break;
	case VALUE_OBJECT:
		if (!value->instant || value->nchildren != 3 || !add_instant(buf, value))
			add_object(buf, value);
		break;
	case VALUE_POINTER:
		buf_addc(buf, '&');
		add_value(buf, value + 1);
		break;
	case VALUE_FUNC:
		if (value->symbol)
			add_name(buf, value->symbol);
		else
			add_address(buf, value);
		break;
	case VALUE_ADDRESS:
		add_address(buf, value);
		break;
	case VALUE_MAP:
	case VALUE_CHAN:
		buf_adds(buf, value->kind == VALUE_MAP ? "map{len:" : "chan{len:");
		digits_add(buf, value->len);
		if (value->kind == VALUE_CHAN) {
			ADD(buf, ", cap:");
			digits_add(buf, value->capacity);
		}
		buf_addc(buf, '}');
		break;
	case VALUE_SAID:
		add_said(buf, value);
		break;
	case VALUE_DYNAMIC:
		add_dynamic(buf, value);
		break;
	default:
		ADD(buf, "...");
	}
}

/* ~r0: debug information's name of a result that has none. */
static bool is_unnamed(const char *name)
{
	return name[0] == '~' && name[1] == 'r' && name[2] >= '0' && name[2] <= '9';
}

static void add_items(struct buf *buf, const struct values *values, bool results)
{
	const struct value *item = values->first;

	for (uint32_t i = 0; i < values->nitems; i++, item = value_next(item)) {
		if (i)
			ADD(buf, ", ");
		if (!results || !is_unnamed(item->name)) {
			add_name(buf, item->name);
			buf_addc(buf, '=');
		}
		add_value(buf, item);
	}
}

void value_text_args(struct buf *buf, const struct values *args)
{
	add_items(buf, args, false);
}

void value_text_results(struct buf *buf, const struct values *results)
{
	if (results->nitems > 1)
		buf_addc(buf, '(');
	add_items(buf, results, true);
	if (results->nitems > 1)
		buf_addc(buf, ')');
}
