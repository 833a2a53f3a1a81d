/* SPDX-License-Identifier: GPL-2.0-only */
#include "query/mark_kinds.h"

#include <stdio.h>
#include <string.h>

#include "arch/arch.h"
#include "base/glob.h"
#include "plan/signal_names.h"

bool mark_kinds_ask(const struct mark_kinds *kinds)
{
	const struct marks_wanted *wanted = kinds->wanted;

	return wanted->waits || wanted->syscalls || wanted->signals || kinds->nevents;
}

/* The number of a system call, or MARKS_SYSCALLS. */
static unsigned int syscall_number(const char *name)
{
	const struct arch *arch = arch_native();
	unsigned int number;

	for (number = 0; number < arch->nsyscalls; number++)
		if (arch->syscalls[number] && !strcmp(arch->syscalls[number], name))
			return number;
	return sscanf(name, "syscall_%u", &number) == 1 ? number : MARKS_SYSCALLS;
}

static bool shows_syscall(const struct mark_kinds *kinds, const char *name)
{
	unsigned int number = syscall_number(name);

	return kinds->wanted->syscalls && number < MARKS_SYSCALLS &&
	       marks_has(kinds->wanted->syscall, number);
}

static bool shows_signal(const struct mark_kinds *kinds, const char *name)
{
	int number = signal_number(name, strlen(name));

	return kinds->wanted->signals && number > 0 && number < MARKS_SIGNALS &&
	       marks_has(kinds->wanted->signal, (unsigned int)number);
}

/* A name without a group is held against a pattern's own name, and the other way round. */
static bool shows_event(const struct mark_kinds *kinds, const char *name)
{
	const char *own = strchr(name, ':');

	for (size_t i = 0; i < kinds->nevents; i++) {
		const char *pattern = kinds->events[i], *colon = strchr(pattern, ':');

		if (glob_match(pattern, name) || (own && !colon && glob_match(pattern, own + 1)) ||
		    (!own && colon && glob_match(colon + 1, name)))
			return true;
	}
	return false;
}

bool mark_kinds_show(const struct mark_kinds *kinds, const struct tree *tree,
		     const struct mark *mark)
{
	const struct mark_detail *detail;
	const char *name;

	if (mark->kind == &mark_wait) {
		if (!mark->open && mark->end - mark->start < kinds->min_wait)
			return false;
		return kinds->wanted->waits || !mark_kinds_ask(kinds);
	}
	if (!mark_kinds_ask(kinds))
		return true;
	detail = tree_mark_detail(tree, mark);
	name = detail && detail->name ? detail->name : "";
	if (mark->kind == &mark_syscall)
		return shows_syscall(kinds, name);
	if (mark->kind == &mark_signal)
		return shows_signal(kinds, name);
	return mark->kind != &mark_event || shows_event(kinds, name);
}

void mark_kinds_sum(const struct mark_kinds *kinds, struct trace_summary *summary)
{
	const struct marks_wanted *wanted = kinds->wanted;
	const bool asked[MARK_COUNTS] = {
		[MARK_WAITS] = wanted->waits,
		[MARK_SYSCALLS] = wanted->syscalls,
		[MARK_SIGNALS] = wanted->signals,
		[MARK_EVENTS] = kinds->nevents,
	};

	for (int i = 0; i < MARK_COUNTS && mark_kinds_ask(kinds); i++)
		summary->marked[i] &= asked[i];
}
