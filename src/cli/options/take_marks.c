/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* sigabbrev_np */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "base/units.h"
#include "cli/options/take.h"
#include "plan/signal_names.h"
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

static int no_signal(const char *name, size_t len, struct error *err)
{
	char names[MARKS_SIGNALS][16], wanted[32], text[128];
	struct suggest suggest;

	snprintf(wanted, sizeof(wanted), "%s%.*s", strncmp(name, "SIG", 3) ? "SIG" : "",
		 len < 24 ? (int)len : 24, name);
	suggest_init(&suggest, wanted);
	for (int i = 1; i < SIGNAL_REALTIME; i++) {
		const char *known = sigabbrev_np(i);

		snprintf(names[i], sizeof(names[i]), "SIG%s", known ? known : "");
		if (known)
			suggest_name(&suggest, names[i]);
	}
	suggest_text(&suggest, text, sizeof(text));
	return error_set(err, -EINVAL, "'%.*s' is no signal%s", len < 60 ? (int)len : 60, name,
			 *text ? text
			       : "; give names or numbers separated by commas, SIGTERM,SIGHUP, or "
				 "!SIGCHLD for all but these");
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
			return no_signal(at, len, err);
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
