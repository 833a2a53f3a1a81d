/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/procfs.h"
#include "cli/session_state.h"

#define NOTHING_HIT 5000000000ull

static int is_ours(pid_t pid, void *arg)
{
	const struct plan *plan = arg;
	int fd = procfs_open_exe(pid), found = 0;
	struct stat st;

	if (fd < 0)
		return 0;
	for (size_t i = 0; i < plan->nimages && !fstat(fd, &st); i++) {
		const struct image_info *info = image_info(plan->images[i].image);

		found |= st.st_dev == info->dev && st.st_ino == info->ino;
	}
	close(fd);
	return found;
}

/* Options by which calls that do happen leave nothing to see. */
static const char *narrowed(const struct options *opt)
{
	if (opt->nfilters)
		return ", or no call passes --filter";
	if (opt->ngoids)
		return ", or not by these goroutines";
	if (opt->select.drill)
		return ", or not below -D";
	return "";
}

static void hint(struct session *s)
{
	bool runs = s->child.pid || s->opt->npids || procfs_each(is_ours, s->targets->plan) > 0;

	status_clear(&s->watch);
	if (runs)
		fprintf(stderr,
			"ftrace: nothing was hit in 5 s: the functions are not called, or only "
			"where they were inlined%s; 'ftrace list' tells which were\n",
			narrowed(s->opt));
	else
		fprintf(stderr,
			"ftrace: nothing was hit in 5 s: no process runs %s; start it, or "
			"check with pidof which file it runs\n",
			s->targets->path);
}

void session_watch(struct session *s, uint64_t now)
{
	/* Calls that the kernel adds up come at the end. */
	bool blind = s->choice.summing;

	if (!s->hinted && !s->opt->quiet && now - s->started >= NOTHING_HIT) {
		s->hinted = true;
		if (!trace_counts(s->trace)->records && !blind)
			hint(s);
	}
	if (!blind && status_due(&s->watch, now)) {
		struct status_counts counts = {
			.calls = s->calls,
			.open = trace_counts(s->trace)->open_lanes,
		};
		struct probe_counts lost;

		probe_count(s->probe, &lost);
		counts.lost = lost.lost;
		status_write(&s->watch, now, &counts);
	}
}

void session_attaching(void *arg, size_t sites)
{
	struct session *s = arg;

	status_attaching(&s->watch, sites, s->targets->plan->nsites);
}
