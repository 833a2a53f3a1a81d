/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/units.h"

#include <errno.h>
#include <string.h>

struct unit {
	const char *name;
	uint64_t scale;
};

static const struct unit time_units[] = {
	{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {"m", 60000000000},
};

static const char size_suffixes[] = {'K', 'M', 'G'};

/* How much of the user's text a message repeats. */
#define SHOWN(len) ((len) < 40 ? (int)(len) : 40)

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

int units_number(const char *text, size_t len, unsigned int base, uint64_t *value)
{
	uint64_t sum = 0;

	if (base == 0) {
		base = 10;
		if (len > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
			base = 16;
			text += 2;
			len -= 2;
		} else if (len > 1 && text[0] == '0') {
			base = 8;
		}
	}
	if (!len)
		return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if ((unsigned int)digit_of(text[i]) >= base)
			return -EINVAL;
	for (size_t i = 0; i < len; i++)
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)digit_of(text[i]), &sum))
			return -ERANGE;
	*value = sum;
	return 0;
}

int units_signed(const char *text, size_t len, unsigned int base, int64_t *value)
{
	bool negative = len && text[0] == '-';
	bool sign = negative || (len && text[0] == '+');
	uint64_t magnitude;
	int err;

	err = units_number(text + sign, len - sign, base, &magnitude);
	if (err)
		return err;
	if (magnitude > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*value = (int64_t)(negative ? 0 - magnitude : magnitude);
	return 0;
}

static const struct unit *time_unit(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(time_units) / sizeof(*time_units); i++)
		if (strlen(time_units[i].name) == len && !memcmp(time_units[i].name, name, len))
			return &time_units[i];
	return NULL;
}

static size_t count_digits(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

/* `scale` times 0.DIGITS, rounded down. Digits behind the 18th are below any unit's nanosecond. */
static uint64_t fraction_of(const char *digits, size_t len, uint64_t scale)
{
	uint64_t numerator = 0, denominator = 1;

	for (size_t i = 0; i < len && i < 18; i++) {
		numerator = numerator * 10 + (uint64_t)(digits[i] - '0');
		denominator *= 10;
	}
	return (uint64_t)((unsigned __int128)scale * numerator / denominator);
}

int units_time(const char *text, size_t len, bool zero_ok, uint64_t *ns, struct error *err)
{
	size_t whole = count_digits(text, len);
	size_t at = whole, fraction = 0;
	const struct unit *unit;
	uint64_t value = 0;
	int ret;

	if (len && text[0] == '-')
		return error_set(err, -EINVAL,
				 "'%.*s' is negative; give a TIME from 0 on, like 10ms", SHOWN(len),
				 text);
	if (at < len && text[at] == '.') {
		fraction = count_digits(text + at + 1, len - at - 1);
		at += 1 + fraction;
	}
	if (!whole || (at > whole && !fraction))
		return error_set(
			err, -EINVAL,
			"'%.*s' is not a TIME; write a number and ns, us, ms, s or m, like 10ms",
			SHOWN(len), text);
	if (at == len)
		return error_set(err, -EINVAL, "'%.*s' has no unit; add ns, us, ms, s or m",
				 SHOWN(len), text);
	unit = time_unit(text + at, len - at);
	if (!unit)
		return error_set(err, -EINVAL,
				 "'%.*s' has an unknown unit '%.*s'; take ns, us, ms, s or m",
				 SHOWN(len), text, SHOWN(len - at), text + at);
	ret = units_number(text, whole, 10, &value);
	if (ret || __builtin_mul_overflow(value, unit->scale, &value) || value > INT64_MAX ||
	    __builtin_add_overflow(value, fraction_of(text + whole + 1, fraction, unit->scale),
				   &value) ||
	    value > INT64_MAX)
		return error_set(err, -EINVAL, "'%.*s' is too long; the longest TIME is 153722867m",
				 SHOWN(len), text);
	if (!value && !zero_ok)
		return error_set(err, -EINVAL, "'%.*s' is no time at all; give at least 1ns",
				 SHOWN(len), text);
	*ns = value;
	return 0;
}

int units_size(const char *text, size_t len, bool zero_ok, uint64_t *bytes, struct error *err)
{
	size_t digits = count_digits(text, len);
	unsigned int shift = 0;
	uint64_t value;
	int ret;

	if (len && text[0] == '-')
		return error_set(err, -EINVAL, "'%.*s' is negative; give a SIZE from 0 on, like 8M",
				 SHOWN(len), text);
	if (digits + 1 == len) {
		const char *suffix = memchr(size_suffixes, text[digits], sizeof(size_suffixes));

		shift = suffix ? 10 * (unsigned int)(suffix - size_suffixes + 1) : 0;
	}
	if (!digits || digits + (shift != 0) != len)
		return error_set(
			err, -EINVAL,
			"'%.*s' is not a SIZE; write a whole number of bytes, K, M or G, like 8M",
			SHOWN(len), text);
	ret = units_number(text, digits, 10, &value);
	if (ret || value > (uint64_t)INT64_MAX >> shift)
		return error_set(err, -EINVAL,
				 "'%.*s' is too large; the largest SIZE is 8589934591G", SHOWN(len),
				 text);
	value <<= shift;
	if (!value && !zero_ok)
		return error_set(err, -EINVAL, "'%.*s' is no size at all; give at least 1",
				 SHOWN(len), text);
	*bytes = value;
	return 0;
}
