/* SPDX-License-Identifier: GPL-2.0-only */
#include "host/exe_names.h"

#include <stdlib.h>
#include <string.h>

#define MAX_EXECS \
	(sizeof(((struct exe_names *)0)->execs) / sizeof(((struct exe_names *)0)->execs[0]))
#define MAX_NAMES \
	(sizeof(((struct exe_names *)0)->names) / sizeof(((struct exe_names *)0)->names[0]))

void exe_names_release(struct exe_names *names)
{
	for (size_t i = 0; i < MAX_NAMES; i++)
		free(names->names[i].path);
	memset(names, 0, sizeof(*names));
}

void exe_names_exec(struct exe_names *names, pid_t pid, uint64_t exe)
{
	size_t at = names->nexecs++ % MAX_EXECS;

	names->execs[at].pid = pid;
	names->execs[at].exe = exe;
}

void exe_names_note(struct exe_names *names, uint64_t exe, const char *path)
{
	size_t at = 0;

	if (!exe)
		return;
	while (at < MAX_NAMES && names->names[at].exe != exe)
		at++;
	if (at < MAX_NAMES && !strcmp(names->names[at].path, path))
		return;
	if (at == MAX_NAMES)
		at = names->nnames++ % MAX_NAMES;
	free(names->names[at].path);
	names->names[at].path = strdup(path);
	names->names[at].exe = names->names[at].path ? exe : 0;
}

char *exe_names_find(const struct exe_names *names, pid_t pid)
{
	size_t kept = names->nexecs < MAX_EXECS ? names->nexecs : MAX_EXECS;

	for (size_t i = 1; i <= kept; i++) {
		size_t at = (names->nexecs - i) % MAX_EXECS;

		if (names->execs[at].pid != pid)
			continue;
		for (size_t j = 0; j < MAX_NAMES; j++)
			if (names->names[j].exe && names->names[j].exe == names->execs[at].exe)
				return strdup(names->names[j].path);
		return NULL;
	}
	return NULL;
}
