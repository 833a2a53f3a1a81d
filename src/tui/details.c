/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/details.h"

#include <string.h>

#include "base/escape.h"
#include "sink/call_end.h"
#include "sink/duration.h"
#include "sink/shown_name.h"
#include "sink/source_file.h"
#include "sink/stack.h"
#include "tui/wrap.h"

#define INDENT 2
#define GO_ON  4 /* of what a line is too short for */

/* Lines on their way. */
struct telling {
	struct buf *buf;
	struct buf line;
	struct lines *lines;
	const struct tree *tree;
	const struct call *call;
	enum node_kind kind;
	const struct catalog_exe *exe;
	unsigned int width;
	unsigned int frame; /* of the callers: how many were told */
};

/* The line is made: it goes out. */
static void end_line(struct telling *t)
{
	if (!t->line.failed)
		wrap(t->buf, t->line.data, t->line.len, t->width, GO_ON);
	buf_reset(&t->line);
}

static void add_time(struct buf *buf, uint64_t ns)
{
	char text[DURATION_MAX];

	buf_add(buf, text, (size_t)(duration_put(text, ns) - text));
}

static void add_file(struct telling *t, const char *file, int line)
{
	if (!file || !strcmp(file, "?"))
		return;
	file = source_file_short(file, t->exe->root);
	escape_text(&t->line, file, strlen(file));
	if (line > 0) {
		buf_addc(&t->line, ':');
		buf_addi(&t->line, line);
	}
}

static void tell_function(struct telling *t)
{
	const struct sink_config *config = t->lines->config;
	const struct catalog_func *func = catalog_func(config->catalog, t->call->func);

	if (!func)
		return;
	shown_name_put(&t->line, t->exe, func->name, config->trim, config->ntrim);
	if (func->file) {
		buf_adds(&t->line, "  ");
		add_file(t, func->file, func->line);
	}
	end_line(t);
}

/* A frame above the call: `from` the innermost one, `^` what is above it. */
static void tell_frame(void *arg, const struct caller *caller)
{
	struct telling *t = arg;
	const struct sink_config *config = t->lines->config;

	buf_adds(&t->line, t->frame++ ? "^ " : "from ");
	shown_name_put(&t->line, t->exe, caller->inlined ? caller->inlined : caller->func,
		       config->trim, config->ntrim);
	if (caller->inlined) {
		buf_adds(&t->line, " (inlined)");
	} else {
		buf_addc(&t->line, '+');
		buf_addu(&t->line, caller->offset);
	}
	buf_addc(&t->line, ' ');
	add_file(t, caller->file, caller->line);
	end_line(t);
}

/* Those above a root, where they were recorded; else the caller alone, with what is inlined there. */
static void tell_callers(struct telling *t)
{
	struct tree_source *source = t->tree->source;
	const struct caller *caller;

	if (t->call->callers != CALL_NONE)
		stack_walk(t->lines->config, t->tree, t->call, tell_frame, t);
	if (t->frame || !source || !t->call->caller)
		return;
	for (caller = source->caller(source, t->call); caller;
	     caller = caller->more ? caller + 1 : NULL)
		tell_frame(t, caller);
}

static void tell_owner(struct telling *t)
{
	const struct process *process = t->tree->process;
	struct buf *line = &t->line;

	buf_addf(line, "call %llu: ", (unsigned long long)t->call->id);
	if (t->tree->goid)
		buf_addf(line, "goroutine %llu, ", (unsigned long long)t->tree->goid);
	else if (t->tree->curg)
		buf_addf(line, "for goroutine %llu, ", (unsigned long long)t->tree->curg);
	buf_addf(line, "thread %u", t->call->tid);
	if (process) {
		buf_addf(line, " of process %u", process->pid);
		if (process->exe) {
			buf_addc(line, ' ');
			escape_text(line, process->exe, strlen(process->exe));
		}
	}
	end_line(t);
}

/* What is to be said of its end, or of where the rest of it is. */
static const char *words_of(const struct telling *t)
{
	bool red;

	switch (t->kind) {
	case NODE_OPENING:
		return "it was not over when the next block began";
	case NODE_CLOSING:
		return "it began in an earlier block";
	default:
		return call_end_words(t->call, &red);
	}
}

static void tell_times(struct telling *t)
{
	static const char *const names[STATES] = {
		[STATE_RUNNING] = "running",         [STATE_OFFCPU] = "without a processor",
		[STATE_RUNNABLE] = "runnable",       [STATE_WAITING] = "waiting",
		[STATE_SYSCALL] = "in system calls",
	};
	const struct call_times *times = tree_times(t->tree, t->call);
	struct moment moment = {0};
	bool first = true;
	const char *words = words_of(t);

	moment_of_call(&moment, t->call, times);
	if (moment.lasted) {
		buf_adds(&t->line, moment.approximate ? "about " : "");
		add_time(&t->line, moment.duration);
	}
	for (int i = 0; times && i < STATES; i++) {
		if (!times->ns[i])
			continue;
		buf_adds(&t->line, first ? ": " : ", ");
		first = false;
		add_time(&t->line, times->ns[i]);
		buf_addc(&t->line, ' ');
		buf_adds(&t->line, names[i]);
	}
	if (words) {
		buf_adds(&t->line, moment.lasted ? "; " : "");
		buf_adds(&t->line, words);
	}
	if (t->line.len)
		end_line(t);
}

/* Each item with its name in a line, and how many there are that were not read. */
static void tell_values(struct telling *t, const struct values *values, bool results)
{
	const struct value_style *style = lines_style(t->lines, t->call->func, false);
	const struct value *item = values ? values->first : NULL;

	for (uint32_t i = 0; item && i < values->nitems; i++, item = value_next(item)) {
		struct values one = {.first = item, .nitems = 1, .len = 1};

		buf_fill(&t->line, ' ', INDENT);
		if (results) {
			buf_adds(&t->line, "= ");
			value_text_results(&t->line, &one, style, NULL);
		} else {
			value_text_args(&t->line, &one, style, NULL);
		}
		end_line(t);
	}
	if (values && values->len > values->nitems) {
		buf_addf(&t->line, "  ... %u more were not read", values->len - values->nitems);
		end_line(t);
	}
}

static void tell_mark(struct telling *t, const struct mark *mark)
{
	struct mark_words words = lines_words(t->lines, t->tree);

	if (!mark->kind->words)
		return;
	buf_adds(&t->line, mark->kind->alarm ? "-- " : "~ ");
	mark_text(&t->line, &words, mark, tree_mark_detail(t->tree, mark));
	if (mark->kind->lasts) {
		buf_adds(&t->line, " (");
		if (mark->open)
			buf_adds(&t->line, "not over");
		else
			add_time(&t->line, mark->end > mark->start ? mark->end - mark->start : 0);
		buf_addc(&t->line, ')');
	}
	end_line(t);
}

static void tell_waited(struct telling *t, const struct mark *mark)
{
	const struct mark_detail *detail = tree_mark_detail(t->tree, mark);

	if (!detail || !detail->waited)
		return;
	add_time(&t->line, detail->waiting);
	buf_adds(&t->line, " until somebody let it go on, ");
	add_time(&t->line, detail->runnable);
	buf_adds(&t->line, " until it ran");
	end_line(t);
}

static void tell_call(struct telling *t)
{
	t->exe = catalog_exe_of(t->lines->config->catalog, t->call->func);
	tell_function(t);
	tell_callers(t);
	tell_owner(t);
	tell_times(t);
	tell_values(t, tree_args(t->tree, t->call), false);
	tell_values(t, tree_results(t->tree, t->call), true);
	for (size_t i = 0; i < t->tree->nmarks; i++)
		if (t->tree->marks[i].call == (uint32_t)(t->call - t->tree->calls))
			tell_mark(t, &t->tree->marks[i]);
}

void details(struct buf *buf, struct lines *lines, struct rows *rows, struct place place,
	     unsigned int width)
{
	const struct sheet *sheet = shelf_get(rows->shelf, place.block);
	struct telling t = {.buf = buf, .lines = lines, .width = width};
	struct tree tree;
	const struct mark *mark;

	if (!sheet) {
		buf->failed = true;
		return;
	}
	tree = sheet_tree(sheet, place.node);
	t.tree = &tree;
	t.call = sheet_call(sheet, place.node);
	t.kind = sheet->nodes[place.node].kind;
	mark = sheet_mark(sheet, place.node);
	if (t.call) {
		tell_call(&t);
	} else if (mark) {
		tell_mark(&t, mark);
		tell_waited(&t, mark);
	} else {
		buf_adds(&t.line, "What was recorded here cannot be read any more: the checksum of "
				  "the block does not hold. The rest is not touched by that.");
		end_line(&t);
	}
	buf->failed |= t.line.failed;
	buf_release(&t.line);
}
