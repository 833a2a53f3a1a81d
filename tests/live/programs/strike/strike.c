/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * strike: kills a tracer while its breakpoints are being put into a program's code, or taken out of it.
 *
 *     strike in PROGRAM PID TRACER [WAY]       as soon as SOME are there
 *     strike out PROGRAM PID TRACER [WAY]      sends it a SIGINT, and kills it as soon as SOME are gone
 *
 * PID runs PROGRAM, an absolute path. WAY is how the tracer is killed: alone (the default), with its process "group",
 * with every process of its executable that has a TEXT in its name or command line (name=TEXT), or with its control
 * group (cgroup=DIRECTORY). Ends with 3 when the tracer has ended before.
 */
#define _GNU_SOURCE /* memmem */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SOME 20

struct code {
	int fd;
	off_t start;
	size_t len;
	unsigned char *whole, *now;
};

/* The first mapping of the program that can be executed. */
static int find(struct code *code, const char *program, const char *pid)
{
	char path[64], line[PATH_MAX + 128], *name;
	unsigned long start, end;
	FILE *maps;
	int ret = -1;

	snprintf(path, sizeof(path), "/proc/%s/maps", pid);
	maps = fopen(path, "re");
	while (maps && ret && fgets(line, sizeof(line), maps)) {
		line[strcspn(line, "\n")] = '\0';
		name = strchr(line, '/');
		if (name && !strcmp(name, program) && strstr(line, " r-xp ") &&
		    sscanf(line, "%lx-%lx", &start, &end) == 2) {
			code->start = (off_t)start;
			code->len = end - start;
			ret = 0;
		}
	}
	if (maps)
		fclose(maps);
	return ret;
}

static int open_code(struct code *code, const char *program, const char *pid)
{
	char path[64];

	if (find(code, program, pid))
		return -1;
	snprintf(path, sizeof(path), "/proc/%s/mem", pid);
	code->fd = open(path, O_RDONLY | O_CLOEXEC);
	code->whole = malloc(code->len);
	code->now = malloc(code->len);
	return code->fd < 0 || !code->whole || !code->now ||
			       pread(code->fd, code->whole, code->len, code->start) !=
				       (ssize_t)code->len
		       ? -1
		       : 0;
}

/* Bytes that are other than they were at first; stops counting at `enough`. */
static size_t changed(const struct code *code, size_t enough)
{
	size_t count = 0;

	if (pread(code->fd, code->now, code->len, code->start) != (ssize_t)code->len)
		return 0;
	for (size_t i = 0; i < code->len && count < enough; i++)
		count += code->now[i] != code->whole[i];
	return count;
}

static int write_one(const char *directory)
{
	char path[PATH_MAX];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/cgroup.kill", directory);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ret = fd < 0 || write(fd, "1", 1) != 1;
	if (fd >= 0)
		close(fd);
	return ret;
}

/* Whether /proc/PID/`file` holds the text: its own words stand with NULs between them. */
static int holds(long pid, const char *file, const char *text)
{
	char path[64], bytes[4096];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, bytes, sizeof(bytes));
	close(fd);
	return len > 0 && memmem(bytes, (size_t)len, text, strlen(text));
}

static bool runs_same(long pid, const char *file)
{
	char path[64], other[PATH_MAX];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%ld/exe", pid);
	len = readlink(path, other, sizeof(other) - 1);
	if (len < 0)
		return false;
	other[len] = '\0';
	return !strcmp(other, file);
}

/* As pkill -f does; but whatever else has the text in its command line, as an editor may, is left alone. */
static int kill_named(const char *text, pid_t tracer)
{
	char path[64], file[PATH_MAX];
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	int found = 0;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)tracer);
	len = readlink(path, file, sizeof(file) - 1);
	file[len < 0 ? 0 : len] = '\0';
	while (dir && (entry = readdir(dir))) {
		long pid = atol(entry->d_name);

		if (pid > 1 && runs_same(pid, file) &&
		    (holds(pid, "comm", text) || holds(pid, "cmdline", text)))
			found |= !kill((pid_t)pid, SIGKILL);
	}
	if (dir)
		closedir(dir);
	return !found;
}

static int strike(pid_t tracer, const char *way)
{
	if (!strcmp(way, "group"))
		return kill(-getpgid(tracer), SIGKILL);
	if (!strncmp(way, "name=", 5))
		return kill_named(way + 5, tracer);
	if (!strncmp(way, "cgroup=", 7))
		return write_one(way + 7);
	return kill(tracer, SIGKILL);
}

int main(int argc, char **argv)
{
	struct code code = {0};
	pid_t tracer = argc >= 5 ? (pid_t)atoi(argv[4]) : 0;

	if (tracer <= 0 || open_code(&code, argv[2], argv[3])) {
		fprintf(stderr, "usage: strike in|out PROGRAM PID TRACER [WAY]\n");
		return 2;
	}
	puts("ready");
	fflush(stdout);
	if (!strcmp(argv[1], "out"))
		kill(tracer, SIGINT);
	while (changed(&code, SOME) < SOME)
		if (kill(tracer, 0))
			return 3;
	return strike(tracer, argc > 5 ? argv[5] : "") ? 3 : 0;
}
