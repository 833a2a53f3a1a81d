/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/reading/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/reading/download.h"
#include "plan/births.h"
#include "plan/states.h"

/* Where nothing is read of a call no debug information is missed. */
static bool reads_values(const struct values_config *values)
{
	return values->args != VALUES_NEVER || values->results != VALUES_NEVER || values->nrules ||
	       values->nfilters || values->errors;
}

/* Where they are not found and only the format has a use for them, goroutines are linked by what they say themselves. */
static int find_births(struct plan *made, const struct options *opt, struct error *err)
{
	int ret = plan_births(made, 0, err);

	if (ret != -ENOTSUP || opt->goroutines)
		return ret;
	*err = (struct error){0};
	return 0;
}

int reading_plan(struct plan **plan, const struct options *opt, struct watched *watched, int fd,
		 const char *name, size_t max_sites, bool *opened, struct error *err)
{
	struct download download = {.watched = watched, .file = name, .quiet = opt->quiet};
	struct debug_search search = {
		.given = opt->debug_file,
		.fetch = watched ? download_debug : download_never,
		.arg = watched ? (void *)&download : (void *)name,
	};
	struct plan *made = plan_new();
	struct image *img;
	int ret;

	*opened = false;
	if (!made)
		return error_set(err, -ENOMEM, "%s: out of memory; close something", name);
	made->max_sites = max_sites;
	if (!reads_values(&opt->values))
		search.fetch = NULL;
	img = image_open_with(fd, name, &search, err);
	if (!img) {
		ret = err->code ? err->code : -EINVAL;
		goto free_plan;
	}
	*opened = true;
	ret = plan_add(made, img, &opt->selection, opt->command->explains, err);
	if (!ret)
		ret = plan_values(made, 0, &opt->values, err);
	if (!ret && opt->marks.waits)
		ret = plan_states(made, 0, err);
	if (!ret && opt->marks.goroutines)
		ret = find_births(made, opt, err);
	if (!ret)
		plan_settle(made);
	/* Whatever was found then may be of neither. */
	if (!image_is_current(img))
		ret = error_set(err, -EBUSY, "%s: was overwritten while it was read; try again",
				name);
	if (ret)
		goto free_plan;
	*plan = made;
	return 0;
free_plan:
	plan_free(made);
	return ret;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ull + (uint64_t)ts.tv_nsec;
}

/* The numbers in a file of /proc/ID: how many there are, at most `max`. */
static int read_numbers(pid_t id, const char *file, unsigned long long *numbers, int max)
{
	char path[64], text[256];
	const char *at = text;
	int fd, count;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)id, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	for (count = 0; count < max; count++) {
		char *end;

		numbers[count] = strtoull(at, &end, 10);
		if (end == at)
			break;
		at = end;
	}
	return count;
}

/* Bytes of its memory that are there: the second word of statm (proc(5)). */
static size_t resident(pid_t pid)
{
	unsigned long long words[2];

	if (read_numbers(pid, "statm", words, 2) != 2)
		return 0;
	return words[1] * (size_t)sysconf(_SC_PAGESIZE);
}

/* For how long it was ready to run and did not: the second word of schedstat, where the kernel has that
 * (Documentation/scheduler/sched-stats.rst). */
static uint64_t waited(pid_t tid)
{
	unsigned long long words[2];

	return read_numbers(tid, "schedstat", words, 2) == 2 ? words[1] : 0;
}

void reading_limit_begin(struct reading_limit *limit, pid_t pid, pid_t tid)
{
	*limit = (struct reading_limit){
		.pid = pid,
		.tid = tid,
		.since = now(),
		.waited = waited(tid),
		.held = resident(pid),
	};
}

int reading_limit_check(const struct reading_limit *limit)
{
	uint64_t since = now() - limit->since;
	size_t held = resident(limit->pid);

	if (held > limit->held && held - limit->held > READING_MEMORY)
		return -EFBIG;
	return since > READING_NS && since - (waited(limit->tid) - limit->waited) > READING_NS
		       ? -ETIME
		       : 0;
}

int reading_limit_say(const char *name, int code, struct error *err)
{
	if (code == -EFBIG)
		return error_set(err, code,
				 "%s: reading it takes more than %lu MB of memory, as of no sound "
				 "program; build it again",
				 name, READING_MEMORY >> 20);
	return error_set(err, code,
			 "%s: reading it takes more than %llu s, as of no sound program; build it "
			 "again, or copy it to a faster disk",
			 name, READING_NS / 1000000000);
}
