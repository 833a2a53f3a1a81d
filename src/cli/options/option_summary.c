/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options/option_rows.h"

int take_summary(struct options *opt, const char *value, struct error *err)
{
	static const char *const words[] = {"only", NULL};
	int got = value ? option_word(value, words, err) : 0;

	if (got < 0)
		return got;
	opt->summary = value ? SUMMARY_ONLY : SUMMARY_AFTER;
	return 0;
}

/* What is said of the table asks for it. */
static void want_table(struct options *opt)
{
	if (opt->summary == SUMMARY_NONE)
		opt->summary = SUMMARY_AFTER;
}

int take_histogram(struct options *opt, const char *value, struct error *err)
{
	(void)value, (void)err;
	opt->histogram = true;
	want_table(opt);
	return 0;
}

int take_sort(struct options *opt, const char *value, struct error *err)
{
	static const char *const words[STATS_KEYS + 1] = {
		[STATS_TOTAL] = "total",   [STATS_CALLS] = "calls", [STATS_SELF] = "self",
		[STATS_AVG] = "avg",       [STATS_MIN] = "min",     [STATS_P50] = "p50",
		[STATS_P90] = "p90",       [STATS_P99] = "p99",     [STATS_MAX] = "max",
		[STATS_ERRORS] = "errors", [STATS_NAME] = "name",
	};
	int got = option_word(value, words, err);

	if (got < 0)
		return got;
	opt->sort = (enum stats_key)got;
	want_table(opt);
	return 0;
}
