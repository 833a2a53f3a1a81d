/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/target/target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/regular.h"
#include "base/vec.h"
#include "cli/chatter.h"
#include "cli/commands.h"
#include "cli/target/exe_path.h"
#include "cli/target/lookup.h"
#include "cli/target/target_state.h"
#include "host/older.h"
#include "host/procfs.h"

int target_open_file(const char *path, struct error *err)
{
	int fd = regular_open(path);

	if (fd >= 0)
		return fd;
	if (fd == -EISDIR || fd == -ENXIO)
		return error_set(err, fd == -EISDIR ? fd : -EACCES,
				 "%s: %s; name the executable file itself", path,
				 fd == -EISDIR ? "a directory" : "not a regular file");
	return error_set(err, fd, "%s: %s; %s", path, strerror(-fd),
			 fd == -EACCES ? "run ftrace as root" : "check the path");
}

void targets_say_unread(const struct targets *targets, uint32_t image)
{
	const char *why = targets->plan->images[image].unread;

	if (why)
		fprintf(stderr, "ftrace: %s\n", why);
}

/* Names are anybody's: what is no text of a line is taken out. */
static void say_debug_file(const struct image *img)
{
	const char *path = image_debug(img)->path;
	struct error line;

	if (!path && image_info(img)->has_dwarf)
		return;
	if (path)
		error_set(&line, -EINVAL, "%s: debug information from %s", image_info(img)->path,
			  path);
	else
		error_set(&line, -EINVAL,
			  "%s: no debug information: only rules read arguments and results",
			  image_info(img)->path);
	chatter_error(&line);
}

/* The image of that file, which is there already. */
static bool find_known(const struct targets *targets, const struct file_id *file, uint32_t *image)
{
	for (size_t i = 0; i < targets->plan->nimages; i++) {
		if (!file_id_same(file, &targets->files[i]) || targets->overwritten[i])
			continue;
		*image = (uint32_t)i;
		return true;
	}
	return false;
}

int target_add_image(struct targets *targets, const struct options *opt, int fd, const char *name,
		     uint32_t *image, bool *go, struct error *err)
{
	struct file_id file;
	struct plan *part;
	int ret = inodes_of_file(targets->inodes, fd, &file);

	*go = true;
	if (ret) {
		error_set(err, ret, "%s: %s; try again", name, strerror(-ret));
		goto out;
	}
	if (find_known(targets, &file, image))
		goto out;
	if (targets->watched)
		watched_file(targets->watched, name);
	ret = reading_plan(&part, opt, targets->watched, fd, name, targets_room(targets), go, err);
	if (!ret)
		ret = targets_adopt(targets, part, image, err);
out:
	close(fd);
	return ret;
}

int target_add(struct targets *targets, uint32_t image, pid_t pid)
{
	struct target *target = vec_push(&targets->items, &targets->nitems, &targets->capitems);

	if (!target)
		return -ENOMEM;
	target->image = image;
	target->pid = pid;
	return 0;
}

int target_check_reached(const struct targets *targets, uint32_t image, const struct runner *runner,
			 struct error *err)
{
	if (file_id_same(&targets->files[image], &runner->file))
		return 0;
	return error_set(err, -ESTALE,
			 "its file is another one by now, copied up by its overlay; restart it");
}

/* Looking for processes of the program that run already. */
struct running {
	struct targets *targets;
	const struct options *opt;
	struct older name; /* of the program's file */
	size_t closed;     /* processes of which nobody may know what file they run */
};

/* A process of a file that was deleted or replaced since is traced in that file. */
static int look_at(void *arg, const struct runner *runner)
{
	struct running *look = arg;
	struct targets *targets = look->targets;
	size_t before = targets->plan->nimages;
	struct error why = {0};
	uint32_t image = 0;
	int fd, ret;
	bool go;

	if (targets_image(targets, &runner->file) >= 0) {
		exe_path_ask(targets, runner->pid);
		return 0;
	}
	look->closed += procfs_is_closed(runner->pid);
	if (!older_runs(&look->name, runner->pid))
		return 0;
	fd = procfs_open_exe(runner->pid);
	if (fd < 0)
		return 0;
	ret = target_add_image(targets, look->opt, fd, look->name.path, &image, &go, &why);
	if (!ret)
		ret = target_check_reached(targets, image, runner, &why);
	if (ret == -ENOMEM)
		return ret;
	if (ret) {
		fprintf(stderr,
			"ftrace: PID %d: it runs an older file of that name, and is not traced: "
			"%s\n",
			(int)runner->pid, why.text);
		return 0;
	}
	return targets->plan->nimages > before ? target_add(targets, image, 0) : 0;
}

static int find_running(struct targets *targets, const struct options *opt, int fd)
{
	struct running look = {.targets = targets, .opt = opt};
	int ret = older_init(&look.name, fd);

	if (!ret)
		ret = inodes_each_runner(targets->inodes, look_at, &look);
	if (look.closed && !opt->quiet)
		fprintf(stderr,
			"ftrace: %zu process%s not looked at, which takes CAP_SYS_PTRACE: those that "
			"run an older file of this name are not traced\n",
			look.closed, look.closed == 1 ? " is" : "es are");
	older_release(&look.name);
	return ret;
}

static int open_binary(struct targets *targets, const struct options *opt, struct error *err)
{
	uint32_t image;
	int fd, ret;
	bool go;

	targets->path = opt->exec ? lookup_started(opt->binary, err) : lookup_traced(opt->binary);
	if (!targets->path)
		return opt->exec && err->code ? err->code : -ENOMEM;
	fd = target_open_file(targets->path, err);
	if (fd < 0)
		return fd;
	if (opt->exec && access(targets->path, X_OK)) {
		close(fd);
		return error_set(err, -EACCES, "%s: not executable; chmod +x", targets->path);
	}
	ret = target_add_image(targets, opt, fd, targets->path, &image, &go, err);
	/* From here on these would say something of the file itself. */
	if (ret == -ENOENT || ret == -EACCES || ret == -EISDIR)
		ret = -EINVAL;
	if (!ret)
		ret = target_add(targets, image, 0);
	if (!ret && !opt->exec && !opt->command->explains)
		ret = find_running(targets, opt, image_fd(targets->plan->images[image].image));
	return ret;
}

int targets_adopt(struct targets *targets, struct plan *part, uint32_t *image, struct error *err)
{
	const struct image *img = part->images[0].image;
	struct file_id file;
	int ret = inodes_of_file(targets->inodes, image_fd(img), &file);

	if (ret) {
		error_set(err, ret, "%s: %s; try again", image_info(img)->path, strerror(-ret));
		plan_free(part);
		return ret;
	}
	ret = plan_adopt(targets->plan, part, image, err);
	if (!ret)
		targets->files[*image] = file;
	exe_names_ask_again(&targets->exe_names);
	return ret;
}

size_t targets_room(const struct targets *targets)
{
	return targets->plan->max_sites - targets->plan->nsites;
}

/* The one that the user named is of one of them, or a mistake. */
static int check_debug_file(const struct targets *targets, const struct options *opt,
			    struct error *err)
{
	const struct plan *plan = targets->plan;

	if (!opt->debug_file || !plan->nimages)
		return 0;
	for (size_t i = 0; i < plan->nimages; i++)
		if (image_debug(plan->images[i].image)->given)
			return 0;
	return error_set(err, -EINVAL, "%s", image_debug(plan->images[0].image)->unfit);
}

static void say_of_images(const struct targets *targets, const struct options *opt)
{
	for (uint32_t i = 0; i < targets->plan->nimages; i++) {
		if (!opt->quiet)
			targets_say_unread(targets, i);
		if (opt->verbose)
			say_debug_file(targets->plan->images[i].image);
	}
}

int targets_open(struct targets *targets, const struct options *opt, struct error *err)
{
	int ret = 0;

	*targets = (struct targets){
		.plan = plan_new(),
		.inodes = inodes_new(),
		.how = targets->how,
		.watched = targets->watched,
		.members = MEMBERS_NONE,
	};
	if (!targets->plan || !targets->inodes)
		return -ENOMEM;
	if (opt->binary)
		ret = open_binary(targets, opt, err);
	else if (opt->cgroup)
		ret = members_open(targets, opt, err);
	else
		ret = processes_open(targets, opt, err);
	if (!ret)
		ret = check_debug_file(targets, opt, err);
	if (!ret && targets->plan->nimages)
		ret = plan_check(targets->plan, &opt->selection, &targets->notes, err);
	if (!ret)
		say_of_images(targets, opt);
	if (ret && !err->code)
		error_set(err, ret, "%s; try again", strerror(-ret));
	return ret;
}

int targets_look(const struct targets *targets, int *fd, struct error *err)
{
	struct file_id file;
	uint32_t image;
	int ret;

	*fd = target_open_file(targets->path, err);
	if (*fd < 0)
		return *fd;
	ret = inodes_of_file(targets->inodes, *fd, &file);
	if (ret)
		error_set(err, ret, "%s: %s; start ftrace again", targets->path, strerror(-ret));
	else
		ret = !find_known(targets, &file, &image);
	if (ret <= 0)
		close(*fd);
	return ret;
}

void targets_forget(struct targets *targets, uint32_t image)
{
	targets->overwritten[image] = true;
}

int targets_image(const struct targets *targets, const struct file_id *file)
{
	for (size_t i = 0; i < targets->plan->nimages; i++)
		if (file_id_same(file, &targets->files[i]))
			return (int)i;
	return -1;
}

bool targets_knows(const struct targets *targets, int fd)
{
	struct file_id file;
	uint32_t image;

	return !inodes_of_file(targets->inodes, fd, &file) && find_known(targets, &file, &image);
}

void targets_release(struct targets *targets)
{
	plan_free(targets->plan);
	buf_release(&targets->notes);
	inodes_free(targets->inodes);
	exe_names_release(&targets->exe_names);
	pid_list_release(&targets->pids);
	members_release(&targets->members);
	free(targets->items);
	free(targets->path);
	*targets = (struct targets){0};
}
