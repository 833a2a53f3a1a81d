/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/target/exe_path.h"

#include <stdlib.h>
#include <string.h>

#include "host/procfs.h"

/* What a process runs, and the path of that; NULL: it has ended, or called execve in between. */
static char *ask(struct targets *targets, pid_t pid, struct runner *runner)
{
	char *path = procfs_exe(pid), *again = NULL;

	*runner = (struct runner){0};
	if (path && !inodes_of_process(targets->inodes, pid, runner))
		again = procfs_exe(pid);
	if (path && again && !strcmp(path, again)) {
		free(again);
		return path;
	}
	free(path);
	free(again);
	return NULL;
}

void exe_path_ask(struct targets *targets, pid_t pid)
{
	struct runner runner;
	char *path = ask(targets, pid, &runner);

	if (path && targets_image(targets, &runner.file) >= 0) {
		exe_names_exec(&targets->exe_names, pid, runner.exe);
		exe_names_note(&targets->exe_names, runner.exe, path);
	} else if (path && runner.exe) {
		exe_names_pass(&targets->exe_names, runner.exe);
	}
	free(path);
}

void exe_path_exec(struct targets *targets, pid_t pid, uint64_t exe)
{
	exe_names_exec(&targets->exe_names, pid, exe);
	if (!exe_names_settled(&targets->exe_names, exe))
		exe_path_ask(targets, pid);
}

/* Of a process that cannot be asked any more, by what is known of its inode. */
static char *by_inode(const struct targets *targets, uint32_t image, uint64_t exe)
{
	const struct image *img = targets->plan->images[image].image;
	const char *known = exe_names_path(&targets->exe_names, exe);
	char *path = known ? strdup(known) : procfs_file(image_fd(img)), *last;

	/* On an overlay the path's inode is not the one that is mapped: there are other ways to the file. */
	if (known || !path || (exe && exe == targets->files[image].inode))
		return path;
	last = strrchr(path, '/');
	if (last)
		memmove(path, last + 1, strlen(last));
	return path;
}

char *exe_path_find(struct targets *targets, uint32_t image, pid_t pid, struct runner *runner,
		    bool *runs_it)
{
	char *path = ask(targets, pid, runner);

	*runs_it = runner->pid && file_id_same(&runner->file, &targets->files[image]);
	if (path && *runs_it) {
		exe_names_note(&targets->exe_names, runner->exe, path);
		return path;
	}
	free(path);
	return by_inode(targets, image,
			*runs_it && runner->exe ? runner->exe
						: exe_names_inode(&targets->exe_names, pid));
}
