/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* statx */
#include "host/older.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "host/mounts.h"
#include "host/procfs.h"

#define DELETED " (deleted)"

static uint64_t mount_of(const char *link)
{
	struct statx stx;

	return statx(AT_FDCWD, link, 0, STATX_MNT_ID, &stx) || !(stx.stx_mask & STATX_MNT_ID)
		       ? 0
		       : stx.stx_mnt_id;
}

/* A name inside of its filesystem, of a path in one mount. */
struct inside {
	uint64_t mount;
	const char *path;
	char *name;
};

static int is_in(void *arg, const struct mount *mount)
{
	struct inside *inside = arg;
	size_t len = strcmp(mount->point, "/") ? strlen(mount->point) : 0;

	if (mount->id != inside->mount)
		return 0;
	if (!strncmp(inside->path, mount->point, len) && inside->path[len] == '/' &&
	    asprintf(&inside->name, "%s %s%s", mount->device,
		     strcmp(mount->root, "/") ? mount->root : "", inside->path + len) < 0)
		inside->name = NULL;
	return 1;
}

/* The name inside of its filesystem of what the process `who` has as `path`, in that mount: "8:1 /usr/bin/x".
 * NULL when it is not known. */
static char *inside(const char *who, uint64_t mount, const char *path)
{
	struct inside inside = {.mount = mount, .path = path};

	if (mount)
		mounts_each(who, is_in, &inside);
	return inside.name;
}

int older_init(struct older *older, int fd)
{
	struct stat st = {0};
	char link[64];

	*older = (struct older){.path = procfs_file(fd)};
	if (!older->path)
		return -ENOMEM;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	older->mount = mount_of(link);
	older->inside = inside("self", older->mount, older->path);
	fstat(fd, &st);
	older->device = st.st_dev;
	older->number = st.st_ino;
	return 0;
}

void older_release(struct older *older)
{
	free(older->path);
	free(older->inside);
	*older = (struct older){0};
}

/* The last part of the name as well: most processes run something else altogether. */
static bool has_name(const struct older *older, const char *path)
{
	const char *mine = strrchr(older->path, '/'), *its = strrchr(path, '/');

	return mine && its && !strcmp(mine, its);
}

/* Whether `path`, of a process' mount, is that name. */
static bool is_name(const struct older *older, pid_t pid, const char *link, const char *path)
{
	uint64_t mount = mount_of(link);
	char who[16], *name;
	bool same;

	if (mount && mount == older->mount)
		return !strcmp(path, older->path);
	snprintf(who, sizeof(who), "%d", (int)pid);
	name = inside(who, mount, path);
	same = name && older->inside && !strcmp(name, older->inside);
	free(name);
	return same;
}

bool older_runs(const struct older *older, pid_t pid)
{
	char *path = procfs_exe(pid), link[64];
	size_t len = path ? strlen(path) : 0;
	bool is_older = false;
	struct stat st;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	if (len > strlen(DELETED) && !strcmp(path + len - strlen(DELETED), DELETED)) {
		path[len - strlen(DELETED)] = '\0';
		is_older = has_name(older, path) && is_name(older, pid, link, path);
	} else if (path && has_name(older, path)) {
		is_older = !stat(link, &st) && st.st_dev == older->device &&
			   st.st_ino == older->number;
	}
	free(path);
	return is_older;
}
