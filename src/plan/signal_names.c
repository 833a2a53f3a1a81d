/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* sigabbrev_np */
#include "plan/signal_names.h"

#include <signal.h>
#include <string.h>

#include "plan/marks.h"

/* Number of a signal that is written as one, or as what is behind `prefix`; 0: it is not. */
static int written_number(const char *text, size_t len, const char *prefix, int first)
{
	size_t skip = strlen(prefix);
	int number = 0;

	if (len <= skip || len > skip + 2 || strncmp(text, prefix, skip) != 0)
		return 0;
	for (size_t i = skip; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		number = number * 10 + text[i] - '0';
	}
	return number + first < MARKS_SIGNALS ? number + first : 0;
}

int signal_number(const char *name, size_t len)
{
	int number = written_number(name, len, "", 0);

	if (number)
		return number;
	if (len > 3 && !strncmp(name, "SIG", 3)) {
		name += 3;
		len -= 3;
	}
	if (len == strlen("RTMIN") && !strncmp(name, "RTMIN", len))
		return SIGNAL_REALTIME;
	for (int i = 1; i < MARKS_SIGNALS; i++) {
		const char *known = sigabbrev_np(i);

		if (known && strlen(known) == len && !strncmp(known, name, len))
			return i;
	}
	return written_number(name, len, "RT_", SIGNAL_REALTIME);
}
