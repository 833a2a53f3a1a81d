/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* F_SETLEASE */
#include "cli/target.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/vec.h"
#include "cli/procfs.h"

/* A name without a slash is looked up here, then in PATH, as a person expects of both. */
static char *find_program(const char *name)
{
	const char *path = getenv("PATH");
	char full[PATH_MAX];

	if (strchr(name, '/') || !access(name, F_OK) || !path)
		return strdup(name);
	while (*path) {
		size_t len = strcspn(path, ":");

		snprintf(full, sizeof(full), "%.*s/%s", (int)len, path, name);
		if (len && !access(full, X_OK))
			return strdup(full);
		path += len + (path[len] == ':');
	}
	return strdup(name);
}

static int open_program(const char *path, struct error *err)
{
	struct stat st;
	/* A FIFO nobody writes to must not keep us waiting. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int ret;

	if (fd < 0) {
		ret = -errno;
		return error_set(err, ret, "%s: %s; %s", path, strerror(-ret),
				 ret == -EACCES ? "run ftrace as root" : "check the path");
	}
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	ret = S_ISDIR(st.st_mode) ? -EISDIR : -EACCES;
	close(fd);
	return error_set(err, ret, "%s: %s; name the executable file itself", path,
			 ret == -EISDIR ? "a directory" : "not a regular file");
}

/* The image of that file, which is there already. */
static bool find_known(const struct targets *targets, const struct stat *st, uint32_t *image)
{
	const struct plan *plan = targets->plan;

	for (size_t i = 0; i < plan->nimages; i++) {
		const struct image_info *info = image_info(plan->images[i].image);

		if (info->dev != st->st_dev || info->ino != st->st_ino || targets->overwritten[i])
			continue;
		*image = (uint32_t)i;
		return true;
	}
	return false;
}

/* The image of the file behind `fd`: one that is there already, or a new one. Closes `fd`. */
static int add_image(struct targets *targets, const struct options *opt, int fd, const char *name,
		     uint32_t *image, struct error *err)
{
	struct plan *part;
	struct stat st;
	bool opened;
	int ret = 0;

	if (fstat(fd, &st)) {
		ret = error_set(err, -errno, "%s: %s; try again", name, strerror(errno));
		goto out;
	}
	if (find_known(targets, &st, image))
		goto out;
	if (targets->watched)
		watched_file(targets->watched, name);
	ret = reading_plan(&part, opt, fd, name, targets_room(targets), &opened, err);
	if (!ret)
		ret = plan_adopt(targets->plan, part, image, err);
out:
	close(fd);
	return ret;
}

static int add_target(struct targets *targets, uint32_t image, pid_t pid)
{
	struct target *target = vec_push(&targets->items, &targets->nitems, &targets->capitems);

	if (!target)
		return -ENOMEM;
	target->image = image;
	target->pid = pid;
	return 0;
}

static int open_pid(struct targets *targets, const struct options *opt, pid_t pid,
		    struct error *err)
{
	char *exe = procfs_exe(pid);
	int fd = procfs_open_exe(pid);
	uint32_t image;
	int ret;

	if (fd == -ENOENT && !exe) {
		char path[32];

		snprintf(path, sizeof(path), "/proc/%d", (int)pid);
		if (!access(path, F_OK))
			ret = error_set(err, -ENOPKG,
					"PID %d: a kernel thread or a process that has ended; "
					"name a Go program's",
					(int)pid);
		else
			ret = error_set(err, -ESRCH,
					"PID %d: no such process; look for it with pidof",
					(int)pid);
	} else if (fd < 0) {
		ret = error_set(err, fd, "PID %d: %s; run ftrace as root", (int)pid, strerror(-fd));
	} else {
		ret = add_image(targets, opt, fd, exe ? exe : "?", &image, err);
		if (!ret)
			ret = add_target(targets, image, pid);
	}
	free(exe);
	return ret;
}

/* Looking for processes of the program that run already. */
struct running {
	struct targets *targets;
	const struct options *opt;
	const char *real; /* the path without symbolic links */
};

/* A process of a file that was deleted or replaced since is traced in that file. One whose file has
 * the name in another mount namespace is none of ours. */
static bool runs_it(const struct running *look, pid_t pid, int fd)
{
	const struct image_info *info = image_info(look->targets->plan->images[0].image);
	size_t len = strlen(look->real);
	char *exe = procfs_exe(pid);
	bool same = exe && !strncmp(exe, look->real, len) && !strcmp(exe + len, " (deleted)");
	struct stat st;

	free(exe);
	return same || (!fstat(fd, &st) && st.st_dev == info->dev && st.st_ino == info->ino);
}

static int look_at(pid_t pid, void *arg)
{
	struct running *look = arg;
	struct plan *plan = look->targets->plan;
	size_t before = plan->nimages;
	struct error why = {0};
	uint32_t image = 0;
	int fd = procfs_open_exe(pid), ret;

	if (fd < 0)
		return 0;
	if (!runs_it(look, pid, fd)) {
		close(fd);
		return 0;
	}
	ret = add_image(look->targets, look->opt, fd, look->real, &image, &why);
	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		fprintf(stderr,
			"ftrace: PID %d: it runs an older file of that name, and is not traced: "
			"%s\n",
			(int)pid, why.text);
		return 0;
	}
	look->targets->running++;
	return plan->nimages > before ? add_target(look->targets, image, 0) : 0;
}

static int open_binary(struct targets *targets, const struct options *opt, struct error *err)
{
	struct running look = {.targets = targets, .opt = opt};
	char real[PATH_MAX];
	uint32_t image;
	int fd, ret;

	targets->path = find_program(opt->binary);
	if (!targets->path)
		return -ENOMEM;
	fd = open_program(targets->path, err);
	if (fd < 0)
		return fd;
	if (opt->exec && access(targets->path, X_OK)) {
		close(fd);
		return error_set(err, -EACCES, "%s: not executable; chmod +x", targets->path);
	}
	ret = add_image(targets, opt, fd, targets->path, &image, err);
	/* From here on these would say something of the file itself. */
	if (ret == -ENOENT || ret == -EACCES || ret == -EISDIR)
		ret = -EINVAL;
	if (!ret)
		ret = add_target(targets, image, 0);
	look.real = realpath(targets->path, real);
	if (!ret && !opt->exec && !opt->list && look.real)
		ret = procfs_each(look_at, &look);
	return ret;
}

size_t targets_room(const struct targets *targets)
{
	return targets->plan->max_sites - targets->plan->nsites;
}

int targets_open(struct targets *targets, const struct options *opt, struct error *err)
{
	int ret = 0;

	*targets = (struct targets){
		.plan = plan_new(),
		.how = targets->how,
		.watched = targets->watched,
	};
	if (!targets->plan)
		return -ENOMEM;
	if (opt->binary)
		ret = open_binary(targets, opt, err);
	for (size_t i = 0; i < opt->npids && !ret; i++)
		ret = open_pid(targets, opt, opt->pids[i], err);
	if (opt->npids)
		targets->running = opt->npids;
	if (!ret)
		ret = plan_check(targets->plan, &opt->selection, err);
	if (ret && !err->text[0])
		error_set(err, ret, "%s; try again", strerror(-ret));
	return ret;
}

/* Whoever holds the file open for writing keeps a lease from being taken (fcntl(2)). Where there are no
 * leases the file has to be looked at as it is. */
static bool is_written(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK))
		return errno == EAGAIN;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return false;
}

int targets_look(const struct targets *targets, int *fd, struct error *err)
{
	uint32_t image;
	struct stat st;
	int ret;

	*fd = open_program(targets->path, err);
	if (*fd < 0)
		return *fd;
	if (fstat(*fd, &st))
		ret = error_set(err, -errno, "%s: %s; start ftrace again", targets->path,
				strerror(errno));
	else if (is_written(*fd))
		ret = -EBUSY;
	else
		ret = !find_known(targets, &st, &image);
	if (ret <= 0)
		close(*fd);
	return ret;
}

void targets_forget(struct targets *targets, uint32_t image)
{
	image_keep(targets->plan->images[image].image);
	targets->overwritten[image] = true;
}

static bool is_named(const struct options *opt, pid_t pid)
{
	for (size_t i = 0; i < opt->npids; i++)
		if (opt->pids[i] == pid)
			return true;
	return false;
}

bool targets_run_in(const struct targets *targets, pid_t pid)
{
	const struct plan *plan = targets->plan;
	int fd = procfs_open_exe(pid);
	bool found = false;
	struct stat st;

	if (fd < 0)
		return false;
	for (size_t i = 0; i < plan->nimages && !fstat(fd, &st); i++) {
		const struct image_info *info = image_info(plan->images[i].image);

		found |= st.st_dev == info->dev && st.st_ino == info->ino;
	}
	close(fd);
	return found;
}

/* What runs any of the images, and has no number that is known already. */
struct elsewhere {
	const struct targets *targets;
	const struct options *opt;
};

static int runs_elsewhere(pid_t pid, void *arg)
{
	const struct elsewhere *look = arg;

	return !is_named(look->opt, pid) && targets_run_in(look->targets, pid);
}

bool targets_run_elsewhere(const struct targets *targets, const struct options *opt)
{
	struct elsewhere look = {.targets = targets, .opt = opt};

	return procfs_each(runs_elsewhere, &look) > 0;
}

void targets_release(struct targets *targets)
{
	plan_free(targets->plan);
	free(targets->items);
	free(targets->path);
	*targets = (struct targets){0};
}
