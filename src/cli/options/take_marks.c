/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* sigabbrev_np */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "base/units.h"
#include "cli/options/take.h"
#include "plan/syscall_set.h"

TAKE(take_event)
{
	if (!*value)
		return error_set(err, -EINVAL, "no tracepoint is named; give GROUP:NAME");
	return words_add(&opt->events, value, strlen(value));
}

TAKE(take_min_wait)
{
	opt->min_wait_given = true;
	if (!strcmp(value, "0")) {
		opt->min_wait = 0;
		return 0;
	}
	return option_time(opt, row, value, err);
}

/* Number of a signal, with or without SIG, or 0. */
static int signal_number(const char *name, size_t len)
{
	if (len > 3 && !strncmp(name, "SIG", 3)) {
		name += 3;
		len -= 3;
	}
	for (int i = 1; i < MARKS_SIGNALS; i++) {
		const char *known = sigabbrev_np(i);

		if (known && strlen(known) == len && !strncmp(known, name, len))
			return i;
	}
	return 0;
}

/* All, but for Go's own preemption. */
static void want_signals(struct options *opt, bool own)
{
	for (unsigned int i = 1; i < MARKS_SIGNALS; i++)
		marks_add(opt->marks.signal, i);
	if (!own)
		marks_remove(opt->marks.signal, SIGURG);
}

TAKE(take_signals)
{
	bool but = value && *value == '!';
	const char *at = value ? value + but : "";

	opt->marks.signals = true;
	memset(opt->marks.signal, 0, sizeof(opt->marks.signal));
	if (!value || but || !strcmp(value, "all"))
		want_signals(opt, value && !but);
	if (!value || !strcmp(value, "all"))
		return 0;
	do {
		size_t len = strcspn(at, ",");
		int number = signal_number(at, len);

		if (!number)
			return error_set(
				err, -EINVAL,
				"'%.60s': '%.*s' is no signal; give names separated by commas, "
				"SIGTERM,SIGHUP, or !SIGCHLD for all but these",
				value, len < 60 ? (int)len : 60, at);
		if (but)
			marks_remove(opt->marks.signal, (unsigned int)number);
		else
			marks_add(opt->marks.signal, (unsigned int)number);
		at += len;
	} while (*at++ == ',');
	return 0;
}

TAKE(take_syscalls)
{
	opt->marks.syscalls = true;
	return syscall_set_parse(value, opt->marks.syscall, err);
}
