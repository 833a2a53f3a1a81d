/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/sheet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "tui/sheet_stream.h"

/* Trees on their way into a sheet. */
struct layout {
	struct sink sink;
	struct sheet *sheet;
	struct stream stream;
	uint32_t *call_nodes; /* of the root at hand */
	size_t ncall_nodes;
	uint32_t top; /* the innermost node that is open */
};

static struct layout *layout_of(struct sink *sink)
{
	return (struct layout *)sink;
}

static struct root *add_root(struct sheet *sheet, const struct tree *tree)
{
	struct root *root = vec_push(&sheet->roots, &sheet->nroots, &sheet->caproots);

	if (!root)
		return NULL;
	*root = (struct root){.call = (uint32_t)sheet->ncalls, .mark = (uint32_t)sheet->nmarks};
	if (tree) {
		root->process = tree->process;
		root->goid = tree->goid;
		root->curg = tree->curg;
		root->goid_known = true;
		sheet->source = tree->source;
	}
	return root;
}

/* Of as many calls as there are; what is not known says so itself. */
static int fill_times(struct sheet *sheet)
{
	while (sheet->ntimes < sheet->ncalls)
		if (!vec_push(&sheet->times, &sheet->ntimes, &sheet->captimes))
			return -ENOMEM;
	return 0;
}

int sheet_add_call(struct sheet *sheet, const struct call *call, const struct call_times *times)
{
	struct call *slot = vec_push(&sheet->calls, &sheet->ncalls, &sheet->capcalls);

	if (!slot)
		return -ENOMEM;
	*slot = *call;
	if (!times)
		return 0;
	if (fill_times(sheet))
		return -ENOMEM;
	sheet->times[sheet->ncalls - 1] = *times;
	return 0;
}

int sheet_add_mark(struct sheet *sheet, const struct mark *mark)
{
	struct mark *slot = vec_push(&sheet->marks, &sheet->nmarks, &sheet->capmarks);

	if (!slot)
		return -ENOMEM;
	*slot = *mark;
	return 0;
}

static int on_root(struct sink *sink, const struct tree *tree)
{
	struct sheet *sheet = layout_of(sink)->sheet;
	struct root *root = add_root(sheet, tree);
	int err = root ? 0 : -ENOMEM;

	for (size_t i = 0; i < tree->ncalls && !err; i++)
		err = sheet_add_call(sheet, &tree->calls[i],
				     tree->times && tree->times[i].known ? &tree->times[i] : NULL);
	for (size_t i = 0; i < tree->nmarks && !err; i++)
		err = sheet_add_mark(sheet, &tree->marks[i]);
	if (err)
		return err;
	root->ncalls = (uint32_t)tree->ncalls;
	root->nmarks = (uint32_t)tree->nmarks;
	return 0;
}

/* A streamed call; one that hangs on nothing here is a root. */
static int on_streamed(struct sink *sink, const struct tree *tree, uint32_t call, bool ends)
{
	struct layout *layout = layout_of(sink);
	struct root *root;
	bool hangs;
	uint32_t piece = stream_call(&layout->stream, tree, call, ends, &hangs);

	if (!piece)
		return -ENOMEM;
	if (hangs)
		return 0;
	root = add_root(layout->sheet, tree);
	if (!root)
		return -ENOMEM;
	root->streamed = piece;
	return 0;
}

static int on_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return on_streamed(sink, tree, call, false);
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return on_streamed(sink, tree, call, true);
}

static int on_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct layout *layout = layout_of(sink);
	struct root *root;
	bool hangs = false;

	if (tree && mark->call != CALL_NONE &&
	    !stream_mark(&layout->stream, tree->calls[mark->call].id, mark, &hangs))
		return -ENOMEM;
	if (hangs)
		return 0;
	root = add_root(layout->sheet, tree);
	if (!root)
		return -ENOMEM;
	if (!tree) {
		root->goid_known = mark->goid_known;
		root->goid = mark->goid;
	}
	root->nmarks = 1;
	if (sheet_add_mark(layout->sheet, mark))
		return -ENOMEM;
	layout->sheet->marks[layout->sheet->nmarks - 1].call = CALL_NONE;
	return 0;
}

static const struct sink_ops layout_ops = {
	.root = on_root, .enter = on_enter, .leave = on_leave, .mark = on_mark};

/* Closes what is open below `node`; NODE_NONE: all. */
static void close_to(struct layout *layout, uint32_t node)
{
	struct sheet *sheet = layout->sheet;

	while (layout->top != node) {
		struct node *top = &sheet->nodes[layout->top];

		top->span = (uint32_t)(sheet->nnodes - layout->top);
		layout->top = top->parent;
	}
}

/* A node below `parent`, or, where that is over already, which only a made up file says, below what is open. */
static bool add_node(struct layout *layout, enum node_kind kind, uint32_t item, uint32_t parent)
{
	struct sheet *sheet = layout->sheet;
	struct node *node;

	if (parent == NODE_NONE || !sheet->nodes[parent].span)
		close_to(layout, parent);
	node = vec_push(&sheet->nodes, &sheet->nnodes, &sheet->capnodes);
	if (!node)
		return false;
	*node = (struct node){.kind = kind,
			      .item = item,
			      .parent = layout->top,
			      .root = (uint32_t)(sheet->nroots - 1)};
	if (layout->top != NODE_NONE)
		node->level = sheet->nodes[layout->top].level + 1;
	/* 0 as long as it is open: a mark never is. */
	node->span = kind == NODE_MARK || kind == NODE_DAMAGE;
	if (!node->span)
		layout->top = (uint32_t)(sheet->nnodes - 1);
	return true;
}

static enum node_kind kind_of(const struct layout *layout, const struct root *root,
			      const struct call *call)
{
	return root->streamed ? stream_kind(&layout->stream, call->id) : NODE_CALL;
}

static uint32_t node_of(const struct layout *layout, uint32_t call)
{
	return call == CALL_NONE ? NODE_NONE : layout->call_nodes[call];
}

/* The nodes of a root, whose calls and marks are in the sheet. */
static bool add_nodes(struct layout *layout, uint32_t number)
{
	struct sheet *sheet = layout->sheet;
	const struct root *root = &sheet->roots[number];
	size_t first = sheet->nnodes;
	uint32_t mark = 0;

	if (root->ncalls > layout->ncall_nodes) {
		uint32_t *more = reallocarray(layout->call_nodes, root->ncalls, sizeof(*more));

		if (!more)
			return false;
		layout->call_nodes = more;
		layout->ncall_nodes = root->ncalls;
	}
	layout->top = NODE_NONE;
	for (uint32_t i = 0; i <= root->ncalls; i++) {
		const struct call *call;

		for (; mark < root->nmarks && sheet->marks[root->mark + mark].before <= i; mark++) {
			const struct mark *at = &sheet->marks[root->mark + mark];

			/* Text has no words for it. */
			if (!at->kind->words)
				continue;
			/* It stands before what it would hang on: a made up file. */
			if (!add_node(layout, NODE_MARK, root->mark + mark,
				      at->call != CALL_NONE && at->call < i
					      ? node_of(layout, at->call)
					      : NODE_NONE))
				return false;
		}
		if (i == root->ncalls)
			break;
		call = &sheet->calls[root->call + i];
		if (!add_node(layout, kind_of(layout, root, call), root->call + i,
			      node_of(layout, call->parent)))
			return false;
		layout->call_nodes[i] = (uint32_t)(sheet->nnodes - 1);
	}
	close_to(layout, NODE_NONE);
	for (size_t i = first; i < sheet->nnodes; i++)
		sheet->nodes[i].root = number;
	return true;
}

/* What was streamed becomes trees like the others; then each has its nodes. */
static bool lay_out(struct layout *layout)
{
	struct sheet *sheet = layout->sheet;

	for (uint32_t i = 0; i < sheet->nroots; i++) {
		struct root *root = &sheet->roots[i];

		if (root->streamed) {
			root->call = (uint32_t)sheet->ncalls;
			root->mark = (uint32_t)sheet->nmarks;
			if (stream_collect(&layout->stream, root->streamed, sheet))
				return false;
			root->ncalls = (uint32_t)sheet->ncalls - root->call;
			root->nmarks = (uint32_t)sheet->nmarks - root->mark;
		}
		if (!add_nodes(layout, i))
			return false;
	}
	return !sheet->times || !fill_times(sheet);
}

static bool add_damage(struct layout *layout, struct recording *recording, size_t i)
{
	struct sheet *sheet = layout->sheet;
	size_t count;
	const struct recording_block *block = &recording_blocks(recording, &count)[i];
	uint32_t done = recording_block_done(recording);

	sheet->missing = block->calls > done ? block->calls - done : 0;
	layout->top = NODE_NONE;
	return add_root(sheet, NULL) && add_node(layout, NODE_DAMAGE, 0, NODE_NONE);
}

struct sheet *sheet_read(struct recording *recording, size_t i)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet));
	struct layout layout = {.sink.ops = &layout_ops, .sheet = sheet, .top = NODE_NONE};
	bool whole;

	if (!sheet)
		return NULL;
	sheet->error = recording_play_block(recording, i, &layout.sink);
	whole = sheet->error != -ENOMEM && lay_out(&layout) &&
		(!sheet->error || add_damage(&layout, recording, i));
	sheet->held = whole ? recording_hold(recording) : NULL;
	stream_release(&layout.stream);
	free(layout.call_nodes);
	if (sheet->held)
		return sheet;
	sheet_free(sheet);
	return NULL;
}

void sheet_free(struct sheet *sheet)
{
	if (!sheet)
		return;
	held_block_free(sheet->held);
	free(sheet->nodes);
	free(sheet->roots);
	free(sheet->calls);
	free(sheet->times);
	free(sheet->marks);
	free(sheet);
}

size_t sheet_size(const struct sheet *sheet)
{
	return sizeof(*sheet) + sheet->capnodes * sizeof(*sheet->nodes) +
	       sheet->caproots * sizeof(*sheet->roots) + sheet->capcalls * sizeof(*sheet->calls) +
	       sheet->captimes * sizeof(*sheet->times) + sheet->capmarks * sizeof(*sheet->marks) +
	       held_block_size(sheet->held);
}

const struct call *sheet_call(const struct sheet *sheet, uint32_t node)
{
	const struct node *at = &sheet->nodes[node];

	return node_is_call(at) ? &sheet->calls[at->item] : NULL;
}

const struct mark *sheet_mark(const struct sheet *sheet, uint32_t node)
{
	const struct node *at = &sheet->nodes[node];

	return at->kind == NODE_MARK ? &sheet->marks[at->item] : NULL;
}

struct tree sheet_tree(const struct sheet *sheet, uint32_t node)
{
	const struct root *root = &sheet->roots[sheet->nodes[node].root];

	return (struct tree){
		.process = root->process,
		.source = sheet->source,
		.goid = root->goid,
		.curg = root->curg,
		.calls = root->ncalls ? sheet->calls + root->call : NULL,
		.ncalls = root->ncalls,
		.times = sheet->times ? sheet->times + root->call : NULL,
		.marks = root->nmarks ? sheet->marks + root->mark : NULL,
		.nmarks = root->nmarks,
	};
}
