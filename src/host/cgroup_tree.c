/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* asprintf */
#include "host/cgroup_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"

/* Deeper than anybody nests groups: each level takes a descriptor. */
#define DEEPEST 64
#define HEX     "0123456789abcdef"

int cgroup_paths_add(struct cgroup_paths *paths, const char *text)
{
	char **slot = vec_push(&paths->items, &paths->count, &paths->cap);

	if (!slot)
		return -ENOMEM;
	*slot = strdup(text);
	return *slot ? 0 : -ENOMEM;
}

void cgroup_paths_release(struct cgroup_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i]);
	free(paths->items);
	*paths = (struct cgroup_paths){0};
}

/* Calls `each` for the directories in `dir`, open or not. */
static int each_below(int dir, int (*each)(void *arg, int dir, const char *name), void *arg)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret = 0;
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!stream) {
		if (copy >= 0)
			close(copy);
		return 0;
	}
	while (!ret && (entry = readdir(stream)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			ret = each(arg, dirfd(stream), entry->d_name);
	closedir(stream);
	return ret;
}

struct walk {
	const char *path; /* of the directory that is looked at */
	int depth;
	int (*each)(void *arg, const char *path, const char *name);
	void *arg;
};

static int walk_into(void *arg, int dir, const char *name)
{
	const struct walk *outer = arg;
	struct walk walk = *outer;
	char *path;
	int fd, ret;

	if (asprintf(&path, "%s/%s", outer->path, name) < 0)
		return -ENOMEM;
	walk.path = path;
	walk.depth++;
	ret = walk.each(walk.arg, path, name);
	fd = ret || walk.depth == DEEPEST
		     ? -1
		     : openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0) {
		ret = each_below(fd, walk_into, &walk);
		close(fd);
	}
	free(path);
	return ret;
}

int cgroup_tree_walk(const char *top, int (*each)(void *arg, const char *path, const char *name),
		     void *arg)
{
	struct walk walk = {.path = top, .each = each, .arg = arg};
	int fd = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = each_below(fd, walk_into, &walk);
	close(fd);
	return ret;
}

/* A process of another PID namespace is 0 there. A group of threads alone does not tell: its processes
 * are those of a group above it. */
static int add_own(int dir, struct pid_list *list)
{
	int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC), ret = 0;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	char line[32];

	if (!file) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while (!ret && fgets(line, sizeof(line), file)) {
		long pid = strtol(line, NULL, 10);

		if (pid > 0 && pid <= INT_MAX)
			ret = pid_list_add(list, (pid_t)pid);
	}
	fclose(file);
	return ret;
}

struct gathering {
	struct pid_list *list;
	int depth;
};

static int add_below(void *arg, int dir, const char *name)
{
	const struct gathering *outer = arg;
	struct gathering inner = {outer->list, outer->depth + 1};
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW), ret;

	if (fd < 0)
		return 0;
	ret = add_own(fd, inner.list);
	if (!ret && inner.depth < DEEPEST)
		ret = each_below(fd, add_below, &inner);
	close(fd);
	return ret;
}

int cgroup_tree_pids(int dir, struct pid_list *list)
{
	struct gathering all = {.list = list};
	int ret = add_own(dir, list);

	return ret ? ret : each_below(dir, add_below, &all);
}

bool cgroup_is_container(const char *name, const char *id)
{
	const char *at = name + strlen(name);
	size_t digits;

	if (strstr(name, "conmon-") || !*id || id[strspn(id, HEX)])
		return false;
	while (at > name && at[-1] != '-' && at[-1] != ':')
		at--;
	digits = strspn(at, HEX);
	return !strncmp(at, id, strlen(id)) &&
	       (!at[digits] || (at > name && !strcmp(at + digits, ".scope")));
}
