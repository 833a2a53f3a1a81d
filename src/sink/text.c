/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text output: a tree of calls in the manner of the kernel's function_graph tracer.
 *
 * A streamed call's opening line is held back for a moment: if the next thing that happens is its
 * end, it becomes a line of its own, as in a tree that is printed whole.
 */
#include <errno.h>
#include <stdlib.h>

#include "call/sink.h"
#include "sink/stats_table.h"
#include "sink/text_line.h"

/* A streamed call whose opening line is still to come. */
struct held {
	bool there;
	struct call call;
	struct lane lane;
	struct text_held head;
};

struct sink {
	const struct sink_config *config;
	struct text_lines lines;
	struct held held;
	uint32_t first_pid; /* 0: no process yet */
	uint64_t last_id;
	uint64_t calls, unwound, open;
};

static void text_free(struct sink *sink)
{
	if (!sink)
		return;
	text_lines_release(&sink->lines);
	buf_release(&sink->held.head.text);
	free(sink);
}

static struct sink *text_new(const struct sink_config *config)
{
	struct sink *sink = calloc(1, sizeof(*sink));

	if (!sink)
		return NULL;
	sink->config = config;
	text_lines_init(&sink->lines, config);
	return sink;
}

static int result(const struct sink *sink)
{
	if (sink->held.head.text.failed || sink->lines.names.failed)
		return -ENOMEM;
	return outlet_drain(sink->config->outlet);
}

static struct lane tree_lane(const struct tree *tree)
{
	return (struct lane){
		.pid = tree->process ? tree->process->pid : 0,
		.goid_known = true,
		.goid = tree->goid,
		.curg = tree->curg,
	};
}

static void count(struct sink *sink, const struct call *call)
{
	sink->calls++;
	sink->unwound += call->how == CALL_UNWOUND;
	sink->open += call->how == CALL_OPEN;
}

static void release_held(struct sink *sink)
{
	struct held *held = &sink->held;

	if (!held->there)
		return;
	held->there = false;
	text_lines_begin(&sink->lines, &held->lane);
	text_opening(&sink->lines, &held->lane, NULL, &held->call, &held->head);
}

static int text_process(struct sink *sink, const struct process *process)
{
	release_held(sink);
	if (!sink->first_pid) {
		sink->first_pid = process->pid;
	} else if (sink->first_pid != process->pid) {
		text_lines_show_pid(&sink->lines, sink->first_pid);
		text_lines_show_pid(&sink->lines, process->pid);
	}
	return result(sink);
}

/* A tree on its way out: which call is open, which loss comes next. */
struct walk {
	struct sink *sink;
	const struct tree *tree;
	struct lane lane;
	uint32_t open;
	size_t loss;
};

static unsigned int open_level(const struct walk *walk)
{
	return walk->open == CALL_NONE ? 0 : walk->tree->calls[walk->open].level + 1;
}

static bool loss_before(const struct walk *walk, size_t call)
{
	return walk->loss < walk->tree->nlosses && walk->tree->losses[walk->loss].before <= call;
}

/* Losses of the same place, up to `until`. */
static void put_losses(struct walk *walk, size_t call, uint64_t until)
{
	while (loss_before(walk, call) && walk->tree->losses[walk->loss].start < until)
		text_loss(&walk->sink->lines, &walk->lane, &walk->tree->losses[walk->loss++],
			  open_level(walk));
}

static bool ended(const struct call *call)
{
	return call->how == CALL_RETURN || call->how == CALL_TAIL || call->how == CALL_UNWOUND;
}

/* Closes what is open up to `parent`; a loss before call number `next` may fall in between. */
static void close_to(struct walk *walk, uint32_t parent, size_t next)
{
	while (walk->open != parent && walk->open != CALL_NONE) {
		const struct call *call = &walk->tree->calls[walk->open];

		put_losses(walk, next, ended(call) ? call->end : UINT64_MAX);
		text_closing(&walk->sink->lines, &walk->lane, walk->tree, call);
		walk->open = call->parent;
	}
}

/* A call with nothing inside, not even a loss. */
static bool is_leaf(const struct walk *walk, size_t i)
{
	const struct tree *tree = walk->tree;
	const struct call *call = &tree->calls[i];

	if (i + 1 < tree->ncalls && tree->calls[i + 1].parent == i)
		return false;
	return !loss_before(walk, i + 1) ||
	       (ended(call) && tree->losses[walk->loss].start >= call->end);
}

static void put_call(struct walk *walk, uint32_t i)
{
	struct sink *sink = walk->sink;
	const struct call *call = &walk->tree->calls[i];

	close_to(walk, call->parent, i);
	put_losses(walk, i, UINT64_MAX);
	count(sink, call);
	if (call->flags & CALL_ENTRY_UNSEEN) {
		text_closing(&sink->lines, &walk->lane, walk->tree, call);
		return;
	}
	if (call->callers != CALL_NONE)
		text_stack(&sink->lines, &walk->lane, walk->tree, call);
	if (is_leaf(walk, i)) {
		text_leaf(&sink->lines, &walk->lane, walk->tree, call, NULL);
	} else {
		text_opening(&sink->lines, &walk->lane, walk->tree, call, NULL);
		walk->open = i;
	}
}

static int text_root(struct sink *sink, const struct tree *tree)
{
	struct walk walk = {.sink = sink, .tree = tree, .lane = tree_lane(tree), .open = CALL_NONE};
	int err;

	if (sink->config->only)
		return 0;
	release_held(sink);
	for (size_t i = 0; i < tree->ncalls; i++)
		text_lines_fit(&sink->lines, &tree->calls[i]);
	text_lines_begin(&sink->lines, &walk.lane);
	for (size_t i = 0; i < tree->ncalls; i++) {
		put_call(&walk, (uint32_t)i);
		err = result(sink);
		if (err)
			return err;
	}
	close_to(&walk, CALL_NONE, tree->ncalls);
	put_losses(&walk, tree->ncalls, UINT64_MAX);
	return result(sink);
}

static int text_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct held *held = &sink->held;

	if (sink->config->only)
		return 0;
	release_held(sink);
	held->call = tree->calls[call];
	held->lane = tree_lane(tree);
	if (held->call.callers != CALL_NONE) {
		text_lines_begin(&sink->lines, &held->lane);
		text_stack(&sink->lines, &held->lane, tree, &held->call);
	}
	buf_reset(&held->head.text);
	held->head.width = text_head(&sink->lines, &held->head.text, tree, &held->call);
	held->there = true;
	return result(sink);
}

static int text_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct held *held = &sink->held;
	const struct call *over = &tree->calls[call];
	struct lane lane = tree_lane(tree);

	if (sink->config->only)
		return 0;
	count(sink, over);
	if (held->there && held->call.id == over->id) {
		held->there = false;
		text_lines_begin(&sink->lines, &lane);
		text_leaf(&sink->lines, &lane, tree, over, &held->head);
	} else {
		release_held(sink);
		text_lines_begin(&sink->lines, &lane);
		text_closing(&sink->lines, &lane, tree, over);
	}
	return result(sink);
}

static int text_loss_line(struct sink *sink, const struct loss *loss)
{
	struct lane lane = {
		.pid = loss->pid,
		.goid_known = loss->goid_known,
		.goid = loss->goid,
	};

	/* Without calls around it only their number matters, which stands below the table. */
	if (sink->config->only)
		return 0;
	release_held(sink);
	text_lines_begin(&sink->lines, &lane);
	text_loss(&sink->lines, &lane, loss, 0);
	return result(sink);
}

static int text_off(struct sink *sink, const struct switched_off *off)
{
	static const struct lane nobody;

	release_held(sink);
	if (!sink->config->only)
		text_lines_begin(&sink->lines, &nobody);
	text_switched_off(&sink->lines, off);
	return result(sink);
}

static int text_idle(struct sink *sink)
{
	release_held(sink);
	return outlet_flush(sink->config->outlet);
}

static int put_table(struct sink *sink, uint64_t lost)
{
	struct buf *buf = &sink->config->outlet->buf;

	if (sink->calls)
		buf_addc(buf, '\n');
	return stats_table(buf, sink->config, &sink->lines.names, lost);
}

static int text_end(struct sink *sink, struct trace_summary *summary)
{
	int err = 0;

	release_held(sink);
	if (sink->config->stats)
		err = put_table(sink, summary->lost);
	summary->calls = sink->config->only ? stats_calls(sink->config->stats) : sink->calls;
	summary->unwound = sink->unwound;
	summary->open = sink->open;
	return err ? err : outlet_flush(sink->config->outlet);
}

static uint64_t text_next_id(struct sink *sink)
{
	return ++sink->last_id;
}

const struct sink_ops sink_text = {
	.name = "text",
	.new = text_new,
	.process = text_process,
	.root = text_root,
	.enter = text_enter,
	.leave = text_leave,
	.loss = text_loss_line,
	.off = text_off,
	.idle = text_idle,
	.end = text_end,
	.next_id = text_next_id,
	.free = text_free,
};
