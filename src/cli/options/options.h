/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options: the command line, as a struct.
 *
 * Strings point into argv. options_release() frees what else was allocated; the caller owns the struct.
 */
#ifndef FTRACE_CLI_OPTIONS_OPTIONS_H
#define FTRACE_CLI_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "call/sink.h"
#include "cli/rights/account.h"
#include "cli/options/words.h"
#include "plan/marks.h"
#include "probe/event_find.h"
#include "plan/select.h"
#include "plan/values.h"
#include "query/when.h"
#include "call/stats.h"
#include "trace/trace.h"

struct command;
struct format;

/* What `record` writes where nothing is said, and `report` reads. */
#define RECORD_NAME "ftrace.data"
/* --otlp-queue: room for some requests; what it is where nothing is said. */
#define OTLP_QUEUE_LEAST (1u << 20)
#define OTLP_QUEUE       (64u << 20)
/* --max-size: room for what a block names, and for some blocks. */
#define MAX_SIZE_LEAST (64u << 10)

/* What --flight keeps takes at least, and where nothing is said. */
#define FLIGHT_SIZE_LEAST (256u << 10)
#define FLIGHT_SIZE       (64u << 20)

/* A table per function: behind the calls, or in their place. */
enum summary { SUMMARY_NONE, SUMMARY_AFTER, SUMMARY_ONLY };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

enum names { NAMES_SHORT, NAMES_FULL };

/* How much of typed values; the format knows where nobody says it. */
enum detail { DETAIL_BRIEF, DETAIL_FULL, DETAIL_OF_FORMAT };

struct options {
	/* What to trace. */
	const struct command *command;
	bool exec;            /* start it */
	bool build_test;      /* of `package`: its tests */
	bool has_build_flags; /* also none */
	const char *
		binary; /* as the user wrote it; NULL where processes are named, and until it is built */
	const char *package;      /* exec: DIR, to be built */
	const char *build_output; /* where to, and keep it; NULL: a temporary file */
	struct words build_flags;
	const char *user;       /* exec: whom it runs as; NULL: not said */
	struct account account; /* of that user */
	char **argv;            /* exec: argv of the program, NULL-terminated */
	struct words processes; /* of -p: PIDs, and names that are none */
	const char *cgroup;     /* as the user wrote it; NULL: none */
	char **rules;           /* in argv */
	size_t nrules;
	char **files; /* in argv: recordings, for commands that take some */
	size_t nfiles;

	/* Which functions and calls. */
	struct selection selection;
	bool selected_by_default; /* nothing was said */
	struct call_select select;
	uint64_t *goids;
	size_t ngoids, capgoids;
	struct when from, to; /* of a recording */

	/* What happens inside of them. */
	struct marks_wanted marks;
	struct words events;      /* of -e; what they mean is found when tracing begins */
	struct event_types found; /* which marks.events are */
	bool goroutines; /* they are asked for: marks.goroutines is true, too, where the format links them */
	uint64_t min_wait;        /* ns */
	bool min_wait_given;

	/* What of each call. */
	struct values_config values; /* its rules are parsed from those above */
	enum detail detail;
	struct rule **parsed;
	struct filter **filters;
	size_t nfilters, capfilters;
	struct filter **whens; /* --when */
	size_t nwhens, capwhens;
	const char *debug_file; /* debug information of one of the executables; NULL: not said */
	bool fault;
	bool no_emulate;
	bool many; /* probes, also where each takes long to take off */
	enum summary summary;
	enum stats_key sort;
	uint64_t interval; /* ns between two tables; 0: one at the end */
	bool histogram;
	double threshold;  /* diff: percent of change that is shown; 0: all */
	double fail_above; /* diff: percent of change that is too much; below 0: none is */
	double max_overhead; /* percent, 0: no limit */
	uint32_t stack;      /* callers above each root call */
	enum names names;    /* of functions and types, in text */

	/* Where it goes. */
	const char *output;
	uint64_t max_size; /* of a recording, bytes; 0: no bound */
	bool output_given, output_is_default;
	bool otlp;            /* spans go to a collector, too ... */
	const char *otlp_url; /* ... which is there; NULL: the environment says where */
	uint64_t otlp_queue;  /* bytes that may wait; 0: the default */
	const struct format *format;
	bool pprof_labels;
	enum color color;
	enum sink_time time;
	char **trim;
	size_t ntrim, captrim;
	size_t ring_size;
	uint64_t duration; /* ns, 0: no limit */
	uint64_t hold;     /* ns, TRACE_HOLD_NEVER */
	bool hold_given;
	uint64_t flight;      /* ns that are kept in memory; 0: all is written as it comes */
	uint64_t flight_size; /* bytes for them; 0: not said */
	bool fold;
	bool tui; /* report: a viewer on the terminal */
	bool follow; /* report: as the recording grows */
	bool quiet, verbose, debug;
	bool help, version;
};

/* Whether it says which processes, and not which executable. */
static inline bool options_name_processes(const struct options *opt)
{
	return opt->processes.count || opt->cgroup;
}

/*
 * Reads argv. 0, or -EINVAL with `err` filled: a usage error. The default of everything that is not
 * given is filled in.
 */
int options_parse(struct options *opt, int argc, char **argv, struct error *err);
void options_release(struct options *opt);

/* The text of -h: of ftrace as a whole it fits a screen. In static memory. */
const char *options_help(const struct command *command);

#endif
