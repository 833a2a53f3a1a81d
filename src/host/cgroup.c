/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* O_PATH, asprintf */
#include "host/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/suggest.h"
#include "host/cgroup_tree.h"
#include "host/mounts.h"

/* Names of an ambiguous WHERE that are listed. */
#define LISTED 4

static bool is_cgroup2(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

/* What else is there, where version 2 has not got it. */
static const char *version_1(void)
{
	static const char also[] =
		" (version 1 is mounted here, too; its groups are not looked at)";
	char *mount = mounts_find("cgroup");
	bool is = mount;

	free(mount);
	return is ? also : "";
}

/* A directory by its path: below the mount, or with the mount's own. */
static int open_path(struct cgroup *cgroup, const char *where, struct error *err)
{
	size_t len = strlen(cgroup->mount);
	bool whole = !strncmp(where, cgroup->mount, len) && (!where[len] || where[len] == '/');
	int ret = asprintf(&cgroup->path, "%s%s%s", whole ? "" : cgroup->mount,
			   whole || where[0] == '/' ? "" : "/", where);

	if (ret < 0) {
		cgroup->path = NULL;
		return -ENOMEM;
	}
	for (len = strlen(cgroup->path); len > 1 && cgroup->path[len - 1] == '/'; len--)
		cgroup->path[len - 1] = '\0';
	cgroup->fd = open(cgroup->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (cgroup->fd >= 0 && is_cgroup2(cgroup->fd))
		return 0;
	if (cgroup->fd < 0 && errno != ENOENT && errno != ENOTDIR)
		return error_set(err, -errno, "%s: %s; run ftrace as root", where, strerror(errno));
	return error_set(err, -ENOENT,
			 "%s: no such control group below %s%s; look for it with systemd-cgls",
			 where, cgroup->mount, version_1());
}

/* Directories that WHERE may mean, and the names of all. */
struct search {
	const char *where;
	struct cgroup_paths exact, containers;
	struct cgroup_paths names; /* for "did you mean" */
};

static int consider(void *arg, const char *path, const char *name)
{
	struct search *search = arg;
	int ret = cgroup_paths_add(&search->names, name);

	if (!ret && !strcmp(name, search->where))
		ret = cgroup_paths_add(&search->exact, path);
	else if (!ret && cgroup_is_container(name, search->where))
		ret = cgroup_paths_add(&search->containers, path);
	return ret;
}

static int say_none(const struct search *search, struct error *err)
{
	struct suggest near;
	char text[512];

	suggest_init(&near, search->where);
	for (size_t i = 0; i < search->names.count; i++)
		suggest_name(&near, search->names.items[i]);
	suggest_text(&near, text, sizeof(text));
	return error_set(err, -ENOENT, "%.80s: no control group has this name%s%s", search->where,
			 version_1(), *text ? text : "; look for it with systemd-cgls");
}

static int say_several(const struct cgroup *cgroup, const struct search *search,
		       const struct cgroup_paths *found, struct error *err)
{
	size_t len = strlen(cgroup->mount);
	struct buf text = {0};

	for (size_t i = 0; i < found->count && i < LISTED; i++)
		buf_addf(&text, "%s%s", i ? ", " : "", found->items[i] + len);
	if (found->count > LISTED)
		buf_addf(&text, " and %zu more", found->count - LISTED);
	error_set(err, -ENOTUNIQ, "%.80s: %zu control groups: %s; give the path of one",
		  search->where, found->count, buf_str(&text));
	buf_release(&text);
	return -ENOTUNIQ;
}

static int open_name(struct cgroup *cgroup, const char *where, struct error *err)
{
	struct search search = {.where = where};
	const struct cgroup_paths *found = &search.containers;
	int ret = cgroup_tree_walk(cgroup->mount, consider, &search);

	if (search.exact.count)
		found = &search.exact;
	if (!ret && !found->count)
		ret = say_none(&search, err);
	else if (!ret && found->count > 1)
		ret = say_several(cgroup, &search, found, err);
	else if (!ret)
		ret = open_path(cgroup, found->items[0], err);
	cgroup_paths_release(&search.exact);
	cgroup_paths_release(&search.containers);
	cgroup_paths_release(&search.names);
	return ret;
}

/* Whoever starts a service makes its directory, and the program some milliseconds later: these are not to be slept
 * through. Where nothing tells of it there are the looks now and then. */
static void watch_parent(struct cgroup *cgroup)
{
	char *parent = strdup(cgroup->path), *last = parent ? strrchr(parent, '/') : NULL;

	if (last && last != parent && strcmp(cgroup->path, cgroup->mount) != 0) {
		*last = '\0';
		cgroup->changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
		if (cgroup->changes >= 0)
			inotify_add_watch(cgroup->changes, parent, IN_CREATE | IN_ONLYDIR);
	}
	free(parent);
}

int cgroup_find(struct cgroup *cgroup, const char *where, struct error *err)
{
	int ret;

	*cgroup = CGROUP_NONE;
	cgroup->mount = mounts_find("cgroup2");
	if (!cgroup->mount)
		return error_set(
			err, -ENOSYS,
			"%.80s: control groups of version 2 are not mounted here%s; name the "
			"processes with -p",
			where, version_1());
	ret = strchr(where, '/') ? open_path(cgroup, where, err) : open_name(cgroup, where, err);
	if (!ret)
		watch_parent(cgroup);
	if (ret && !err->code)
		error_set(err, ret, "%.80s: %s; try again", where, strerror(-ret));
	return ret;
}

int cgroup_look(struct cgroup *cgroup)
{
	struct stat now, before;
	char events[4096];
	int fd;

	while (cgroup->changes >= 0 && read(cgroup->changes, events, sizeof(events)) > 0)
		;

	/* The kernel never gives a number twice (kernfs_new_node()). */
	if (stat(cgroup->path, &now) || fstat(cgroup->fd, &before) || now.st_ino == before.st_ino)
		return 0;
	fd = open(cgroup->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	close(cgroup->fd);
	cgroup->fd = fd;
	return 1;
}

const char *cgroup_name(const struct cgroup *cgroup)
{
	const char *name = cgroup->path + strlen(cgroup->mount);

	return *name ? name : "/";
}

int cgroup_pids(const struct cgroup *cgroup, struct pid_list *list)
{
	int ret = cgroup_tree_pids(cgroup->fd, list);

	pid_list_sort(list);
	return ret;
}

void cgroup_release(struct cgroup *cgroup)
{
	if (cgroup->fd >= 0)
		close(cgroup->fd);
	if (cgroup->changes >= 0)
		close(cgroup->changes);
	free(cgroup->mount);
	free(cgroup->path);
	*cgroup = CGROUP_NONE;
}
