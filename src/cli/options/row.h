/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * row: an option. From the table of them the command line is read, the help of each command is printed, and the
 * completions of the shells are made (`make completions`); the man page is held against it.
 */
#ifndef FTRACE_CLI_OPTIONS_ROW_H
#define FTRACE_CLI_OPTIONS_ROW_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "cli/options/options.h"

/* The sections of the man page, in their order. */
enum option_group {
	GROUP_FUNCTIONS,
	GROUP_CALLS,
	GROUP_VALUES,
	GROUP_MARKS,
	GROUP_OUTPUT,
	GROUP_TARGET,
	GROUP_OTHER,
	GROUPS,
};

extern const char *const option_group_names[GROUPS];

/* What a shell offers where a value is due; NONE: what `words` or `examples` say, if anything. */
enum option_complete {
	COMPLETE_NONE,
	COMPLETE_FUNCTION,
	COMPLETE_FILTER, /* a function, and a colon */
	COMPLETE_PID,
	COMPLETE_PROGRAM,
	COMPLETE_DIRECTORY,
	COMPLETE_FILE,
	COMPLETE_USER,
};

struct option_row {
	const char *name;
	char flag; /* 0: long form only */
	/* OPTIONAL, behind a `=`: long form only. The values are getopt_long()'s. */
	enum { NONE = no_argument, VALUE = required_argument, OPTIONAL = optional_argument } arg;
	enum option_group group;
	unsigned int commands; /* those that look at it: COMMAND_ bits (cli/commands.h) */
	const char *value;     /* in the help: CAPITALS stand for something; NULL for NONE */
	const char *help;
	/*
	 * 0, or -EINVAL with the cause and remedy in `err`; `value` is NULL for NONE, and may be for OPTIONAL. What
	 * follows is for it.
	 */
	int (*take)(struct options *opt, const struct option_row *row, const char *value,
		    struct error *err);
	size_t to;                /* where the value goes: an offset in struct options */
	uint64_t low, high;       /* bounds of a number; `low`: what option_set() puts there */
	const char *const *words; /* all values that there are; NULL ends them */
	const char *examples;     /* for the shells, separated by blanks */
	enum option_complete complete;
	bool (*next)(const char *word); /* OPTIONAL: whether the next word is its value; NULL: never */
	bool repeats; /* each one counts */
	bool ends;    /* nothing else is looked at */
	bool names;   /* its errors say themselves where they came by */
};

extern const struct option_row option_rows[];
extern const size_t option_nrows;
#define OPTION_ROWS_MAX 96

/* Which of `words`, which NULL ends, the value is: its index, or -EINVAL with `err` filled. */
int option_word(const char *value, const char *const *words, struct error *err);

struct buf;

/* What stands behind the option's name in the help: " GLOB", "[=only]", " text|jsonl". */
void option_add_value(struct buf *text, const struct option_row *row);

#endif
