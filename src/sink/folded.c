/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Folded stacks: `main.main;main.handle;main.store 61200`, a line for each different stack with the nanoseconds that were
 * spent in its innermost function itself, in order of the text.
 *
 * Source: the format that flamegraph.pl reads: frames between `;`, a blank, a number.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call/sink.h"
#include "sink/formats.h"
#include "sink/stacks.h"

struct folded {
	struct sink sink;
	const struct sink_config *config;
	struct stacks stacks;
};

static struct folded *folded_of(struct sink *sink)
{
	return (struct folded *)sink;
}

static void folded_free(struct sink *sink)
{
	struct folded *folded = folded_of(sink);

	if (!folded)
		return;
	stacks_release(&folded->stacks);
	free(folded);
}

static struct sink *folded_new(const struct sink_config *config)
{
	struct folded *folded = calloc(1, sizeof(*folded));

	if (!folded)
		return NULL;
	folded->sink.ops = &sink_folded;
	folded->config = config;
	return &folded->sink;
}

static int folded_root(struct sink *sink, const struct tree *tree)
{
	return stacks_add_tree(&folded_of(sink)->stacks, tree);
}

static int folded_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return stacks_add_call(&folded_of(sink)->stacks, tree, call);
}

/* What would end a frame or a line does not belong into a name. */
static void add_name(struct buf *buf, const char *name)
{
	for (; *name; name++)
		buf_addc(buf, *name == ';' ? ',' : (unsigned char)*name < ' ' ? '?' : *name);
}

/* Frames from the root on; the way up is as long as the stack is deep. */
static int add_frames(const struct folded *folded, struct buf *buf, uint32_t node)
{
	const struct stacks *stacks = &folded->stacks;
	uint32_t *path, depth = 0, at;

	for (at = node; at != STACK_ROOT; at = stacks->nodes[at].caller)
		depth++;
	path = calloc(depth, sizeof(*path));
	if (!path)
		return -ENOMEM;
	for (at = node; at != STACK_ROOT; at = stacks->nodes[at].caller)
		path[--depth] = at;
	for (uint32_t i = 0;; i++) {
		const struct catalog_func *func =
			catalog_func(folded->config->catalog, stacks->nodes[path[i]].func);

		if (i)
			buf_addc(buf, ';');
		add_name(buf, func ? func->name : "?");
		if (path[i] == node)
			break;
	}
	free(path);
	return 0;
}

/* A line on its way into order. */
struct line {
	size_t at, len; /* in the text of all */
	const struct buf *text;
};

static int by_text(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	size_t common = x->len < y->len ? x->len : y->len;
	int order = memcmp(x->text->data + x->at, y->text->data + y->at, common);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

static int make_lines(const struct folded *folded, struct buf *text, struct line *lines)
{
	int err = 0;

	for (size_t i = 0; i < folded->stacks.count && !err; i++) {
		lines[i] = (struct line){.at = text->len, .text = text};
		err = add_frames(folded, text, (uint32_t)i);
		buf_addc(text, ' ');
		buf_addu(text, folded->stacks.nodes[i].sum.self);
		buf_addc(text, '\n');
		lines[i].len = text->len - lines[i].at;
	}
	return text->failed ? -ENOMEM : err;
}

static int folded_end(struct sink *sink, const struct trace_summary *summary)
{
	struct folded *folded = folded_of(sink);
	struct outlet *outlet = folded->config->outlet;
	struct line *lines = calloc(folded->stacks.count + 1, sizeof(*lines));
	struct buf text = {0};
	int err = lines ? make_lines(folded, &text, lines) : -ENOMEM;

	(void)summary;
	if (!err)
		qsort(lines, folded->stacks.count, sizeof(*lines), by_text);
	for (size_t i = 0; i < folded->stacks.count && !err; i++) {
		buf_add(&outlet->buf, text.data + lines[i].at, lines[i].len);
		err = outlet_drain(outlet);
	}
	free(lines);
	buf_release(&text);
	return err ? err : outlet_flush(outlet);
}

const struct sink_ops sink_folded = {
	.name = "folded",
	.new = folded_new,
	.root = folded_root,
	.leave = folded_leave,
	.end = folded_end,
	.free = folded_free,
};
