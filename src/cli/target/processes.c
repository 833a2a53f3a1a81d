/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/target/exe_path.h"
#include "cli/target/target_state.h"
#include "host/named.h"
#include "host/procfs.h"

/* Why there is no executable to open. */
static int explain(pid_t pid, struct error *err)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (!access(path, F_OK))
		return error_set(err, -ENOPKG,
				 "PID %d: a kernel thread or a process that has ended; name a Go "
				 "program's",
				 (int)pid);
	return error_set(err, -ESRCH, "PID %d: no such process; look for it with pidof", (int)pid);
}

static int open_pid(struct targets *targets, const struct options *opt, pid_t pid, bool *go,
		    struct error *err)
{
	char *exe = procfs_exe(pid);
	int fd = procfs_open_exe(pid);
	struct runner runner;
	uint32_t image;
	int ret;

	*go = false;
	if (fd == -ENOENT && !exe) {
		ret = explain(pid, err);
	} else if (fd < 0) {
		ret = error_set(err, fd, "PID %d: %s; %s", (int)pid, strerror(-fd),
				geteuid() ? "run ftrace as root" : "give ftrace CAP_SYS_PTRACE");
	} else {
		ret = target_add_image(targets, opt, fd, exe ? exe : "?", &image, go, err);
		/* One that has ended just now is found out when its probes are attached. */
		if (!ret && !inodes_of_process(targets->inodes, pid, &runner)) {
			ret = target_check_reached(targets, image, &runner, err);
			if (ret)
				error_prefix(err, "PID %d", (int)pid);
			else
				exe_path_ask(targets, pid);
		}
		if (!ret)
			ret = target_add(targets, image, pid);
		if (!ret)
			ret = pid_list_add(&targets->pids, pid);
	}
	free(exe);
	return ret;
}

static bool is_open(const struct targets *targets, pid_t pid)
{
	for (size_t i = 0; i < targets->nitems; i++)
		if (targets->items[i].pid == pid)
			return true;
	return false;
}

/* Those of one name that can be traced; of the others it is said why, but for programs that are not Go's, if there is
 * one that is. */
static int open_all(struct targets *targets, const struct options *opt, const struct pid_list *list,
		    struct error *err)
{
	struct error first = {0};
	size_t opened = 0;

	for (size_t i = 0; i < list->count; i++) {
		struct error why = {0};
		bool go = true;
		int ret = is_open(targets, list->pids[i])
				  ? 0
				  : open_pid(targets, opt, list->pids[i], &go, &why);

		if (ret == -ENOMEM)
			return ret;
		opened += !ret;
		if (ret && (!first.code || go))
			first = why;
		if (ret && go && !opt->quiet)
			fprintf(stderr, "ftrace: PID %d is not traced: %s\n", (int)list->pids[i],
				why.text);
	}
	if (opened)
		return 0;
	*err = first;
	return err->code ? err->code : -ESRCH;
}

static int open_named(struct targets *targets, const struct options *opt, const char *name,
		      struct error *err)
{
	struct pid_list found = {0};
	int ret = named_find(&found, name, err);

	pid_list_sort(&found);
	if (!ret)
		ret = open_all(targets, opt, &found, err);
	if (ret && err->code)
		error_prefix(err, "-p %.60s", name);
	pid_list_release(&found);
	return ret;
}

int processes_open(struct targets *targets, const struct options *opt, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < opt->processes.count && !ret; i++) {
		const char *word = opt->processes.items[i];
		pid_t pid = named_is_pid(word) ? (pid_t)atol(word) : 0;
		bool go;

		if (!pid)
			ret = open_named(targets, opt, word, err);
		else if (!is_open(targets, pid))
			ret = open_pid(targets, opt, pid, &go, err);
	}
	pid_list_sort(&targets->pids);
	return ret;
}
