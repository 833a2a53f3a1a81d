/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/wanted_events.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void say_notes(const char *notes)
{
	for (size_t len; (len = strcspn(notes, "\n")); notes += len + (notes[len] == '\n'))
		fprintf(stderr, "ftrace: %.*s\n", (int)len, notes);
}

int wanted_events_find(struct options *opt, struct error *err)
{
	int ret = event_find_all(&opt->found, opt->events.items, opt->events.count, err);

	/* Whatever it was, it is not that a program is missing or must not be executed. */
	if (ret)
		return -EINVAL;
	if (!opt->quiet && opt->found.notes.len)
		say_notes(buf_str(&opt->found.notes));
	opt->marks.events = opt->found.types;
	opt->marks.nevents = opt->found.count;
	return 0;
}

void wanted_events_refused(const struct options *opt, const struct probe *probe)
{
	for (size_t i = 0; i < opt->marks.nevents; i++) {
		int error = probe_event_error(probe, i);

		if (error && !opt->quiet)
			fprintf(stderr, "ftrace: -e %s: the kernel refuses a program there: %s; it is left out\n",
				opt->marks.events[i].name, strerror(-error));
	}
}
