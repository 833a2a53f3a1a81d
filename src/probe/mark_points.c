/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/mark_points.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/image.h>

#include "base/vec.h"
#include "ftrace.skel.h"
#include "probe/call_points.h"

#define POINTS_MAX 4

struct point {
	struct bpf_program *program;
	bool wanted;
	const char *option;
};

static void points_of(const struct ftrace_bpf *skel, const struct marks_wanted *marks,
		      struct point points[POINTS_MAX])
{
	static const struct marks_wanted none;

	if (!marks)
		marks = &none;
	points[0] = (struct point){skel->progs.ftrace_signal, marks->signals, "--signals"};
	points[1] = (struct point){skel->progs.ftrace_switch, marks->waits, "--waits"};
	points[2] = (struct point){skel->progs.ftrace_call_exit, marks->syscalls, "--syscalls"};
	points[3] = (struct point){skel->progs.ftrace_call_enter, marks->syscalls, "--syscalls"};
}

/* Threads that have no processor at one time. */
#define OFF_CPUS_MAX 16384

void mark_points_choose(struct ftrace_bpf *skel, const struct marks_wanted *marks)
{
	struct point points[POINTS_MAX];

	points_of(skel, marks, points);
	for (size_t i = 0; i < POINTS_MAX; i++)
		bpf_program__set_autoload(points[i].program, points[i].wanted);
	for (size_t i = 0; marks && i < sizeof(marks->signal) / sizeof(marks->signal[0]); i++)
		skel->rodata->signals_wanted[i] = marks->signal[i];
	if (marks && marks->waits)
		bpf_map__set_max_entries(skel->maps.off_cpus, OFF_CPUS_MAX);
	call_points_choose(skel, marks);
	event_points_choose(skel, marks);
}

int mark_points_attach(struct mark_points *marked, const struct ftrace_bpf *skel,
		       const struct marks_wanted *marks, struct error *err)
{
	struct point points[POINTS_MAX];

	points_of(skel, marks, points);
	for (size_t i = 0; i < POINTS_MAX; i++) {
		struct bpf_link **slot;

		if (!points[i].wanted)
			continue;
		slot = vec_push(&marked->links, &marked->count, &marked->cap);
		if (!slot)
			return error_set(err, -ENOMEM, "%s: out of memory; leave it out",
					 points[i].option);
		*slot = bpf_program__attach(points[i].program);
		if (*slot)
			continue;
		marked->count--;
		return error_set(err, -errno,
				 "%s: the kernel does not have the tracepoint: %s; leave it out",
				 points[i].option, strerror(errno));
	}
	return event_points_attach(&marked->events, skel, marks, err);
}

void mark_points_release(struct mark_points *points)
{
	for (size_t i = 0; i < points->count; i++)
		bpf_link__destroy(points->links[i]);
	free(points->links);
	event_points_release(&points->events);
	*points = (struct mark_points){0};
}
