/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings: the lines of a script that say how to trace and what to print, each of one word.
 */
#ifndef FTRACE_TESTS_CASES_SETTINGS_H
#define FTRACE_TESTS_CASES_SETTINGS_H

#include "state.h"

static const char *const time_names[] = {
	[SINK_TIME_OF_DAY] = "time", [SINK_TIME_DATE] = "date", [SINK_TIME_RELATIVE] = "relative",
	[SINK_TIME_UNIX] = "unix",   [SINK_TIME_NONE] = "none", NULL,
};
static const char *const sort_names[] = {"total", "calls", "self", "avg",    "min",  "p50",
					 "p90",   "p99",   "max",  "errors", "name", NULL};

/* Which of `names` the word is. */
static unsigned int one_of(const char *const *names, const char *word)
{
	for (unsigned int i = 0; names[i]; i++)
		if (word && !strcmp(word, names[i]))
			return i;
	die("no such word here", word);
	return 0;
}

/* A setting of one word; false when it is none. */
static bool do_setting(const char *name, char *word)
{
	struct call_select *select = &replay.config.select;

	if (!strcmp(name, "hold"))
		replay.config.hold =
			word && !strcmp(word, "never") ? TRACE_HOLD_NEVER : duration(word);
	else if (!strcmp(name, "hold-calls"))
		replay.config.hold_calls = number(word);
	else if (!strcmp(name, "hold-bytes"))
		replay.config.hold_bytes = number(word);
	else if (!strcmp(name, "depth"))
		select->depth = (uint32_t)number(word);
	else if (!strcmp(name, "min-duration"))
		select->min_duration = duration(word);
	else if (!strcmp(name, "sample"))
		replay.summary.sampled = (select->sample = number(word)) > 1;
	else if (!strcmp(name, "errors"))
		select->errors = true;
	else if (!strcmp(name, "max-calls"))
		select->max_calls = number(word);
	else if (!strcmp(name, "flight"))
		replay.config.flight = duration(word);
	else if (!strcmp(name, "flight-size"))
		replay.flight_size = number(word);
	else if (!strcmp(name, "goid") && select->ngoids < 8)
		replay.goids[select->ngoids++] = number(word);
	else if (!strcmp(name, "drill"))
		replay.plan.funcs[func_index(&replay.plan, word)].drill = select->drill = true;
	else if (!strcmp(name, "may-repeat"))
		replay.plan.sites[replay.plan.funcs[func_index(&replay.plan, word)].first_site]
			.may_repeat = true;
	else if (!strcmp(name, "waits"))
		replay.marks.waits = replay.sink_config.waits = true,
		replay.config.min_wait = word ? duration(word) : 0;
	else if (!strcmp(name, "goroutines"))
		replay.marks.goroutines = replay.sink_config.goroutines = true;
	else if (!strcmp(name, "signals"))
		replay.marks.signals = true;
	else if (!strcmp(name, "events"))
		replay.marks.events = known_events, replay.marks.nevents = KNOWN_EVENTS;
	else if (!strcmp(name, "syscalls"))
		replay.marks.syscalls = true;
	else if (!strcmp(name, "fold"))
		replay.sink_config.fold = true;
	else if (!strcmp(name, "width"))
		replay.sink_config.width = (int)number(word);
	else if (!strcmp(name, "full-names"))
		replay.full_names = true;
	else if (!strcmp(name, "color"))
		replay.sink_config.color = true;
	else if (!strcmp(name, "time"))
		replay.sink_config.time = one_of(time_names, word);
	else if (!strcmp(name, "summary"))
		replay.table = true, replay.sink_config.only = word && !strcmp(word, "only");
	else if (!strcmp(name, "histogram"))
		replay.sink_config.histogram = true;
	else if (!strcmp(name, "sort"))
		replay.sink_config.sort = one_of(sort_names, word);
	else if (!strcmp(name, "trim") && replay.sink_config.ntrim < 8 && word)
		replay.trim[replay.sink_config.ntrim++] = copy(word);
	else if (!strcmp(name, "missed"))
		replay.summary.missed = number(word);
	else if (!strcmp(name, "duration"))
		replay.summary.duration = duration(word);
	else
		return false;
	return true;
}

#endif
