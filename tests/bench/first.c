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
#define _GNU_SOURCE /* memmem, pipe2 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
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

struct found {
	bool there;
	double took; /* ms */
	long kb;     /* 0: it was over before it could be asked */
};

/* Reads to the end. */
static struct found watch(int fd, pid_t pid, const char *text, double began)
{
	static char seen[1 << 20];
	size_t len = 0, want = strlen(text);
	struct found found = {0};
	ssize_t got;

	while ((got = read(fd, seen + len, sizeof(seen) - len)) > 0) {
		len += (size_t)got;
		if (!found.there && memmem(seen, len, text, want))
			found = (struct found){true, ms() - began, peak(pid)};
		/* A text that is cut by two reads is still found. */
		if (found.there || len > sizeof(seen) / 2) {
			size_t kept = len < want ? len : want;

			memmove(seen, seen + len - kept, kept);
			len = kept;
		}
	}
	return found;
}

int main(int argc, char **argv)
{
	struct found found;
	struct rusage used;
	int pipes[2], status;
	double began;
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
	if (pid < 0) {
		perror("first: fork");
		return 1;
	}
	if (!pid) {
		dup2(pipes[1], STDOUT_FILENO);
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	close(pipes[1]);
	found = watch(pipes[0], pid, argv[1], began);
	if (wait4(pid, &status, 0, &used) < 0)
		return 1;
	if (found.there)
		printf("%.3f %ld\n", found.took, found.kb ? found.kb : used.ru_maxrss);
	if (!WIFEXITED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status) ? WEXITSTATUS(status) : !found.there;
}
