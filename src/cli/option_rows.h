/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * option_rows: the options, one row each: what getopt_long() needs, and who takes the value.
 */
#ifndef FTRACE_CLI_OPTION_ROWS_H
#define FTRACE_CLI_OPTION_ROWS_H

#include "cli/options.h"

struct option_row {
	const char *name;
	char flag; /* 0: long form only */
	enum { NONE, VALUE } arg;
	/* 0, or -EINVAL with the cause and remedy in `err`; `value` is NULL for NONE. */
	int (*take)(struct options *opt, const char *value, struct error *err);
};

extern const struct option_row option_rows[];
extern const size_t option_nrows;
#define OPTION_ROWS_MAX 96

#endif
