/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * formats: what a trace can be written as, one row each. --format, the name of -o's file, their errors, the help and
 * the completions know a format from its row alone.
 *
 * A new one is a file with its `const struct sink_ops sink_NAME`, and a row here.
 */
#ifndef FTRACE_SINK_FORMATS_H
#define FTRACE_SINK_FORMATS_H

#include <stdbool.h>
#include <stddef.h>

#include "call/sink.h"

/* NAME, the endings of a file's name that ask for it, BINARY (not for a terminal), WATCHED (somebody reads along, so
 * that a call that takes long is not held back for ever), BRIEF (values are read for a person, in brief, unless --values says
 * otherwise), PLACES (it shows where functions are declared), STREAM (what is written is good without what comes later), LINKS
 * (it shows who made which goroutine without being asked), what it is for. */
#define FORMATS(ROW)                                                                                   \
	ROW(text, ".txt", false, true, true, false, true, false, "for people (the default)")           \
	ROW(jsonl, ".jsonl", false, false, false, false, true, false, "one JSON object a line")        \
	ROW(ftrace, ".ftrace", true, false, false, true, true, true, "a recording, for ftrace report") \
	ROW(perfetto, ".perfetto-trace", true, false, false, true, false, true, "for ui.perfetto.dev") \
	ROW(chrome, "", false, false, false, true, false, true, "trace events for chrome://tracing")   \
	ROW(speedscope, ".speedscope.json", false, false, false, true, false, false,                   \
	    "for speedscope.app")                                                                      \
	ROW(pprof, ".pb.gz", true, false, false, true, false, false, "for go tool pprof")              \
	ROW(folded, ".folded", false, false, false, false, false, false, "stacks for flame graphs")    \
	ROW(html, ".html", false, false, false, true, false, true, "one page, for a browser")          \
	ROW(otlp, "", false, false, true, true, true, true, "OpenTelemetry's spans, JSON lines")

struct format {
	const char *name;
	const char *suffixes; /* separated by blanks */
	bool binary;
	bool watched;
	bool brief;
	bool places;
	bool stream;
	bool links;
	const char *help;
	const struct sink_ops *ops;
};

/* The first is the default. */
extern const struct format formats[];
extern const size_t nformats;

/* Their names, in the same order; NULL ends them. */
extern const char *const format_names[];

/* The format that is called so, or NULL. */
const struct format *format_named(const char *name);

/* The format of a file of that name, which may have `.zst` behind it; NULL: its name says nothing. */
const struct format *format_of_file(const char *name);

#define FORMAT_DECLARED(name, ...) extern const struct sink_ops sink_##name;
FORMATS(FORMAT_DECLARED)
#undef FORMAT_DECLARED

#endif
