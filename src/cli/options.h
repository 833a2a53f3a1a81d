/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options: the command line, as a struct.
 *
 * Strings point into argv. options_release() frees what else was allocated; the caller owns the struct.
 */
#ifndef FTRACE_CLI_OPTIONS_H
#define FTRACE_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "out/sink.h"
#include "plan/select.h"
#include "plan/values.h"
#include "trace/trace.h"

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	/* What to trace. */
	bool list;
	bool exec;            /* start it */
	const char *binary;   /* as the user wrote it; NULL with pids */
	char **command;       /* exec: argv of the program, NULL-terminated */
	pid_t *pids;
	size_t npids, cappids;
	char **rules;         /* in argv */
	size_t nrules;

	/* Which functions and calls. */
	struct selection selection;
	struct trace_select select;
	uint64_t *goids;
	size_t ngoids, capgoids;

	/* What of each call. */
	struct values_config values; /* its rules are parsed from those above */
	struct rule **parsed;
	struct filter **filters;
	size_t nfilters, capfilters;
	bool no_fault;

	/* Where it goes. */
	const char *output;
	bool jsonl;
	enum color color;
	enum sink_time time;
	char **trim;
	size_t ntrim, captrim;
	size_t ring_size;
	uint64_t duration;    /* ns, 0: no limit */
	uint64_t hold;        /* ns, TRACE_HOLD_NEVER */
	bool hold_given;
	bool quiet, verbose, debug;
	bool help, version;
};

/*
 * Reads argv. 0, or -EINVAL with `err` filled: a usage error. The default of everything that is not
 * given is filled in.
 */
int options_parse(struct options *opt, int argc, char **argv, struct error *err);
void options_release(struct options *opt);

/* The text of -h: fits a screen. */
const char *options_help(void);

#endif
