/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * take: who takes an option's value (row.h). These need nothing but what is in the row.
 */
#ifndef FTRACE_CLI_OPTIONS_TAKE_H
#define FTRACE_CLI_OPTIONS_TAKE_H

#include "cli/options/row.h"

#define UNUSED __attribute__((unused))
#define TAKE(name)                                                                \
	int name(struct options *opt UNUSED, const struct option_row *row UNUSED, \
		 const char *value UNUSED, struct error *err UNUSED)

TAKE(option_true);     /* bool */
TAKE(option_false);    /* bool */
TAKE(option_set);      /* an enum, to `low` */
TAKE(option_enum);     /* an enum, to the index of the word */
TAKE(option_number);   /* uint64_t, from `low` to `high` */
TAKE(option_number32); /* uint32_t, likewise */
TAKE(option_path);     /* const char *: a file */
TAKE(option_time);     /* uint64_t, ns; 0 where `low` is */

/* take_functions.c */
TAKE(take_uprobe);
TAKE(take_regexp);
TAKE(take_notrace);
TAKE(take_drilldown);
TAKE(take_filter);
TAKE(take_flight_when);

/* take_calls.c */
TAKE(take_goid);
TAKE(take_when);
TAKE(take_max_bytes);
TAKE(take_hold);
TAKE(take_stream);
TAKE(take_max_overhead);
TAKE(take_buffer);
TAKE(take_flight_size);

/* take_marks.c */
TAKE(take_min_wait);
TAKE(take_event);
TAKE(take_signals);
TAKE(take_syscalls);

/* take_output.c */
TAKE(take_output);
TAKE(take_format);
TAKE(take_trim);
TAKE(take_summary);
TAKE(take_histogram);
TAKE(take_sort);
TAKE(take_percent);
TAKE(take_max_size);
TAKE(take_otlp);
TAKE(take_otlp_queue);

/* take_start.c */
TAKE(take_exec);
TAKE(take_package);
TAKE(take_test);
TAKE(take_pid);
TAKE(take_cgroup);
TAKE(take_build_output);
TAKE(take_build_flags);
TAKE(take_user);

#endif
