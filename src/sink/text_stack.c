/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lines of the callers above a root call.
 */
#include <ftrace/record.h>

#include <string.h>

#include "base/escape.h"
#include "sink/shown_name.h"
#include "sink/source_file.h"
#include "sink/stack.h"
#include "sink/text_line.h"

/* Frames on their way into a list whose end is to be printed first. */
struct stack_frames {
	struct caller frames[TREE_CALLERS_MAX];
	size_t count;
};

static void keep_frame(void *arg, const struct caller *caller)
{
	struct stack_frames *stack = arg;

	if (stack->count < TREE_CALLERS_MAX)
		stack->frames[stack->count++] = *caller;
}

static void add_place(struct buf *buf, const struct caller *caller, const struct catalog_exe *exe)
{
	if (caller->file) {
		const char *file = source_file_short(caller->file, exe->root);

		buf_addc(buf, ' ');
		escape_text(buf, file, strlen(file));
	}
	if (caller->file && caller->line > 0) {
		buf_addc(buf, ':');
		buf_addu(buf, (uint64_t)caller->line);
	}
}

/* `created by main.handle main.go:91 in G18` */
static void add_creator(const struct text_lines *lines, struct buf *buf,
			const struct goroutine *goroutine, const struct catalog_exe *exe)
{
	const struct sink_config *config = lines->config;
	const struct caller *place = goroutine->created;

	buf_adds(buf, "created by ");
	shown_name_put(buf, exe, place->inlined ? place->inlined : place->func, config->trim,
		       config->ntrim);
	add_place(buf, place, exe);
	if (!goroutine->has_parent)
		return;
	buf_adds(buf, " in G");
	buf_addu(buf, goroutine->parent);
}

void text_creator(const struct text_lines *lines, struct buf *buf, const struct tree *tree,
		  const struct call *call)
{
	const struct catalog_exe *exe = catalog_exe_of(lines->config->catalog, call->func);
	const struct goroutine *goroutine;

	buf_reset(buf);
	if (!lines->config->goroutines || call->parent != CALL_NONE)
		return;
	goroutine = stack_creator(tree);
	if (goroutine && goroutine->inside)
		add_creator(lines, buf, goroutine, exe);
}

static void add_frame(const struct text_lines *lines, struct buf *buf, const struct caller *caller,
		      const struct catalog_exe *exe)
{
	const struct sink_config *config = lines->config;

	buf_adds(buf, config->color ? DIM "^ " : "^ ");
	shown_name_put(buf, exe, caller->inlined ? caller->inlined : caller->func, config->trim,
		       config->ntrim);
	if (caller->inlined) {
		buf_adds(buf, " (inlined)");
	} else {
		buf_addc(buf, '+');
		buf_addu(buf, caller->offset);
	}
	add_place(buf, caller, exe);
	buf_adds(buf, config->color ? PLAIN "\n" : "\n");
}

void text_stack(struct text_lines *lines, const struct owner *owner, const struct tree *tree,
		const struct call *call)
{
	struct buf *buf = &lines->config->outlet->buf;
	const struct catalog_exe *exe = catalog_exe_of(lines->config->catalog, call->func);
	const struct goroutine *goroutine;
	struct moment moment = {0};
	size_t shown;
	struct stack_frames stack; /* large: most calls leave before it is touched */

	if (call->callers == CALL_NONE || call->parent != CALL_NONE)
		return;
	stack.count = 0;
	goroutine = lines->config->goroutines ? stack_creator(tree) : NULL;
	if (goroutine) {
		columns_add(&lines->columns, buf, owner, &moment);
		buf_adds(buf, lines->config->color ? DIM "^ " : "^ ");
		add_creator(lines, buf, goroutine, exe);
		buf_adds(buf, lines->config->color ? PLAIN "\n" : "\n");
	}
	stack_walk(lines->config, tree, call, keep_frame, &stack);
	/* The innermost is what the call's own line shows, but for the name of an inlined body. */
	shown = stack.count && !stack.frames[0].inlined && text_caller_find(lines, tree, call);
	while (stack.count > shown) {
		columns_add(&lines->columns, buf, owner, &moment);
		add_frame(lines, buf, &stack.frames[--stack.count], exe);
	}
}
