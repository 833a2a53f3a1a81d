/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `ftrace repair`: takes away breakpoints that a killed tracer left behind, and says what was taken away and what was
 * left, and why.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/chatter.h"
#include "cli/commands.h"
#include "cli/options/options.h"
#include "host/breakpoints.h"
#include "host/named.h"
#include "host/procfs.h"
#include "cli/target/target.h"
#include "probe/features.h"
#include "probe/keeper.h"
#include "probe/repair.h"

static int scan_all(struct breakpoints *all)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int ret = dir ? 0 : -errno;

	while (dir && !ret && (entry = readdir(dir))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && pid != getpid())
			ret = breakpoints_scan(all, pid);
	}
	if (dir)
		closedir(dir);
	return ret;
}

/* The processes of -p: 0, or a negative errno with `err` filled. */
static int find_pids(struct pid_list *pids, const struct options *opt, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < opt->processes.count && !ret; i++) {
		const char *word = opt->processes.items[i];
		char path[32];

		if (!named_is_pid(word)) {
			ret = named_find(pids, word, err);
			if (ret)
				error_prefix(err, "-p %.60s", word);
			continue;
		}
		snprintf(path, sizeof(path), "/proc/%.12s", word);
		ret = access(path, F_OK)
			      ? error_set(err, -ESRCH,
					  "PID %.12s: no such process; look for it with pidof",
					  word)
			      : pid_list_add(pids, (pid_t)atol(word));
	}
	pid_list_sort(pids);
	return ret;
}

/* Places are those of files: what is taken away in one process goes in all of them. */
static void want_files_of(struct breakpoints *all, const struct pid_list *pids)
{
	for (size_t i = 0; i < all->nprocesses; i++) {
		struct altered_process *in = &all->processes[i];

		in->wanted = false;
		for (size_t j = 0; j < all->nprocesses && !in->wanted; j++)
			in->wanted = pid_list_has(pids, all->processes[j].pid) &&
				     file_id_same(&in->file, &all->processes[j].file);
	}
}

static int want_file(struct breakpoints *all, const char *path, struct error *err)
{
	struct file_id file;
	int fd = target_open_file(path, err);
	int ret = fd < 0 ? fd : inodes_of_file(all->inodes, fd, &file);

	if (fd >= 0 && ret)
		error_set(err, ret, "%s: %s; name the executable file", path, strerror(-ret));
	for (size_t i = 0; i < all->nprocesses && !ret; i++)
		all->processes[i].wanted = file_id_same(&all->processes[i].file, &file);
	if (fd >= 0)
		close(fd);
	return ret;
}

static void add_name(struct buf *text, pid_t pid)
{
	char *name = procfs_comm(pid);

	buf_addf(text, "PID %d (", (int)pid);
	escape_text(text, name ? name : "?", name ? strlen(name) : 1);
	buf_addc(text, ')');
	free(name);
}

static void add_line(struct buf *text, const struct altered_process *in, size_t count,
		     const char *what)
{
	char *path;

	if (!count)
		return;
	path = procfs_file(in->fd);
	add_name(text, in->pid);
	buf_adds(text, ", ");
	escape_text(text, path ? path : "?", path ? strlen(path) : 1);
	buf_addf(text, ": %zu breakpoint%s %s", count, count == 1 ? "" : "s", what);
	free(path);
}

/* Returns whether some are there that should have been taken away. */
static bool add_process(struct buf *text, const struct breakpoints *all, uint32_t process)
{
	const struct altered_process *in = &all->processes[process];
	size_t debugged = breakpoints_count(all, process, BREAKPOINT_DEBUGGED);
	size_t shared = breakpoints_count(all, process, BREAKPOINT_SHARED);

	add_line(text, in, breakpoints_count(all, process, BREAKPOINT_TAKEN), "taken away\n");
	add_line(text, in, debugged, "left: it is debugged by ");
	if (debugged) {
		add_name(text, in->tracer);
		buf_adds(text, "; end that, and repair again\n");
	}
	add_line(text, in, shared,
		 "left: another process has a debugger's or its own at the same place\n");
	add_line(text, in, breakpoints_count(all, process, BREAKPOINT_OWN),
		 "left: the program wrote there itself\n");
	add_line(text, in, breakpoints_count(all, process, BREAKPOINT_LOST),
		 "left: a living tracer's\n");
	return debugged || shared;
}

static bool print(const struct breakpoints *all, bool scoped)
{
	struct buf text = {0};
	bool some = false;
	size_t taken = 0;

	for (uint32_t i = 0; i < all->nprocesses; i++) {
		if (!all->processes[i].wanted)
			continue;
		some |= add_process(&text, all, i);
		taken += breakpoints_count(all, i, BREAKPOINT_TAKEN);
	}
	if (all->closed && !scoped)
		buf_addf(&text, "%zu process%s not looked at: more capabilities than ours\n",
			 all->closed, all->closed == 1 ? "" : "es");
	if (all->away)
		buf_addf(&text, "%zu page%s not looked at: swapped out; repair again\n", all->away,
			 all->away == 1 ? "" : "s");
	buf_addf(&text, "%zu breakpoint%s taken away\n", taken, taken == 1 ? "" : "s");
	fputs(buf_str(&text), stdout);
	fflush(stdout);
	buf_release(&text);
	return some;
}

static int repair(struct breakpoints *all, const struct options *opt, struct keeper *keeper,
		  struct error *err)
{
	struct features features;
	struct pid_list pids = {0};
	int ret = features_find(&features, err), program;

	if (!ret)
		ret = find_pids(&pids, opt, err);
	if (!ret)
		all->inodes = inodes_new();
	if (!ret)
		ret = all->inodes ? scan_all(all) : -ENOMEM;
	if (!ret && pids.count)
		want_files_of(all, &pids);
	if (!ret && opt->binary)
		ret = want_file(all, opt->binary, err);
	pid_list_release(&pids);
	if (ret)
		return ret;
	program = repair_load(features.uprobe_multi);
	if (program < 0)
		return program;
	ret = breakpoints_settle(all, keeper, program, features.uprobe_multi);
	close(program);
	return ret;
}

int cmd_repair(struct options *opt, const struct inherited *given)
{
	struct breakpoints all = {0};
	struct keeper *keeper = NULL;
	struct error err = {0};
	int ret = keeper_start(&keeper, &err);

	(void)given;
	if (!ret)
		ret = repair(&all, opt, keeper, &err);
	if (ret && !err.code)
		error_set(&err, ret, "repair: %s; run it again", strerror(-ret));
	if (!ret)
		ret = print(&all, opt->binary || opt->processes.count);
	inodes_free(all.inodes);
	breakpoints_release(&all);
	keeper_end(keeper);
	chatter_error(&err);
	return ret ? 1 : 0;
}
