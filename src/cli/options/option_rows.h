/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * option_rows: the options, one row each: what getopt_long() needs, and who takes the value.
 */
#ifndef FTRACE_CLI_OPTIONS_OPTION_ROWS_H
#define FTRACE_CLI_OPTIONS_OPTION_ROWS_H

#include <getopt.h>

#include "cli/options/options.h"

struct option_row {
	const char *name;
	char flag; /* 0: long form only */
	/* OPTIONAL, behind a `=`: long form only. The values are getopt_long()'s. */
	enum { NONE = no_argument, VALUE = required_argument, OPTIONAL = optional_argument } arg;
	/* 0, or -EINVAL with the cause and remedy in `err`; `value` is NULL for NONE, and
	 * may be for OPTIONAL. */
	int (*take)(struct options *opt, const char *value, struct error *err);
};

extern const struct option_row option_rows[];
extern const size_t option_nrows;
#define OPTION_ROWS_MAX 96

/* Which of `words`, which NULL ends, the value is: its index, or -EINVAL with `err` filled. */
int option_word(const char *value, const char *const *words, struct error *err);

/* option_summary.c */
int take_summary(struct options *opt, const char *value, struct error *err);
int take_histogram(struct options *opt, const char *value, struct error *err);
int take_sort(struct options *opt, const char *value, struct error *err);

/* option_start.c */
int take_package(struct options *opt, const char *value, struct error *err);
int take_test(struct options *opt, const char *value, struct error *err);
int take_build_output(struct options *opt, const char *value, struct error *err);
int take_build_flags(struct options *opt, const char *value, struct error *err);
int take_user(struct options *opt, const char *value, struct error *err);

#endif
