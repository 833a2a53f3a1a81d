/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * first: how long a command takes until its standard output holds a text, and how much memory it has
 * used by then.
 *
 *     first TEXT COMMAND [ARG]...      prints MILLISECONDS KILOBYTES
 *
 * The rest of the output is read and dropped, and the command is waited for; its exit status is
 * handed on, and 1 when the text never came.
 */
#define _GNU_SOURCE /* memmem */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* The most memory that the process has had at once. */
static long peak(pid_t pid)
{
	char path[32], line[256];
	long kb = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "VmHWM: %ld", &kb) == 1)
			break;
	if (file)
		fclose(file);
	return kb;
}

/* Reads to the end; true when the text was there. */
static bool watch(int fd, pid_t pid, const char *text, double began)
{
	static char seen[1 << 20];
	size_t len = 0, want = strlen(text);
	bool found = false;
	ssize_t got;

	while ((got = read(fd, seen + len, sizeof(seen) - len)) > 0) {
		len += (size_t)got;
		if (!found && memmem(seen, len, text, want)) {
			double took = ms() - began;

			printf("%.3f %ld\n", took, peak(pid));
			found = true;
		}
		/* A text that is cut by two reads is still found. */
		if (found || len > sizeof(seen) / 2) {
			size_t kept = len < want ? len : want;

			memmove(seen, seen + len - kept, kept);
			len = kept;
		}
	}
	return found;
}

int main(int argc, char **argv)
{
	int pipes[2], status;
	double began;
	bool found;
	pid_t pid;

	if (argc < 3) {
		fprintf(stderr, "usage: first TEXT COMMAND [ARG]...\n");
		return 2;
	}
	if (pipe2(pipes, O_CLOEXEC)) {
		perror("first: pipe");
		return 1;
	}
	began = ms();
	pid = fork();
	if (!pid) {
		dup2(pipes[1], STDOUT_FILENO);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	close(pipes[1]);
	found = pid > 0 && watch(pipes[0], pid, argv[1], began);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return 1;
	if (!WIFEXITED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status) ? WEXITSTATUS(status) : !found;
}
