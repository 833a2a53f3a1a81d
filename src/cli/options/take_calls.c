/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "base/vec.h"
#include "cli/options/take.h"

/* Numbers between commas, each handed to `each`. */
static int number_list(const char *value, uint64_t high, struct options *opt,
		       int (*each)(struct options *, uint64_t), struct error *err)
{
	const char *at = value;

	do {
		size_t len = strcspn(at, ",");
		uint64_t n;

		if (units_number(at, len, 10, &n) || !n || n > high)
			return error_set(
				err, -EINVAL,
				"'%.60s': '%.*s' is not a number from 1 to %llu; give numbers "
				"separated by commas",
				value, len < 60 ? (int)len : 60, at, (unsigned long long)high);
		if (each(opt, n))
			return error_set(err, -ENOMEM, "out of memory; give fewer numbers");
		at += len;
	} while (*at++ == ',');
	return 0;
}

static int add_goid(struct options *opt, uint64_t goid)
{
	uint64_t *slot = vec_push(&opt->goids, &opt->ngoids, &opt->capgoids);

	if (!slot)
		return -ENOMEM;
	*slot = goid;
	return 0;
}

TAKE(take_goid)
{
	return number_list(value, UINT64_MAX, opt, add_goid, err);
}

TAKE(take_when)
{
	return when_parse(value, (struct when *)((char *)opt + row->to), err);
}

TAKE(take_max_bytes)
{
	uint64_t bytes;
	int ret = units_size(value, strlen(value), false, &bytes, err);

	if (ret)
		return ret;
	if (bytes < 512 || bytes > FT_VALUES_MAX)
		return error_set(err, -EINVAL, "'%s': not from 512 to 4K; use the default, 4K",
				 value);
	opt->values.limits.max_bytes = (uint32_t)bytes;
	return 0;
}

TAKE(take_hold)
{
	opt->hold_given = true;
	if (!strcmp(value, "never")) {
		opt->hold = TRACE_HOLD_NEVER;
		return 0;
	}
	/* The one TIME that may be a bare 0: it is what --stream says. */
	if (!strcmp(value, "0")) {
		opt->hold = 0;
		return 0;
	}
	return units_time(value, strlen(value), true, &opt->hold, err);
}

TAKE(take_stream)
{
	opt->hold_given = true;
	opt->hold = 0;
	return 0;
}

TAKE(take_max_overhead)
{
	char *end;

	opt->max_overhead = strtod(value, &end);
	/* Written so that it is false for what is no number. */
	if (!strspn(value, "0123456789.") || *end ||
	    !(opt->max_overhead > 0 && opt->max_overhead < 100))
		return error_set(err, -EINVAL,
				 "'%.60s': not a percentage between 0 and 100; give one", value);
	return 0;
}

TAKE(take_buffer)
{
	uint64_t bytes;
	int ret = units_size(value, strlen(value), false, &bytes, err);

	if (ret)
		return ret;
	if (bytes > (uint64_t)1 << 31)
		return error_set(err, -EINVAL,
				 "'%.60s': more than the kernel takes; use at most 2G", value);
	opt->ring_size = bytes;
	return 0;
}

TAKE(take_flight_size)
{
	int ret = units_size(value, strlen(value), false, &opt->flight_size, err);

	if (ret)
		return ret;
	if (opt->flight_size < FLIGHT_SIZE_LEAST)
		return error_set(err, -EINVAL,
				 "'%.60s': less than 256K; give more, or leave it out", value);
	return 0;
}
