/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/syscall_set.h"

#include <errno.h>
#include <string.h>

#include "arch/arch.h"
#include "base/suggest.h"
#include "plan/syscall_form.h"

/* What the runtime calls for itself all the time. */
static const char *const own[] = {
	"futex", "epoll_pwait", "nanosleep", "sched_yield", "madvise", "tgkill", "rt_sigreturn",
};

static const struct {
	const char *name;
	unsigned int class;
} classes[] = {
	{"%file", SYS_CLASS_FILE},     {"%network", SYS_CLASS_NETWORK},
	{"%desc", SYS_CLASS_DESC},     {"%process", SYS_CLASS_PROCESS},
	{"%memory", SYS_CLASS_MEMORY}, {"%signal", SYS_CLASS_SIGNAL},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void change(uint64_t *set, unsigned int number, bool in)
{
	if (in)
		marks_add(set, number);
	else
		marks_remove(set, number);
}

/* Numbers without a name are calls of a kernel that is newer than the table. */
static void add_all(uint64_t *set)
{
	for (unsigned int i = 0; i < MARKS_SYSCALLS; i++)
		marks_add(set, i);
}

/* The number of a call, or -1. */
static int find(const char *name)
{
	const struct arch *arch = arch_native();

	for (int i = 0; i < arch->nsyscalls; i++)
		if (arch->syscalls[i] && !strcmp(arch->syscalls[i], name))
			return i;
	return -1;
}

static void remove_own(uint64_t *set)
{
	for (size_t i = 0; i < COUNT(own); i++) {
		int number = find(own[i]);

		if (number >= 0)
			marks_remove(set, (unsigned int)number);
	}
}

/* False: there is no such class. */
static bool change_class(uint64_t *set, const char *name, bool in)
{
	const struct arch *arch = arch_native();

	for (size_t i = 0; i < COUNT(classes); i++) {
		if (strcmp(classes[i].name, name))
			continue;
		for (unsigned int n = 0; n < arch->nsyscalls; n++)
			if (arch->syscalls[n] &&
			    syscall_classes(arch->syscalls[n]) & classes[i].class)
				change(set, n, in);
		return true;
	}
	return false;
}

static int refuse(const char *name, struct error *err)
{
	const struct arch *arch = arch_native();
	struct suggest suggest;
	char text[160];

	suggest_init(&suggest, name);
	for (unsigned int i = 0; i < arch->nsyscalls; i++)
		if (arch->syscalls[i])
			suggest_name(&suggest, arch->syscalls[i]);
	for (size_t i = 0; i < COUNT(classes); i++)
		suggest_name(&suggest, classes[i].name);
	suggest_text(&suggest, text, sizeof(text));
	return error_set(err, -EINVAL, "'%.60s' is no system call%s%s", name, text,
			 *text ? ""
			       : "; give names or %file %network %desc %process %memory %signal, "
				 "!NAME for all but that, or all");
}

static int change_one(uint64_t *set, const char *at, size_t len, bool in, struct error *err)
{
	char name[64];
	int number;

	if (len >= sizeof(name))
		len = sizeof(name) - 1;
	memcpy(name, at, len);
	name[len] = '\0';
	if (!strcmp(name, "all") && in) {
		add_all(set);
		return 0;
	}
	if (change_class(set, name, in))
		return 0;
	number = find(name);
	if (number < 0)
		return refuse(name, err);
	change(set, (unsigned int)number, in);
	return 0;
}

int syscall_set_parse(const char *text, uint64_t set[MARKS_SYSCALLS / 64], struct error *err)
{
	bool but = text && *text == '!';
	int ret = 0;

	memset(set, 0, MARKS_SYSCALLS / 8);
	if (!text || but) {
		add_all(set);
		remove_own(set);
	}
	if (!text)
		return 0;
	text += but;
	do {
		size_t len;
		bool out = *text == '!';

		text += out;
		len = strcspn(text, ",");
		ret = change_one(set, text, len, !out && !but, err);
		text += len;
	} while (!ret && *text++ == ',');
	return ret;
}
