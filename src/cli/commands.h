/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * commands: what ftrace does, one row and one file in cmd/ each. The command line, its messages, the help and the
 * completions know a command from its row alone.
 */
#ifndef FTRACE_CLI_COMMANDS_H
#define FTRACE_CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

struct inherited;
struct options;

/* Which commands look at an option (options/row.h). */
enum {
	COMMAND_TRACE = 1 << 0,
	COMMAND_LIST = 1 << 1,
	COMMAND_REPAIR = 1 << 2,
	COMMAND_RECORD = 1 << 3,
	COMMAND_REPORT = 1 << 4,
	COMMAND_DIFF = 1 << 5,
};

/* Recordings that can be shown together. */
#define COMMAND_FILES 100

struct command {
	const char *name;
	unsigned int bit;
	const char *synopsis; /* what stands behind the name */
	const char *help;     /* one line */
	bool starts;          /* may start a program: `--` and the options that name one */
	bool explains;        /* why a function is left out is to be known */
	bool everywhere;      /* no program need be named */
	bool records;         /* its format is that of recordings */
	bool reads;           /* recordings: what is not chosen is all that is in them */
	unsigned int files;   /* it takes recordings, so many at most */
	const char *alone;    /* what it takes instead of rules; NULL: it takes rules */
	/* The exit status; what is to be said has been. `given` is what main() was given. */
	int (*run)(struct options *opt, const struct inherited *given);
};

/* The first is the default, which is not called by its name. */
extern const struct command commands[];
extern const size_t ncommands;

/* The command that is called so, or NULL. */
const struct command *command_find(const char *word);

/* cmd/ */
int cmd_trace(struct options *opt, const struct inherited *given);
int cmd_list(struct options *opt, const struct inherited *given);
int cmd_record(struct options *opt, const struct inherited *given);
int cmd_report(struct options *opt, const struct inherited *given);
int cmd_diff(struct options *opt, const struct inherited *given);
int cmd_repair(struct options *opt, const struct inherited *given);

#endif
