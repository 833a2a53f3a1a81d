/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/tee.h"

#include <stdlib.h>

struct branch {
	struct sink *sink;
	int error; /* the first one: nothing is given to it any more */
};

struct tee {
	struct sink sink;
	size_t count, alive;
	int first; /* the error of the branch that failed first */
	struct branch branches[];
};

static struct tee *tee_of(struct sink *sink)
{
	return (struct tee *)sink;
}

/* The branches that have not failed. */
#define for_each_alive(tee, branch)                                                             \
	for ((branch) = (tee)->branches; (branch) < (tee)->branches + (tee)->count; (branch)++) \
		if (!(branch)->error)

static void note(struct tee *tee, struct branch *branch, int ret)
{
	if (ret >= 0)
		return;
	branch->error = ret;
	tee->alive--;
	if (!tee->first)
		tee->first = ret;
}

static int result(const struct tee *tee)
{
	return tee->alive ? 0 : tee->first;
}

static int tee_begin(struct sink *sink)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_begin(branch->sink));
	return result(tee);
}

static int tee_process(struct sink *sink, const struct process *process)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_process(branch->sink, process));
	return result(tee);
}

static int tee_root(struct sink *sink, const struct tree *tree)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_root(branch->sink, tree));
	return result(tee);
}

static int tee_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_enter(branch->sink, tree, call));
	return result(tee);
}

static int tee_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_leave(branch->sink, tree, call));
	return result(tee);
}

static int tee_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_mark(branch->sink, tree, mark));
	return result(tee);
}

static int tee_table(struct sink *sink, uint64_t now)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_table(branch->sink, now));
	return result(tee);
}

static int tee_idle(struct sink *sink)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_idle(branch->sink));
	return result(tee);
}

static int tee_end(struct sink *sink, const struct trace_summary *summary)
{
	struct tee *tee = tee_of(sink);
	struct branch *branch;

	for_each_alive(tee, branch)
		note(tee, branch, sink_end(branch->sink, summary));
	for (size_t i = 0; i < tee->count; i++)
		if (tee->branches[i].error)
			return tee->branches[i].error;
	return 0;
}

static void tee_free(struct sink *sink)
{
	struct tee *tee = tee_of(sink);

	for (size_t i = 0; i < tee->count; i++)
		sink_free(tee->branches[i].sink);
	free(tee);
}

static const struct sink_ops tee_ops = {
	.name = "tee",
	.begin = tee_begin,
	.process = tee_process,
	.root = tee_root,
	.enter = tee_enter,
	.leave = tee_leave,
	.mark = tee_mark,
	.table = tee_table,
	.idle = tee_idle,
	.end = tee_end,
	.free = tee_free,
};

struct sink *tee_new(struct sink *const *sinks, size_t count)
{
	struct tee *tee = calloc(1, sizeof(*tee) + count * sizeof(tee->branches[0]));

	if (!tee)
		return NULL;
	tee->sink.ops = &tee_ops;
	tee->count = tee->alive = count;
	for (size_t i = 0; i < count; i++)
		tee->branches[i].sink = sinks[i];
	return &tee->sink;
}

int tee_error(const struct sink *tee, size_t index)
{
	return ((const struct tee *)tee)->branches[index].error;
}
