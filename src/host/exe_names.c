/* SPDX-License-Identifier: GPL-2.0-only */
#include "host/exe_names.h"

#include <stdlib.h>
#include <string.h>

#define MAX_NAMES \
	(sizeof(((struct exe_names *)0)->names) / sizeof(((struct exe_names *)0)->names[0]))
#define MAX_OTHERS \
	(sizeof(((struct exe_names *)0)->others) / sizeof(((struct exe_names *)0)->others[0]))
/* What has ended goes, unless the record of its end was lost. */
#define MAX_EXECS 65536

void exe_names_release(struct exe_names *names)
{
	for (size_t i = 0; i < MAX_NAMES; i++)
		free(names->names[i].path);
	map_release(&names->execs);
	memset(names, 0, sizeof(*names));
}

/* Without memory it is not known. */
void exe_names_exec(struct exe_names *names, pid_t pid, uint64_t exe)
{
	uint64_t *slot;

	if (names->execs.count >= MAX_EXECS)
		map_release(&names->execs);
	slot = map_put(&names->execs, (struct map_key){.a = (uint64_t)pid});
	if (slot)
		*slot = exe;
}

void exe_names_exit(struct exe_names *names, pid_t pid)
{
	map_delete(&names->execs, (struct map_key){.a = (uint64_t)pid});
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

void exe_names_pass(struct exe_names *names, uint64_t exe)
{
	names->others[names->nothers++ % MAX_OTHERS] = exe;
}

void exe_names_ask_again(struct exe_names *names)
{
	memset(names->others, 0, sizeof(names->others));
}

bool exe_names_settled(const struct exe_names *names, uint64_t exe)
{
	for (size_t i = 0; i < MAX_OTHERS; i++)
		if (names->others[i] == exe)
			return true;
	return exe_names_path(names, exe);
}

uint64_t exe_names_inode(const struct exe_names *names, pid_t pid)
{
	const uint64_t *slot = map_find(&names->execs, (struct map_key){.a = (uint64_t)pid});

	return slot ? *slot : 0;
}

const char *exe_names_path(const struct exe_names *names, uint64_t exe)
{
	for (size_t i = 0; i < MAX_NAMES && exe; i++)
		if (names->names[i].exe == exe)
			return names->names[i].path;
	return NULL;
}
