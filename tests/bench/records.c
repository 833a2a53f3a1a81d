/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * records: how fast recorded bytes become calls, and calls output.
 *
 *     records TARGET ROUNDS FILE
 *
 * Hands the records of replay.h to decoder, trees and a sink that writes FILE. Each round measures every
 * sink once, and its reference beside it: memcpy() of the same records, and for a sink also cat(1) of
 * what it has written to FILE.cat. All in processor time. A line has, with tabs between:
 *
 *     WHAT  SINK, VALUES  UNIT  VALUE  NAME OF THE REFERENCE  REFERENCE  GOAL
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ftrace/record.h>

#include "recording/recording.h"
#include "replay.h"
#include "sink/formats.h"

#define TREES 40000

static double per(uint64_t ns, size_t count)
{
	return (double)ns / (double)count;
}

static uint64_t copy(const struct records *records)
{
	static unsigned char to[REPLAY_RECORD];
	uint64_t began = replay_now();

	for (size_t at = 0; at < records->len;) {
		const struct ft_record *record = (const void *)(records->bytes + at);
		size_t size = record->size;

		memcpy(to, record, size);
		__asm__ volatile("" : : "r"(to) : "memory");
		at += size;
	}
	return replay_now() - began;
}

static uint64_t ns_of(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

/* The processor time of cat(1), from `path` to another file beside it. */
static uint64_t cat(const char *path)
{
	char to[4096];
	struct rusage used;
	int status;
	pid_t pid;

	if (snprintf(to, sizeof(to), "%s.cat", path) >= (int)sizeof(to))
		replay_die(path, "too long a name");
	pid = fork();
	if (pid < 0)
		replay_die("fork", strerror(errno));
	if (!pid) {
		int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		if (fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
			execlp("cat", "cat", path, (char *)NULL);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &used) < 0 || !WIFEXITED(status) || WEXITSTATUS(status))
		replay_die("cat", "failed");
	return ns_of(used.ru_utime) + ns_of(used.ru_stime);
}

static void measure(const struct plan *plan, const char *values, const char *path)
{
	static const struct {
		const struct sink_ops *ops;
		/* ns a call, without values and with them; of lines 3 and 1.5 million calls a second */
		const char *goal, *valued;
	} sinks[] = {{NULL, "", ""}, {&sink_text, "333", ""}, {&sink_jsonl, "667", ""}, {&sink_ftrace, "150", "250"}};
	struct records records = replay_records(plan, TREES);
	bool bare = !strcmp(values, "no values");

	for (size_t i = 0; i < sizeof(sinks) / sizeof(sinks[0]); i++) {
		uint64_t reference = copy(&records), took;
		const char *name = sinks[i].ops ? sinks[i].ops->name : "no sink";
		struct replay replay;

		/* Before each, so that none begins with pages of the one before it. */
		if (unlink(path) && errno != ENOENT)
			replay_die(path, strerror(errno));
		replay_begin(&replay, plan, sinks[i].ops, path);
		took = replay_feed(&replay, &records);
		replay_end(&replay);
		if (replay.calls * 2 != records.count)
			replay_die("trace", "the records do not make the calls that they should");
		printf("a record\t%s, %s\tns\t%.2f\tmemcpy of it\t%.2f\t%s\n", name, values,
		       per(took, records.count), per(reference, records.count),
		       sinks[i].ops || !bare ? "" : "100");
		if (sinks[i].ops)
			printf("a call\t%s to a file, %s\tns\t%.2f\tcat\t%.2f\t%s\n", name, values,
			       per(took, replay.calls), per(cat(path), replay.calls),
			       bare ? sinks[i].goal : sinks[i].valued);
	}
	free(records.bytes);
}

int main(int argc, char **argv)
{
	int rounds = argc == 4 ? atoi(argv[2]) : 0;
	struct plan *bare, *typed;

	if (rounds <= 0) {
		fprintf(stderr, "usage: records TARGET ROUNDS FILE\n");
		return 2;
	}
	bare = replay_plan(argv[1], false);
	typed = replay_plan(argv[1], true);
	while (rounds--) {
		measure(bare, "no values", argv[3]);
		measure(typed, "values", argv[3]);
	}
	plan_free(bare);
	plan_free(typed);
	return 0;
}
