/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/procfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
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

uint64_t procfs_bias(pid_t pid, dev_t dev, ino_t ino, uint64_t text, uint64_t offset)
{
	FILE *file = open_file(pid, "maps");
	char line[PATH_MAX + 128];
	uint64_t bias = 0;

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		unsigned long long start, end, at, inode;
		unsigned int major, minor;
		char flags[8];

		if (sscanf(line, "%llx-%llx %7s %llx %x:%x %llu", &start, &end, flags, &at, &major,
			   &minor, &inode) != 7)
			continue;
		if (inode != ino || makedev(major, minor) != dev || flags[2] != 'x')
			continue;
		if (offset < at || offset - at >= end - start)
			continue;
		bias = start + (offset - at) - text;
		break;
	}
	fclose(file);
	return bias;
}

int procfs_each(int (*each)(pid_t pid, void *arg), void *arg)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int ret = 0;

	if (!dir)
		return -errno;
	while (!ret && (entry = readdir(dir))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && !*end)
			ret = each((pid_t)pid, arg);
	}
	closedir(dir);
	return ret;
}
