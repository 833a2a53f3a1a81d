/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/event_points.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ftrace/events.h>
#include <ftrace/image.h>
#include <ftrace/marks.h>

#include "base/vec.h"
#include "ftrace.skel.h"

void event_points_choose(struct ftrace_bpf *skel, const struct marks_wanted *marks)
{
	bool wanted = marks && marks->nevents;

	bpf_program__set_autoload(skel->progs.ftrace_event, wanted);
	bpf_map__set_autocreate(skel->maps.events, wanted);
	if (wanted)
		bpf_map__set_max_entries(skel->maps.events, (__u32)marks->nevents);
}

/* The instructions of the loaded program, to be freed, with the place of the number; NULL when memory is out, or it is not
 * there. */
static struct bpf_insn *copy_program(const struct bpf_program *program, struct bpf_insn **number)
{
	const struct bpf_insn *insns = bpf_program__insns(program);
	size_t count = bpf_program__insn_cnt(program);
	struct bpf_insn *copy = calloc(count + 1, sizeof(*copy));

	*number = NULL;
	if (!copy)
		return NULL;
	memcpy(copy, insns, count * sizeof(*copy));
	for (size_t i = 0; i + 1 < count; i++)
		if (copy[i].code == (BPF_LD | BPF_IMM | BPF_DW) && !copy[i].src_reg &&
		    copy[i].imm == (__s32)FT_EVENT_NUMBER &&
		    copy[i + 1].imm == (__s32)(FT_EVENT_NUMBER >> 32))
			*number = &copy[i];
	if (*number)
		return copy;
	free(copy);
	return NULL;
}

static int put_shape(const struct ftrace_bpf *skel, const struct event_type *type, __u32 index)
{
	struct ft_event_shape shape = {.count = (__u32)type->nargs};

	for (size_t i = 0; i < type->nargs; i++) {
		const struct event_arg *arg = &type->args[i];

		if (arg->text >= FT_EVENT_TEXTS)
			continue;
		shape.texts[arg->text].arg = (__u8)i;
		shape.texts[arg->text].kind =
			arg->kind == EVENT_ARG_TASK ? FT_TEXT_TASK : FT_TEXT_STRING;
	}
	return bpf_map__update_elem(skel->maps.events, &index, sizeof(index), &shape,
				    sizeof(shape), 0);
}

/* A descriptor, or a negative errno. */
static int attach(const char *point, const struct bpf_insn *insns, size_t count)
{
	int link, prog = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "ftrace_event", "GPL", insns,
				       count, NULL);

	if (prog < 0)
		return prog;
	link = bpf_raw_tracepoint_open(point, prog);
	close(prog);
	return link;
}

static int attach_all(struct event_points *points, const struct ftrace_bpf *skel,
		      const struct marks_wanted *marks, struct bpf_insn *insns,
		      struct bpf_insn *number)
{
	size_t count = bpf_program__insn_cnt(skel->progs.ftrace_event);

	for (size_t i = 0; i < marks->nevents; i++) {
		int *slot = vec_push(&points->links, &points->count, &points->cap);
		int ret = slot ? put_shape(skel, &marks->events[i], (__u32)i) : -ENOMEM;

		if (!slot)
			return ret;
		number[0].imm = (__s32)i;
		number[1].imm = 0;
		*slot = ret ? ret : attach(marks->events[i].point, insns, count);
	}
	return 0;
}

int event_points_attach(struct event_points *points, const struct ftrace_bpf *skel,
			const struct marks_wanted *marks, struct error *err)
{
	struct bpf_insn *insns, *number;
	int ret;

	if (!marks || !marks->nevents)
		return 0;
	insns = copy_program(skel->progs.ftrace_event, &number);
	ret = insns ? attach_all(points, skel, marks, insns, number) : -ENOMEM;
	free(insns);
	if (ret)
		return error_set(err, ret, "-e: out of memory; name fewer");
	for (size_t i = 0; i < points->count; i++)
		if (points->links[i] >= 0)
			return 0;
	return error_set(err, points->links[0],
			 "-e %.100s: the kernel refuses a program there: %s; leave it out",
			 marks->events[0].name, strerror(-points->links[0]));
}

void event_points_release(struct event_points *points)
{
	for (size_t i = 0; i < points->count; i++)
		if (points->links[i] >= 0)
			close(points->links[i]);
	free(points->links);
	*points = (struct event_points){0};
}
