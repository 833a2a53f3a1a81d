/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/altered_code.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "cli/target/traced.h"
#include "host/breakpoints.h"
#include "host/procfs.h"
#include "probe/repair.h"

/* Without uprobe_multi: from so many places on, finding out whose they are is worth a word. */
#define SLOW_PLACES 20

static const char patched[] = "its code is patched in a running process";

struct look {
	struct plan *plan;
	const struct options *opt;
	struct traced traced;
	struct breakpoints found;
	struct known_file files[FT_MAX_IMAGES]; /* of the plan's images */
	const char *debugged;                   /* what is said of a process that is debugged */
};

static void say_debugger(const struct look *look, pid_t pid)
{
	struct buf text = {0};
	pid_t tracer = altered_tracer(pid);
	char *name;

	if (tracer <= 0)
		return;
	name = procfs_comm(tracer);
	escape_text(&text, name ? name : "?", name ? strlen(name) : 1);
	fprintf(stderr, "ftrace: PID %d is traced by %d (%s): %s\n", (int)pid, (int)tracer,
		buf_str(&text), look->debugged);
	buf_release(&text);
	free(name);
}

static int look_at(void *arg, const struct runner *runner)
{
	struct look *look = arg;

	for (size_t i = 0; i < look->plan->nimages; i++) {
		if (!file_id_same(&look->files[i].id, &runner->file))
			continue;
		if (traced_has(&look->traced, runner->pid) && !look->opt->quiet)
			say_debugger(look, runner->pid);
		return breakpoints_scan(&look->found, runner->pid);
	}
	return 0;
}

static int image_of(const struct look *look, uint32_t process)
{
	for (size_t i = 0; i < look->plan->nimages; i++)
		if (file_id_same(&look->files[i].id, &look->found.processes[process].file))
			return (int)i;
	return -1;
}

/* Looks at every process that runs one of the files. */
static int look_around(struct look *look, const struct options *opt, struct targets *targets)
{
	int ret;

	look->plan = targets->plan;
	look->opt = opt;
	look->found.inodes = targets->inodes;
	look->found.known = look->files;
	look->found.nknown = look->plan->nimages;
	for (size_t i = 0; i < look->plan->nimages; i++)
		look->files[i] = (struct known_file){targets->files[i],
						     image_fd(look->plan->images[i].image)};
	ret = traced_find(&look->traced, targets);
	return ret ? ret : inodes_each_runner(look->found.inodes, look_at, look);
}

static size_t count_taken(const struct breakpoints *found)
{
	size_t taken = 0;

	for (uint32_t i = 0; i < found->nprocesses; i++)
		taken += breakpoints_count(found, i, BREAKPOINT_TAKEN);
	return taken;
}

/* Marks the functions that have bytes in [offset, offset + len) of that file. */
static void mark(const struct plan *plan, int image, uint64_t offset, size_t len, bool *marks)
{
	for (size_t i = 0; i < plan->nfuncs; i++) {
		const struct plan_func *func = &plan->funcs[i];
		uint64_t at;

		if (func->image == image &&
		    !image_offset(plan->images[image].image, func->entry, &at) &&
		    at < offset + len && offset < at + func->size)
			marks[i] = true;
	}
}

/* What a traced process changed: its patches, and with `own` the breakpoints that it wrote. */
static void mark_changed(const struct look *look, uint32_t process, bool own, bool *marks)
{
	const struct breakpoints *found = &look->found;
	int image = image_of(look, process);

	if (image < 0 || !traced_has(&look->traced, found->processes[process].pid))
		return;
	for (size_t i = 0; i < found->npatches; i++)
		if (found->patches[i].process == process)
			mark(look->plan, image, found->patches[i].offset, found->patches[i].len,
			     marks);
	for (size_t i = 0; i < found->nitems && own; i++)
		if (found->items[i].process == process && found->items[i].state == BREAKPOINT_OWN)
			mark(look->plan, image, found->items[i].offset, 1, marks);
}

/* Names the first of them, and counts. */
static size_t add_names(struct buf *text, const struct plan *plan, const bool *marks)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->nfuncs; i++) {
		if (!marks[i] || count++ >= 3)
			continue;
		buf_adds(text, count > 1 ? ", " : "");
		escape_text(text, plan->funcs[i].name, strlen(plan->funcs[i].name));
	}
	if (count > 3)
		buf_addf(text, " and %zu more", count - 3);
	return count;
}

static int leave_out(struct look *look, struct error *err)
{
	size_t count = look->plan->nfuncs, left = 0;
	bool *gone = calloc(count + 1, sizeof(*gone)), *marks = calloc(count + 1, sizeof(*marks));
	int ret = gone && marks ? 0 : -ENOMEM;

	for (uint32_t p = 0; p < look->found.nprocesses && !ret; p++) {
		struct buf names = {0};
		size_t n;

		memset(marks, 0, count);
		mark_changed(look, p, true, marks);
		n = add_names(&names, look->plan, marks);
		if (n && !look->opt->quiet)
			fprintf(stderr, "ftrace: %zu function%s patched in PID %d: left out (%s)\n",
				n, n == 1 ? " is" : "s are", (int)look->found.processes[p].pid,
				buf_str(&names));
		buf_release(&names);
		for (size_t i = 0; i < count; i++)
			gone[i] |= marks[i];
	}
	for (size_t i = 0; i < count && !ret; i++)
		left += !gone[i];
	if (!ret && left < count)
		ret = plan_leave_out(look->plan, gone, patched);
	if (!ret && count && !left)
		ret = error_set(err, -ENODATA,
				"%s: all functions that were chosen are patched in a running "
				"process; choose others",
				image_info(look->plan->images[0].image)->path);
	free(gone);
	free(marks);
	return ret;
}

static void say_taken(const struct look *look)
{
	size_t taken = count_taken(&look->found);

	if (taken && !look->opt->quiet)
		fprintf(stderr,
			"ftrace: took away %zu breakpoint%s that a killed tracer had left\n", taken,
			taken == 1 ? "" : "s");
}

static int take_away(struct look *look, struct keeper *keeper, bool multi)
{
	int program, ret;

	if (!look->found.nitems)
		return 0;
	program = repair_load(multi);
	if (program < 0)
		return program;
	if (!multi && look->found.nitems > SLOW_PLACES && !look->opt->quiet)
		fprintf(stderr,
			"ftrace: finding out which of %zu breakpoints that are there already belong to "
			"nobody, which takes this kernel some %zu s\n",
			look->found.nitems, look->found.nitems / 10 + 1);
	ret = breakpoints_settle(&look->found, keeper, program, multi);
	close(program);
	return ret;
}

int altered_code_before(const struct options *opt, struct targets *targets, struct keeper *keeper,
			bool multi, struct error *err)
{
	struct look look = {
		.debugged = "a breakpoint of its where a probe is would go with the probe",
	};
	int ret = look_around(&look, opt, targets);

	if (!ret)
		ret = take_away(&look, keeper, multi);
	if (!ret) {
		say_taken(&look);
		ret = leave_out(&look, err);
	}
	if (ret == -EINTR && !err->code)
		error_set(err, ret, "interrupted while breakpoints of before were looked at");
	else if (ret && !err->code)
		error_set(err, ret, "repair: %s; start ftrace again", strerror(-ret));
	breakpoints_release(&look.found);
	traced_release(&look.traced);
	return ret;
}

static void say_overwritten(const struct look *look)
{
	bool *marks = calloc(look->plan->nfuncs + 1, sizeof(*marks));

	for (uint32_t p = 0; p < look->found.nprocesses && marks; p++) {
		struct buf names = {0};

		memset(marks, 0, look->plan->nfuncs);
		mark_changed(look, p, false, marks);
		if (add_names(&names, look->plan, marks))
			fprintf(stderr,
				"ftrace: PID %d overwrote %s while it was traced: if it saved a "
				"breakpoint with the old bytes, do not let it write them back\n",
				(int)look->found.processes[p].pid, buf_str(&names));
		buf_release(&names);
	}
	free(marks);
}

void altered_code_after(const struct options *opt, struct targets *targets)
{
	struct look look = {
		.debugged = "breakpoints of its where probes were went with them",
	};

	if (!look_around(&look, opt, targets))
		say_overwritten(&look);
	breakpoints_release(&look.found);
	traced_release(&look.traced);
}
