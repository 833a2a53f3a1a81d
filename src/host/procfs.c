/* SPDX-License-Identifier: GPL-2.0-only */
#include "host/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int procfs_open_exe(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static char *read_link(const char *path)
{
	char target[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len < 0)
		return NULL;
	target[len] = '\0';
	return strdup(target);
}

char *procfs_exe(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	return read_link(path);
}

bool procfs_is_closed(pid_t pid)
{
	char *path = procfs_exe(pid);
	bool is = !path && (errno == EACCES || errno == EPERM);

	free(path);
	return is;
}

char *procfs_exe_name(pid_t pid)
{
	static const char deleted[] = " (deleted)";
	char *path = procfs_exe(pid), *last, *name;
	size_t len = path ? strlen(path) : 0, tail = strlen(deleted);

	if (!path)
		return NULL;
	if (len > tail && !strcmp(path + len - tail, deleted))
		path[len - tail] = '\0';
	last = strrchr(path, '/');
	name = strdup(last ? last + 1 : path);
	free(path);
	return name;
}

char *procfs_file(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return read_link(path);
}

static FILE *open_file(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return fopen(path, "re");
}

char *procfs_comm(pid_t pid)
{
	FILE *file = open_file(pid, "comm");
	char name[64], *found = NULL;

	if (!file)
		return NULL;
	if (fgets(name, sizeof(name), file)) {
		name[strcspn(name, "\n")] = '\0';
		found = strdup(name);
	}
	fclose(file);
	return found;
}

uint32_t procfs_nspid(pid_t pid)
{
	FILE *file = open_file(pid, "status");
	char line[512];
	long inner = 0;

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		char *last;

		if (strncmp(line, "NSpid:", 6) != 0)
			continue;
		/* From the outermost namespace that we see to the process' own. */
		last = strrchr(line, '\t');
		inner = last ? strtol(last, NULL, 10) : 0;
		break;
	}
	fclose(file);
	return inner > 0 && inner != pid ? (uint32_t)inner : 0;
}

uint64_t procfs_code(pid_t pid, uint64_t offset,
		     bool (*is_it)(void *arg, uint64_t start, uint64_t end), void *arg)
{
	FILE *file = open_file(pid, "maps");
	char line[PATH_MAX + 128];
	uint64_t found = 0;

	if (!file)
		return 0;
	while (!found && fgets(line, sizeof(line), file)) {
		unsigned long long start, end, at, inode;
		char flags[8];

		if (sscanf(line, "%llx-%llx %7s %llx %*x:%*x %llu", &start, &end, flags, &at,
			   &inode) != 5)
			continue;
		if (inode && flags[2] == 'x' && offset >= at && offset - at < end - start &&
		    is_it(arg, start, end))
			found = start + (offset - at);
	}
	fclose(file);
	return found;
}
