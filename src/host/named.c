/* SPDX-License-Identifier: GPL-2.0-only */
#include "host/named.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "base/vec.h"
#include "host/procfs.h"

/* All names that there are, for "did you mean". */
struct names {
	char **items;
	size_t count, cap;
};

bool named_is_pid(const char *word)
{
	return *word && !word[strspn(word, "0123456789")];
}

static int keep(struct names *names, char *name)
{
	char **slot = vec_push(&names->items, &names->count, &names->cap);

	if (!slot)
		return -ENOMEM;
	*slot = name;
	return 0;
}

/* One process: is it called so? Its names are kept in any case. */
static int look_at(struct pid_list *found, struct names *names, const char *wanted, pid_t pid)
{
	char *own[] = {procfs_exe_name(pid), procfs_comm(pid)};
	/* A kernel thread has no executable, nor has what has ended. */
	bool is_program = own[0] || procfs_is_closed(pid), is_it = false;
	int ret = 0;

	for (size_t i = 0; i < 2; i++) {
		is_it |= is_program && own[i] && !strcmp(own[i], wanted);
		if (is_program && own[i] && !ret)
			ret = keep(names, own[i]);
		else
			free(own[i]);
	}
	return ret || !is_it ? ret : pid_list_add(found, pid);
}

static int say_none(const struct names *names, const char *wanted, struct error *err)
{
	struct suggest near;
	char text[256];

	suggest_init(&near, wanted);
	for (size_t i = 0; i < names->count; i++)
		suggest_name(&near, names->items[i]);
	suggest_text(&near, text, sizeof(text));
	return error_set(err, -ESRCH, "no process has this name%s",
			 *text ? text : "; start it, or look for its PID with ps");
}

int named_find(struct pid_list *found, const char *name, struct error *err)
{
	size_t before = found->count;
	struct names names = {0};
	struct dirent *entry;
	int ret = 0;
	DIR *dir;

	if (strchr(name, '/'))
		return error_set(
			err, -EINVAL,
			"a path; give the name alone, or leave -p out to trace what runs this file");
	dir = opendir("/proc");
	if (!dir)
		return error_set(err, -errno, "/proc: %s; mount it", strerror(errno));
	while (!ret && (entry = readdir(dir))) {
		pid_t pid = named_is_pid(entry->d_name) ? (pid_t)atol(entry->d_name) : 0;

		if (pid && pid != getpid())
			ret = look_at(found, &names, name, pid);
	}
	closedir(dir);
	if (!ret && found->count == before)
		ret = say_none(&names, name, err);
	else if (ret)
		error_set(err, ret, "out of memory; close something");
	for (size_t i = 0; i < names.count; i++)
		free(names.items[i]);
	free(names.items);
	return ret;
}
