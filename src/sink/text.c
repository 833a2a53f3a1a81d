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
#include "sink/formats.h"
#include "sink/live_table.h"
#include "sink/stats_table.h"
#include "sink/text_fold.h"
#include "sink/text_line.h"

#define FOLD_ROOM 4 /* what the names of a chain leave to `() {` */

/* A streamed call whose opening line is still to come. */
struct opening {
	bool there;
	struct call call;
	struct tree tree; /* no more of it than what its line needs */
	struct owner owner;
	struct text_held head;
};

struct text {
	struct sink sink;
	const struct sink_config *config;
	struct text_lines lines;
	struct shown shown;
	struct folds folds;
	struct opening held;
	struct live_table live;
	uint32_t first_pid; /* 0: no process yet */
};

static struct text *text_of(struct sink *sink)
{
	return (struct text *)sink;
}

static void text_free(struct sink *sink)
{
	struct text *text = text_of(sink);

	if (!sink)
		return;
	/* Whatever it was that ended the trace. */
	if (text->live.screen) {
		live_table_leave(&text->live, &text->config->outlet->buf);
		outlet_flush(text->config->outlet);
	}
	text_lines_release(&text->lines);
	folds_release(&text->folds);
	buf_release(&text->held.head.text);
	buf_release(&text->held.head.creator);
	free(text);
}

static struct sink *text_new(const struct sink_config *config)
{
	struct text *text = calloc(1, sizeof(*text));

	if (!text)
		return NULL;
	text->sink.ops = &sink_text;
	text->config = config;
	text_lines_init(&text->lines, config);
	return &text->sink;
}

static int result(const struct text *text)
{
	if (text->held.head.text.failed || text->held.head.creator.failed ||
	    text->lines.creator.failed || text->lines.names.failed)
		return -ENOMEM;
	return outlet_drain(text->config->outlet);
}

static struct owner tree_owner(const struct tree *tree)
{
	return (struct owner){
		.pid = tree->process ? tree->process->pid : 0,
		.goid_known = true,
		.goid = tree->goid,
		.curg = tree->curg,
	};
}

static void release_held(struct text *text)
{
	struct opening *held = &text->held;

	if (!held->there)
		return;
	held->there = false;
	text_lines_begin(&text->lines, &held->owner);
	text_opening(&text->lines, &held->owner, &held->tree, &held->call, &held->head);
}

static int text_process(struct sink *sink, const struct process *process)
{
	struct text *text = text_of(sink);

	release_held(text);
	if (!text->first_pid) {
		text->first_pid = process->pid;
	} else if (text->first_pid != process->pid) {
		text_lines_show_pid(&text->lines, text->first_pid);
		text_lines_show_pid(&text->lines, process->pid);
	}
	return result(text);
}

/* A tree on its way out: which call is open, which mark comes next. */
struct tree_walk {
	struct text *text;
	const struct tree *tree;
	struct call line;         /* of a chain */
	const struct fold *folds; /* of its calls; NULL: each has a line of its own */
	struct owner owner;
	uint32_t open;
	size_t mark;
};

static unsigned int open_level(const struct tree_walk *walk)
{
	return walk->open == CALL_NONE ? 0 : walk->tree->calls[walk->open].level + 1;
}

/* What is never shown stands nowhere. */
static bool mark_before(struct tree_walk *walk, size_t call)
{
	while (walk->mark < walk->tree->nmarks && !walk->tree->marks[walk->mark].kind->words)
		walk->mark++;
	return walk->mark < walk->tree->nmarks && walk->tree->marks[walk->mark].before <= call;
}

static void put_mark(struct tree_walk *walk, const struct mark *mark)
{
	text_mark(&walk->text->lines, &walk->owner, walk->tree, mark, open_level(walk));
}

/* Marks of the same place, up to `until`. */
static void put_marks(struct tree_walk *walk, size_t call, uint64_t until)
{
	while (mark_before(walk, call) && walk->tree->marks[walk->mark].start < until)
		put_mark(walk, &walk->tree->marks[walk->mark++]);
}

static bool ended(const struct call *call)
{
	return call->how == CALL_RETURN || call->how == CALL_TAIL || call->how == CALL_UNWOUND;
}

/*
 * A call as its line has it: of a chain the last one, with the times and the caller of the first, behind the names of
 * those before it.
 */
static const struct call *line_of(struct tree_walk *walk, uint32_t i)
{
	const struct call *call = &walk->tree->calls[i], *first;

	shown_begin_line(&walk->text->shown, i);
	walk->text->lines.times = tree_times(walk->tree, call);
	if (!walk->folds)
		return call;
	first = &walk->tree->calls[walk->folds[i].first];
	walk->text->lines.times = tree_times(walk->tree, first);
	text_chain(&walk->text->lines, first, (uint32_t)(call - first));
	walk->line = *call;
	walk->line.start = first->start;
	walk->line.end = first->end;
	walk->line.caller = first->caller;
	walk->line.level = walk->folds[i].level;
	return &walk->line;
}

/* Whether its line is that of a chain which goes on. */
static bool is_folded(const struct tree_walk *walk, uint32_t i)
{
	return walk->folds && walk->folds[i].goes_on;
}

/* Closes what is open up to `parent`; a mark before call number `next` may fall in between. */
static void close_to(struct tree_walk *walk, uint32_t parent, size_t next)
{
	while (walk->open != parent && walk->open != CALL_NONE) {
		const struct call *call = &walk->tree->calls[walk->open];

		if (!is_folded(walk, walk->open)) {
			const struct call *line = line_of(walk, walk->open);

			put_marks(walk, next, ended(call) ? call->end : UINT64_MAX);
			text_closing(&walk->text->lines, &walk->owner, walk->tree, line);
		}
		walk->open = call->parent;
	}
}

/* A call with nothing inside, not even a mark. */
static bool is_leaf(struct tree_walk *walk, size_t i)
{
	const struct tree *tree = walk->tree;
	const struct call *call = &tree->calls[i];

	if (i + 1 < tree->ncalls && tree->calls[i + 1].parent == i)
		return false;
	return !mark_before(walk, i + 1) ||
	       (ended(call) && tree->marks[walk->mark].start >= call->end);
}

static void put_call(struct tree_walk *walk, uint32_t i)
{
	struct text *text = walk->text;
	const struct call *call = &walk->tree->calls[i];

	const struct call *line;

	close_to(walk, call->parent, i);
	put_marks(walk, i, UINT64_MAX);
	if (call->callers != CALL_NONE)
		text_stack(&text->lines, &walk->owner, walk->tree, call);
	if (is_folded(walk, i)) {
		walk->open = i;
		return;
	}
	line = line_of(walk, i);
	if (call->flags & CALL_ENTRY_UNSEEN) {
		text_closing(&text->lines, &walk->owner, walk->tree, line);
	} else if (is_leaf(walk, i)) {
		text_leaf(&text->lines, &walk->owner, walk->tree, line, NULL);
	} else {
		text_opening(&text->lines, &walk->owner, walk->tree, line, NULL);
		walk->open = i;
	}
}

static int put_calls(struct tree_walk *walk)
{
	const struct tree *tree = walk->tree;
	int err;

	for (size_t i = 0; i < tree->ncalls; i++) {
		put_call(walk, (uint32_t)i);
		err = result(walk->text);
		if (err)
			return err;
	}
	close_to(walk, CALL_NONE, tree->ncalls);
	put_marks(walk, tree->ncalls, UINT64_MAX);
	return result(walk->text);
}

/* Makes room for the names of chains. */
static const struct fold *fold(struct text *text, const struct tree *tree)
{
	struct text_lines *lines = &text->lines;
	const struct fold *folds;

	folds_find(&text->folds, &lines->names, tree, lines->func_limit - FOLD_ROOM);
	folds = text->folds.calls;
	for (size_t i = 0; folds && i < tree->ncalls; i++)
		if (folds[i].level <= lines->levels)
			text_lines_grow(lines, 2 * folds[i].level + folds[i].width + FOLD_ROOM);
	return folds;
}

static int text_root(struct sink *sink, const struct tree *tree)
{
	struct text *text = text_of(sink);
	struct tree_walk walk = {
		.text = text, .tree = tree, .owner = tree_owner(tree), .open = CALL_NONE};
	int err;

	release_held(text);
	if (text->config->fold)
		walk.folds = fold(text, tree);
	else
		for (size_t i = 0; i < tree->ncalls; i++)
			text_lines_fit(&text->lines, &tree->calls[i]);
	text_lines_begin(&text->lines, &walk.owner);
	/* Of calls that are streamed it is not known what stands above them. */
	shown_begin_tree(&text->shown, tree);
	text->lines.style.shown = &text->shown;
	err = put_calls(&walk);
	text->lines.style.shown = NULL;
	text_chain(&text->lines, NULL, 0);
	return err;
}

static int text_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct text *text = text_of(sink);
	struct opening *held = &text->held;

	release_held(text);
	held->call = tree->calls[call];
	held->tree = (struct tree){.process = tree->process, .source = tree->source};
	held->owner = tree_owner(tree);
	if (held->call.callers != CALL_NONE) {
		text_lines_begin(&text->lines, &held->owner);
		text_stack(&text->lines, &held->owner, tree, &held->call);
	}
	text_head(&text->lines, &held->head, tree, &held->call);
	held->there = true;
	return result(text);
}

static int text_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct text *text = text_of(sink);
	struct opening *held = &text->held;
	const struct call *over = &tree->calls[call];
	struct owner owner = tree_owner(tree);

	text->lines.times = tree_times(tree, over);
	if (held->there && held->call.id == over->id) {
		held->there = false;
		text_lines_begin(&text->lines, &owner);
		text_leaf(&text->lines, &owner, tree, over, &held->head);
	} else {
		release_held(text);
		text_lines_begin(&text->lines, &owner);
		text_closing(&text->lines, &owner, tree, over);
	}
	return result(text);
}

static int text_mark_line(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct text *text = text_of(sink);
	struct owner owner = {
		.pid = mark->pid,
		.goid_known = mark->goid_known,
		.goid = mark->goid,
	};
	bool inside = tree && mark->call != CALL_NONE;

	if (!mark->kind->words)
		return 0;
	/* Without calls around them only their number matters, which stands below the table. */
	if (text->config->only && !mark->kind->of_trace)
		return 0;
	release_held(text);
	if (!text->config->only)
		text_lines_begin(&text->lines, &owner);
	text_mark(&text->lines, &owner, tree, mark, inside ? tree->calls[mark->call].level + 1 : 0);
	return result(text);
}

static int text_idle(struct sink *sink)
{
	struct text *text = text_of(sink);

	release_held(text);
	return outlet_flush(text->config->outlet);
}

static int put_table(struct text *text, const struct trace_summary *summary)
{
	struct buf *buf = &text->config->outlet->buf;

	if (summary->calls)
		buf_addc(buf, '\n');
	if (text->config->since) {
		struct sink_config last = *text->config;

		live_table_leave(&text->live, buf);
		last.height = 0;
		return live_table_put(&text->live, &last, &text->lines.names, summary->ended,
				      summary->lost);
	}
	return stats_table(buf, text->config, &text->lines.names, summary->lost);
}

static int text_table(struct sink *sink, uint64_t now)
{
	struct text *text = text_of(sink);
	int err = live_table_put(&text->live, text->config, &text->lines.names, now, 0);

	return err ? err : outlet_flush(text->config->outlet);
}

static int text_end(struct sink *sink, const struct trace_summary *summary)
{
	struct text *text = text_of(sink);
	int err = 0;

	release_held(text);
	if (text->config->stats)
		err = put_table(text, summary);
	return err ? err : outlet_flush(text->config->outlet);
}

const struct sink_ops sink_text = {
	.name = "text",
	.new = text_new,
	.process = text_process,
	.root = text_root,
	.enter = text_enter,
	.leave = text_leave,
	.mark = text_mark_line,
	.idle = text_idle,
	.table = text_table,
	.end = text_end,
	.free = text_free,
};
