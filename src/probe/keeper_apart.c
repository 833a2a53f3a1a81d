/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "probe/keeper_serve.h"

/* Fifteen characters at most, and without ftrace's name: what ends programs by name is not to find it. */
#define NAME "uprobe-keeper"

/* Fields of /proc/PID/stat (proc_pid_stat(5)). */
#define STAT_ARG_START 48
#define STAT_ARG_END   49

#define LINE 4096

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)!write(fd, text, strlen(text));
	close(fd);
}

static char *read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	if (len < 0)
		return NULL;
	text[len] = '\0';
	return text;
}

/* The memory that /proc/PID/cmdline shows. */
static void take_name(pid_t of)
{
	char text[1024], *at = read_file("/proc/self/stat", text, sizeof(text));
	unsigned long long start = 0, end = 0;

	prctl(PR_SET_NAME, NAME);
	/* The name, which is the second field, may hold anything. */
	at = at ? strrchr(at, ')') : NULL;
	for (int field = 2; at && field < STAT_ARG_END; field++) {
		at = strchr(at + 1, ' ');
		if (at && field + 1 == STAT_ARG_START)
			start = strtoull(at, NULL, 10);
		else if (at && field + 1 == STAT_ARG_END)
			end = strtoull(at, NULL, 10);
	}
	if (!start || end <= start)
		return;
	memset((void *)(uintptr_t)start, 0, end - start);
	snprintf((char *)(uintptr_t)start, end - start, NAME " of %d", (int)of);
}

/* Standard streams to nowhere, so that no reader waits for us; all else is closed. */
static int leave_files(int fd)
{
	int null = open("/dev/null", O_RDWR);

	for (int i = 0; i <= STDERR_FILENO && null >= 0; i++)
		if (i != null)
			dup2(null, i);
	if (fd != STDERR_FILENO + 1)
		dup3(fd, STDERR_FILENO + 1, O_CLOEXEC);
	close_range(STDERR_FILENO + 2, ~0u, 0);
	return STDERR_FILENO + 1;
}

static void leave_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
}

/* Whether a list of words with commas between them has this one. */
static bool has_word(const char *list, const char *word, size_t len)
{
	while (*list) {
		size_t at = strcspn(list, ",\n");

		if (at == len && !strncmp(list, word, len))
			return true;
		list += at + (list[at] != '\0');
	}
	return false;
}

/* Whether we are below the root of a hierarchy: of version 2 without `options`, else of the one whose mount has
 * these. `groups` is /proc/self/cgroup, lines of "ID:CONTROLLERS:PATH". Source: cgroups(7). */
static bool is_below_root(const char *groups, const char *options)
{
	for (const char *line = groups; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;
		size_t len;

		if (!path)
			break;
		len = strcspn(++list, ",:");
		if (options ? !len || !has_word(options, list, len) : len)
			continue;
		return path[1] == '/' && path[2] != '\n' && path[2] != '\0';
	}
	return false;
}

/* What ends, freezes or starves the control group of ftrace is not to end, freeze or starve the keeper: it goes to the
 * root of each hierarchy. In a container that is the container's, where its mounts may be written at all.
 * Source: mount points and options of proc_pid_mountinfo(5). */
static void leave_cgroups(void)
{
	char groups[LINE], line[LINE], procs[LINE + 16];
	FILE *mounts;

	if (!read_file("/proc/self/cgroup", groups, sizeof(groups)))
		return;
	mounts = fopen("/proc/self/mountinfo", "re");
	while (mounts && fgets(line, sizeof(line), mounts)) {
		char *type = strstr(line, " - cgroup"), *options, *point = line;
		bool second;

		if (!type)
			continue;
		type += strlen(" - ");
		second = !strncmp(type, "cgroup2 ", 8);
		options = strrchr(type, ' ');
		for (int field = 1; point && field < 5; field++)
			point = strchr(point, ' ') ? strchr(point, ' ') + 1 : NULL;
		if (!point || !options)
			continue;
		point[strcspn(point, " ")] = '\0';
		if (!is_below_root(groups, second ? NULL : options + 1))
			continue;
		snprintf(procs, sizeof(procs), "%s/cgroup.procs", point);
		write_file(procs, "0");
	}
	if (mounts)
		fclose(mounts);
}

int keeper_apart(int fd, pid_t of)
{
	leave_signals();
	fd = leave_files(fd);
	take_name(of);
	(void)!chdir("/");
	umask(077);
	/* Refused without CAP_SYS_RESOURCE; then its small size has to do. */
	write_file("/proc/self/oom_score_adj", "-1000");
	leave_cgroups();
	return fd;
}
