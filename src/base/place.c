/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* O_PATH */
#include "base/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* As many as the kernel follows (MAXSYMLINKS). */
#define LINKS_MAX 40

#define OPEN_FLAGS (O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)

struct path_walk {
	int dir;             /* where `rest` begins */
	char rest[PATH_MAX]; /* of the path */
	char name[NAME_MAX + 1];
	int links;
};

static bool is_shared(const struct stat *dir)
{
	return dir->st_mode & S_ISVTX && dir->st_mode & S_IWOTH;
}

/* Whether somebody put `st` into the shared directory who is neither we nor its owner. */
static bool is_foreign(const struct stat *dir, const struct stat *st)
{
	return is_shared(dir) && st->st_uid != geteuid() && st->st_uid != dir->st_uid;
}

/* Links of procfs lead to what no path may lead to, and are the kernel's own. */
static bool is_proc(int dir)
{
	struct statfs fs;

	return !fstatfs(dir, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

static int enter(struct path_walk *walk, int dir)
{
	if (dir < 0)
		return -errno;
	close(walk->dir);
	walk->dir = dir;
	return 0;
}

/* A link stands for what it says, before what follows it. */
static int follow(struct path_walk *walk, const char *after)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t len = readlinkat(walk->dir, walk->name, target, sizeof(target) - 1);

	if (len < 0)
		return -errno;
	target[len] = '\0';
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (snprintf(rest, sizeof(rest), "%s%s%s", target, *after ? "/" : "", after) >=
	    (int)sizeof(rest))
		return -ENAMETOOLONG;
	memcpy(walk->rest, rest, sizeof(rest));
	return 0;
}

/* The next name of the path, and what comes after it. */
static int next_name(struct path_walk *walk, const char **after)
{
	const char *at = walk->rest + strspn(walk->rest, "/");
	size_t len = strcspn(at, "/");

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(walk->name, at, len);
	walk->name[len] = '\0';
	at += len;
	*after = at;
	return 0;
}

/* Goes through the path until `name` in `dir` is the last of it and, but for procfs, no link. */
static int go_on(struct path_walk *walk)
{
	for (;;) {
		const char *after;
		struct stat dir, st;
		int ret;

		if (*walk->rest == '/') {
			ret = enter(walk, open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
			if (ret)
				return ret;
		}
		ret = next_name(walk, &after);
		if (ret)
			return ret;
		if (!*walk->name)
			return -EISDIR;
		if (fstatat(walk->dir, walk->name, &st, AT_SYMLINK_NOFOLLOW))
			return errno == ENOENT && !*after ? 0 : -errno;
		if (S_ISLNK(st.st_mode) && !is_proc(walk->dir)) {
			if (fstat(walk->dir, &dir) || is_foreign(&dir, &st))
				return PLACE_LINK;
			ret = follow(walk, after + strspn(after, "/"));
			if (ret)
				return ret;
			continue;
		}
		if (!*after)
			return 0;
		memmove(walk->rest, after + strspn(after, "/"),
			strlen(after + strspn(after, "/")) + 1);
		ret = enter(walk, openat(walk->dir, walk->name, O_PATH | O_DIRECTORY | O_CLOEXEC));
		if (ret)
			return ret;
		if (!*walk->rest)
			return -EISDIR;
	}
}

static bool is_terminal(dev_t device)
{
	char path[64], target[PATH_MAX];
	unsigned int number = major(device);
	ssize_t len;

	/* Documentation/admin-guide/devices.txt; 5:2 is where terminals are made, not one. */
	if (number == 4 || (number == 5 && minor(device) != 2) || (number >= 136 && number <= 143))
		return true;
	snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/subsystem", number, minor(device));
	len = readlink(path, target, sizeof(target) - 1);
	target[len > 0 ? len : 0] = '\0';
	return number != 5 && strrchr(target, '/') && !strcmp(strrchr(target, '/'), "/tty");
}

/* null, zero, full, random, urandom and kmsg: of the others of their kind two are the machine's memory. */
static bool takes_bytes(dev_t device)
{
	static const unsigned int minors[] = {3, 5, 7, 8, 9, 11};

	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++)
		if (major(device) == 1 && minor(device) == minors[i])
			return true;
	return is_terminal(device);
}

static int check_kind(const struct path_walk *walk, int fd, const struct stat *st,
		      const struct place_check *check)
{
	struct stat dir;

	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	if (S_ISBLK(st->st_mode) || (S_ISCHR(st->st_mode) && !takes_bytes(st->st_rdev)))
		return PLACE_DEVICE;
	if (S_ISSOCK(st->st_mode))
		return -ENXIO;
	if (S_ISREG(st->st_mode) || S_ISFIFO(st->st_mode)) {
		if (fstat(walk->dir, &dir))
			return -errno;
		if (is_foreign(&dir, st))
			return PLACE_FOREIGN;
	}
	return S_ISREG(st->st_mode) && check && check->forbids(check->arg, fd) ? PLACE_FORBIDDEN
									       : 0;
}

/* Opens what `fd` stands for, which no other file can take the place of. */
static int open_again(int fd, const struct stat *st, bool cut)
{
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	/* O_APPEND, so that a log rotation which copies and truncates leaves no hole. */
	ret = open(path, OPEN_FLAGS);
	if (ret < 0)
		return errno == ENXIO && S_ISFIFO(st->st_mode) ? -EAGAIN : -errno;
	if (cut && S_ISREG(st->st_mode) && ftruncate(ret, 0)) {
		int err = -errno;

		close(ret);
		return err;
	}
	return ret;
}

static int open_last(const struct path_walk *walk, bool cut, const struct place_check *check)
{
	int follow_it = is_proc(walk->dir) ? 0 : O_NOFOLLOW, fd, ret;
	struct stat st;

	fd = openat(walk->dir, walk->name, O_PATH | O_CLOEXEC | follow_it);
	if (fd < 0 && errno == ENOENT)
		fd = openat(walk->dir, walk->name, O_CREAT | O_EXCL | OPEN_FLAGS, 0666);
	else if (fd >= 0) {
		ret = fstat(fd, &st) ? -errno : check_kind(walk, fd, &st, check);
		if (!ret)
			ret = open_again(fd, &st, cut);
		close(fd);
		return ret;
	}
	return fd < 0 ? -errno : fd;
}

int place_open(const char *path, bool cut, const struct place_check *check)
{
	/* Where we are may be closed to root (a FUSE or NFS mount): only what begins there needs it. */
	struct path_walk walk = {
		.dir = open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC)};
	int ret = walk.dir < 0 ? -errno : 0;

	if (!ret && !*path)
		ret = -ENOENT;
	if (!ret && strlen(path) >= sizeof(walk.rest))
		ret = -ENAMETOOLONG;
	if (!ret) {
		memcpy(walk.rest, path, strlen(path) + 1);
		ret = go_on(&walk);
	}
	if (!ret)
		ret = open_last(&walk, cut, check);
	if (walk.dir >= 0)
		close(walk.dir);
	return ret;
}

const char *place_error(int code)
{
	switch (code) {
	case PLACE_FORBIDDEN:
		return "the traced program itself, its debug information, or ftrace";
	case PLACE_LINK:
		return "a symbolic link of another user in a directory that all may write to";
	case PLACE_FOREIGN:
		return "another user's, in a directory that all may write to";
	case PLACE_DEVICE:
		return "a device that takes no trace";
	default:
		return strerror(-code);
	}
}
