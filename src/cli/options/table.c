/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options/row.h"

#include <limits.h>

#include <ftrace/fetch.h>

#include "call/sink.h"
#include "cli/commands.h"
#include "cli/options/take.h"
#include "plan/callgraph.h"
#include "send/settings.h"
#include "sink/formats.h"

#define TRACES    (COMMAND_TRACE | COMMAND_RECORD)
#define PLANS     (TRACES | COMMAND_LIST)
#define SHOWS     (TRACES | COMMAND_REPORT)
#define ASKS      (PLANS | COMMAND_REPORT | COMMAND_DIFF) /* which functions, which calls */
#define COMPARES  (SHOWS | COMMAND_DIFF)
#define ALL       (PLANS | COMMAND_REPAIR)
#define TO(field) .to = offsetof(struct options, field)

#define TIMES "1us 100us 1ms 10ms 100ms 1s 10s 1m"

static const char *const colors[] = {
	[COLOR_AUTO] = "auto",
	[COLOR_ALWAYS] = "always",
	[COLOR_NEVER] = "never",
	NULL,
};

static const char *const timestamps[] = {
	[SINK_TIME_OF_DAY] = "time",
	[SINK_TIME_DATE] = "date",
	[SINK_TIME_RELATIVE] = "relative",
	[SINK_TIME_UNIX] = "unix",
	NULL,
};

static const char *const details[] = {
	[DETAIL_BRIEF] = "brief",
	[DETAIL_FULL] = "full",
	NULL,
};

static const char *const names[] = {"short", "full", NULL};

static const char *const sort_keys[STATS_KEYS + 1] = {
	[STATS_TOTAL] = "total",   [STATS_CALLS] = "calls", [STATS_SELF] = "self",
	[STATS_AVG] = "avg",       [STATS_MIN] = "min",     [STATS_P50] = "p50",
	[STATS_P90] = "p90",       [STATS_P99] = "p99",     [STATS_MAX] = "max",
	[STATS_ERRORS] = "errors", [STATS_NAME] = "name",
};

static const char *const summary_words[] = {"only", NULL};

const char *const option_group_names[GROUPS] = {
	[GROUP_FUNCTIONS] = "Which functions",
	[GROUP_CALLS] = "Which calls",
	[GROUP_VALUES] = "What of each call",
	[GROUP_MARKS] = "What happens inside of a call",
	[GROUP_OUTPUT] = "Where it goes",
	[GROUP_TARGET] = "What is traced, and how long",
	[GROUP_OTHER] = "Other",
};

/* As the man page has them: the order is that of the help, too. */
/* clang-format off */
const struct option_row option_rows[] = {
	{"uprobe", 'u', VALUE, GROUP_FUNCTIONS, ASKS | COMMAND_DIFF, "GLOB", "functions to trace",
	 .take = take_uprobe, .complete = COMPLETE_FUNCTION, .repeats = true},
	{"regexp", 'r', VALUE, GROUP_FUNCTIONS, ASKS | COMMAND_DIFF, "REGEXP", "functions to trace",
	 .take = take_regexp, .repeats = true, .names = true},
	{"notrace", 'N', VALUE, GROUP_FUNCTIONS, ASKS | COMMAND_DIFF, "GLOB", "functions not to trace",
	 .take = take_notrace, .complete = COMPLETE_FUNCTION, .repeats = true},
	{"exclude-vendor", 'x', NONE, GROUP_FUNCTIONS, ASKS | COMMAND_DIFF, NULL, "only the main module and the standard library",
	 .take = option_true, TO(selection.exclude_vendor)},
	{"follow-calls", 0, VALUE, GROUP_FUNCTIONS, PLANS, "N", "also what the chosen functions call",
	 .take = option_number32, TO(selection.follow), 1, CALLGRAPH_LEVELS, .examples = "1 2 3 4 5"},

	{"goid", 0, VALUE, GROUP_CALLS, COMPARES, "N[,N]...", "only these goroutines",
	 .take = take_goid, .repeats = true},
	{"filter", 0, VALUE, GROUP_CALLS, ASKS | COMMAND_DIFF, "'GLOB: EXPR'", "only calls whose arguments satisfy it",
	 .take = take_filter, .complete = COMPLETE_FILTER, .repeats = true, .names = true},
	{"drilldown", 'D', VALUE, GROUP_CALLS, ASKS | COMMAND_DIFF, "GLOB", "only trees below calls of these",
	 .take = take_drilldown, .complete = COMPLETE_FUNCTION, .repeats = true},
	{"sample", 0, VALUE, GROUP_CALLS, TRACES, "N", "one root call in so many",
	 .take = option_number, TO(select.sample), 1, UINT32_MAX},
	{"depth", 0, VALUE, GROUP_CALLS, COMPARES, "N", "at most so many levels of each tree",
	 .take = option_number32, TO(select.depth), 1, UINT32_MAX, .examples = "1 2 3 4 5"},
	{"min-duration", 0, VALUE, GROUP_CALLS, COMPARES, "TIME", "leave out shorter calls",
	 .take = option_time, TO(select.min_duration), .examples = TIMES},
	{"errors", 0, NONE, GROUP_CALLS, COMPARES, NULL, "only trees in which a call failed",
	 .take = option_true, TO(select.errors)},
	{"max-calls", 0, VALUE, GROUP_CALLS, COMPARES, "N", "stop after so many root calls",
	 .take = option_number, TO(select.max_calls), 1, INT64_MAX},
	{"from", 0, VALUE, GROUP_CALLS, COMMAND_REPORT | COMMAND_DIFF, "WHEN", "what a recording has from then on",
	 .take = take_when, TO(from), .examples = "+1s +10s +1m 12:00:00"},
	{"to", 0, VALUE, GROUP_CALLS, COMMAND_REPORT | COMMAND_DIFF, "WHEN", "... and until then",
	 .take = take_when, TO(to), .examples = "+1s +10s +1m 12:00:00"},

	{"args", 'a', NONE, GROUP_VALUES, PLANS, NULL, "read arguments",
	 .take = option_set, TO(values.args), VALUES_ALWAYS},
	{"no-args", 0, NONE, GROUP_VALUES, PLANS, NULL, "read no arguments",
	 .take = option_set, TO(values.args), VALUES_NEVER},
	{"results", 'R', NONE, GROUP_VALUES, PLANS, NULL, "read results",
	 .take = option_set, TO(values.results), VALUES_ALWAYS},
	{"no-results", 0, NONE, GROUP_VALUES, PLANS, NULL, "read no results",
	 .take = option_set, TO(values.results), VALUES_NEVER},
	{"values", 0, VALUE, GROUP_VALUES, SHOWS, NULL, "how much of typed values",
	 .take = option_enum, TO(detail), .words = details},
	{"max-string", 0, VALUE, GROUP_VALUES, TRACES, "N", "bytes of a string",
	 .take = option_number32, TO(values.limits.max_string), 1, FT_VALUES_MAX / 2},
	{"max-elems", 0, VALUE, GROUP_VALUES, TRACES, "N", "elements of a slice",
	 .take = option_number32, TO(values.limits.max_elems), 0, 64},
	{"max-depth", 0, VALUE, GROUP_VALUES, TRACES, "N", "levels of structs",
	 .take = option_number32, TO(values.limits.max_depth), 0, 16},
	{"max-items", 0, VALUE, GROUP_VALUES, TRACES, "N", "items of a record",
	 .take = option_number32, TO(values.limits.max_items), 1, 128},
	{"max-bytes", 0, VALUE, GROUP_VALUES, TRACES, "SIZE", "bytes of a record",
	 .take = take_max_bytes},
	{"debug-file", 0, VALUE, GROUP_VALUES, PLANS, "FILE", "debug information apart from the program",
	 .take = option_path, TO(debug_file), .complete = COMPLETE_FILE},
	{"fault", 0, NONE, GROUP_VALUES, TRACES, NULL, "wait for pages of the program that are away",
	 .take = option_true, TO(fault)},
	/* The default, and the last of the two counts. */
	{"no-fault", 0, NONE, GROUP_VALUES, TRACES, NULL, "never wait for one; the default",
	 .take = option_false, TO(fault)},
	{"names", 0, VALUE, GROUP_VALUES, PLANS, NULL, "names in short, or with their whole paths",
	 .take = option_enum, TO(names), .words = names},
	{"stack", 's', VALUE, GROUP_VALUES, TRACES, "N", "callers above each root call",
	 .take = option_number32, TO(stack), 1, FT_CALLERS_MAX},
	{"summary", 0, OPTIONAL, GROUP_VALUES, SHOWS, "only", "a table per function",
	 .take = take_summary, .words = summary_words},
	{"histogram", 0, NONE, GROUP_VALUES, SHOWS, NULL, "durations of each function",
	 .take = take_histogram, TO(histogram)},
	{"interval", 0, VALUE, GROUP_VALUES, TRACES, "TIME", "the table of --summary=only every so often",
	 .take = option_time, TO(interval), 1, .examples = "1s 2s 5s 10s 1m"},
	{"sort", 0, VALUE, GROUP_VALUES, COMPARES, "KEY", "order of the table",
	 .take = take_sort, TO(sort), .words = sort_keys},
	{"threshold", 0, VALUE, GROUP_VALUES, COMMAND_DIFF, "PERCENT", "leave out what has changed by less",
	 .take = take_percent, TO(threshold), .examples = "1 5 10 50"},
	{"fail-above", 0, VALUE, GROUP_VALUES, COMMAND_DIFF, "PERCENT", "exit status 1 where it got slower by more",
	 .take = take_percent, TO(fail_above), .examples = "5 10 20 50"},

	{"waits", 'w', NONE, GROUP_MARKS, PLANS | COMMAND_REPORT, NULL, "what goroutines waited for, and where the time went",
	 .take = option_true, TO(marks.waits)},
	{"min-wait", 0, VALUE, GROUP_MARKS, SHOWS, "TIME", "leave out shorter waits",
	 .take = take_min_wait, TO(min_wait), .examples = TIMES},
	{"syscalls", 0, OPTIONAL, GROUP_MARKS, SHOWS, "SET", "system calls",
	 .take = take_syscalls, .examples = "all openat,read %file %network %desc %process %memory %signal"},
	{"event", 'e', VALUE, GROUP_MARKS, SHOWS, "GROUP:NAME", "tracepoints of the kernel, GLOB allowed",
	 .take = take_event, .repeats = true},
	{"signals", 0, OPTIONAL, GROUP_MARKS, SHOWS, "SET", "signals that are delivered",
	 .take = take_signals, .examples = "all SIGTERM SIGCHLD SIGSEGV"},
	{"goroutines", 0, NONE, GROUP_MARKS, SHOWS, NULL, "who started which goroutine, in which call",
	 .take = option_true, TO(goroutines)},

	{"output", 'o', VALUE, GROUP_OUTPUT, PLANS | COMMAND_REPORT | COMMAND_DIFF, "FILE", "where the trace goes",
	 .take = take_output, .complete = COMPLETE_FILE},
	{"format", 0, VALUE, GROUP_OUTPUT, PLANS | COMMAND_REPORT | COMMAND_DIFF, NULL, "format of the trace",
	 .take = take_format, .words = format_names},
	{"max-size", 0, VALUE, GROUP_OUTPUT, TRACES, "SIZE", "of a recording: the newest calls only",
	 .take = take_max_size, .examples = "1M 16M 64M 256M 1G"},
	{"tui", 0, NONE, GROUP_OUTPUT, COMMAND_REPORT, NULL, "to walk through it on the terminal",
	 .take = option_true, TO(tui)},
	{"otlp", 0, OPTIONAL, GROUP_OUTPUT, TRACES, "URL", "spans to an OpenTelemetry collector, too",
	 .take = take_otlp, .next = send_url_is_one, .examples = "http://localhost:4318"},
	{"otlp-queue", 0, VALUE, GROUP_OUTPUT, TRACES, "SIZE", "spans that may wait for it",
	 .take = take_otlp_queue, .examples = "16M 64M 256M"},
	{"pprof-labels", 0, NONE, GROUP_OUTPUT, SHOWS, NULL, "pprof: stacks of each goroutine apart",
	 .take = option_true, TO(pprof_labels)},
	{"trim-prefix", 'P', VALUE, GROUP_OUTPUT, COMPARES, "PREFIX", "left off function names",
	 .take = take_trim, .repeats = true},
	{"timestamp", 0, VALUE, GROUP_OUTPUT, SHOWS, NULL, "times of calls",
	 .take = option_enum, TO(time), .words = timestamps},
	{"no-timestamp", 0, NONE, GROUP_OUTPUT, SHOWS, NULL, "no times of calls",
	 .take = option_set, TO(time), SINK_TIME_NONE},
	{"color", 0, VALUE, GROUP_OUTPUT, COMPARES, NULL, "colours",
	 .take = option_enum, TO(color), .words = colors},
	{"fold", 0, NONE, GROUP_OUTPUT, SHOWS, NULL, "calls that each make one call, in one line",
	 .take = option_true, TO(fold)},
	{"follow", 'f', NONE, GROUP_OUTPUT, COMMAND_REPORT, NULL, "go on as the recording grows",
	 .take = option_true, TO(follow)},
	{"stream", 0, NONE, GROUP_OUTPUT, SHOWS, NULL, "calls as they happen",
	 .take = take_stream},
	{"hold", 0, VALUE, GROUP_OUTPUT, TRACES, "TIME|never", "how long open calls are held back",
	 .take = take_hold, .examples = "0 100ms 1s 10s never"},
	{"flight", 0, VALUE, GROUP_OUTPUT, TRACES, "TIME", "only what is around a call that --when asks for",
	 .take = option_time, TO(flight), 1, .examples = "1s 2s 5s 10s 1m"},
	{"when", 0, VALUE, GROUP_OUTPUT, TRACES, "'GLOB: EXPR'", "--flight: around calls that satisfy it",
	 .take = take_flight_when, .complete = COMPLETE_FILTER, .repeats = true},
	{"flight-size", 0, VALUE, GROUP_OUTPUT, TRACES, "SIZE", "--flight: memory for it",
	 .take = take_flight_size, .examples = "16M 64M 256M 1G"},

	{"pid", 'p', VALUE, GROUP_TARGET, ALL, "WHO[,WHO]...", "these processes, by PID or name",
	 .take = take_pid, .complete = COMPLETE_PID},
	{"cgroup", 0, VALUE, GROUP_TARGET, PLANS, "WHERE", "all Go processes of a unit or container",
	 .take = take_cgroup},
	{"exec", 0, VALUE, GROUP_TARGET, TRACES, "BINARY", "start this program",
	 .take = take_exec, .complete = COMPLETE_PROGRAM},
	{"package", 0, VALUE, GROUP_TARGET, TRACES, "DIR", "build and start this",
	 .take = take_package, .complete = COMPLETE_DIRECTORY},
	{"test", 0, VALUE, GROUP_TARGET, TRACES, "DIR", "build and start its tests",
	 .take = take_test, .complete = COMPLETE_DIRECTORY},
	{"build-output", 0, VALUE, GROUP_TARGET, TRACES, "FILE", "where the built program goes",
	 .take = take_build_output, .complete = COMPLETE_FILE},
	{"build-flags", 0, VALUE, GROUP_TARGET, TRACES, "FLAGS", "for go build",
	 .take = take_build_flags, .repeats = true},
	{"user", 0, VALUE, GROUP_TARGET, TRACES, "NAME", "whom the program runs as",
	 .take = take_user, .complete = COMPLETE_USER},
	{"duration", 0, VALUE, GROUP_TARGET, TRACES, "TIME", "stop after this time",
	 .take = option_time, TO(duration), 1, .examples = TIMES},
	{"buffer", 0, VALUE, GROUP_TARGET, TRACES, "SIZE", "size of the ring",
	 .take = take_buffer, .examples = "8M 16M 64M 256M 1G"},
	{"max-overhead", 0, VALUE, GROUP_TARGET, TRACES, "PERCENT", "switch off the hottest probes above it",
	 .take = take_max_overhead},
	{"no-emulate", 0, NONE, GROUP_TARGET, TRACES, NULL, "leave ret to the kernel",
	 .take = option_true, TO(no_emulate)},
	{"many", 0, NONE, GROUP_TARGET, TRACES, NULL, "more than 200 probes on a kernel before 6.6",
	 .take = option_true, TO(many)},

	{"quiet", 'q', NONE, GROUP_OTHER, COMPARES, NULL, "no banner, hints, summary",
	 .take = option_true, TO(quiet)},
	{"verbose", 'v', NONE, GROUP_OTHER, TRACES, NULL, "say more",
	 .take = option_true, TO(verbose)},
	{"debug", 'd', NONE, GROUP_OTHER, TRACES, NULL, "what libbpf and the verifier say",
	 .take = option_true, TO(debug)},
	{"version", 'V', NONE, GROUP_OTHER, ALL | COMPARES, NULL, "version",
	 .take = option_true, TO(version), .ends = true},
	{"help", 'h', NONE, GROUP_OTHER, ALL | COMPARES, NULL, "help",
	 .take = option_true, TO(help), .ends = true},
};
/* clang-format on */

const size_t option_nrows = sizeof(option_rows) / sizeof(option_rows[0]);

/* options.c keeps getopt_long()'s form of them on the stack. */
_Static_assert(sizeof(option_rows) / sizeof(option_rows[0]) <= OPTION_ROWS_MAX, "one more row");
