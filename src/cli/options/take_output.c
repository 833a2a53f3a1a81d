/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "base/vec.h"
#include "cli/options/take.h"
#include "send/settings.h"
#include "sink/formats.h"

TAKE(take_output)
{
	if (!*value)
		return error_set(err, -EINVAL, "'': no file is named; give its path");
	opt->output_given = true;
	/* A file of that name is ./- */
	opt->output = strcmp(value, "-") ? value : NULL;
	return 0;
}

TAKE(take_format)
{
	int got = option_word(value, row->words, err);

	if (got < 0)
		return got;
	opt->format = &formats[got];
	return 0;
}

TAKE(take_trim)
{
	char **slot = vec_push(&opt->trim, &opt->ntrim, &opt->captrim);

	if (!slot)
		return error_set(err, -ENOMEM, "out of memory; give fewer prefixes");
	*slot = (char *)value;
	return 0;
}

TAKE(take_summary)
{
	int got = value ? option_word(value, row->words, err) : 0;

	if (got < 0)
		return got;
	opt->summary = value ? SUMMARY_ONLY : SUMMARY_AFTER;
	return 0;
}

/* What is said of the table asks for it. */
static int want_table(struct options *opt, int ret)
{
	if (!ret && opt->summary == SUMMARY_NONE)
		opt->summary = SUMMARY_AFTER;
	return ret;
}

TAKE(take_histogram)
{
	return want_table(opt, option_true(opt, row, value, err));
}

TAKE(take_sort)
{
	return want_table(opt, option_enum(opt, row, value, err));
}

TAKE(take_percent)
{
	double *to = (double *)((char *)opt + row->to);
	char *end;

	*to = strtod(value, &end);
	if (!strspn(value, "0123456789.") || *end || !isfinite(*to))
		return error_set(err, -EINVAL, "'%.60s': not a percentage; give a number from 0 on",
				 value);
	return 0;
}

TAKE(take_max_size)
{
	int ret = units_size(value, strlen(value), false, &opt->max_size, err);

	if (!ret && opt->max_size < MAX_SIZE_LEAST)
		return error_set(err, -EINVAL,
				 "'%.60s': too small for a recording; give 64K or more", value);
	return ret;
}

TAKE(take_otlp)
{
	opt->otlp = true;
	opt->otlp_url = value;
	return value ? send_url_check(value, err) : 0;
}

TAKE(take_otlp_queue)
{
	int ret = units_size(value, strlen(value), false, &opt->otlp_queue, err);

	if (!ret && opt->otlp_queue < OTLP_QUEUE_LEAST)
		return error_set(err, -EINVAL, "'%.60s': too small for a request; give 1M or more",
				 value);
	return ret;
}
