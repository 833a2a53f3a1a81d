/* SPDX-License-Identifier: GPL-2.0-only */
#include "words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void add_values(struct buf *text, const char *name, const struct values *values)
{
	uint32_t count = 0;

	if (!values)
		return;
	for (uint32_t i = 0; i < values->nitems; i++)
		count += values->first[count].span;
	buf_addf(text, " %s %u/%u", name, values->nitems, values->len);
	for (uint32_t i = 0; i < count; i++) {
		const struct value *v = &values->first[i];

		buf_addf(text, " [%d %s %s u%llu c%u s%u", v->kind, v->name ? v->name : "?",
			 v->type ? v->type : "-",
			 v->kind == VALUE_DYNAMIC ? (unsigned long long)v->word
						  : (unsigned long long)v->u,
			 v->nchildren, v->span);
		if (v->kind == VALUE_TEXT || v->kind == VALUE_DYNAMIC)
			buf_addf(text, " '%.*s'%s", (int)v->nbytes, v->text,
				 v->truncated ? "..." : "");
		buf_addf(text, "]");
	}
}

static void add_place(struct buf *text, const struct caller *caller)
{
	for (; caller; caller = caller->more ? caller + 1 : NULL)
		buf_addf(text, " @%s+%llu,%s:%d,%s", caller->func,
			 (unsigned long long)caller->offset, caller->file ? caller->file : "-",
			 caller->line, caller->inlined ? caller->inlined : "-");
}

static void add_call(struct words *words, const struct tree *tree, const struct call *call)
{
	const struct catalog_func *func = catalog_func(words->catalog, call->func);
	const struct call_times *times = tree_times(tree, call);
	struct buf *text = &words->text;

	assert_non_null(func);
	buf_addf(text, "  %llu %s g%llu p%lld l%u t%u %llu-%llu how%d f%x",
		 (unsigned long long)call->id, func->name, (unsigned long long)tree->goid,
		 call->parent == CALL_NONE ? -1ll : (long long)tree->calls[call->parent].id,
		 call->level, call->tid, (unsigned long long)call->start,
		 (unsigned long long)call->end, call->how, call->flags);
	if (times)
		buf_addf(text, " run%llu wait%llu", (unsigned long long)times->ns[STATE_RUNNING],
			 (unsigned long long)call_times_wait(times));
	add_place(text, tree->source->caller(tree->source, call));
	add_values(text, "args", tree_args(tree, call));
	add_values(text, "results", tree_results(tree, call));
	buf_addc(text, '\n');
	words->calls++;
}

static void add_mark(struct words *words, const struct tree *tree, const struct mark *mark)
{
	const struct mark_detail *detail = tree_mark_detail(tree, mark);
	struct buf *text = &words->text;

	buf_addf(text, "  ~%s %llu-%llu before%u call%d", mark->kind->name,
		 (unsigned long long)mark->start, (unsigned long long)mark->end, mark->before,
		 (int)mark->call);
	for (size_t i = 0; detail && i < detail->nargs; i++)
		buf_addf(text, " %s=%lld%s", detail->args[i].name ? detail->args[i].name : "?",
			 detail->args[i].text ? 0ll : (long long)detail->args[i].number,
			 detail->args[i].file ? detail->args[i].file : "");
	if (detail && detail->waker.known) {
		buf_addf(text, " G%llu", (unsigned long long)detail->waker.goid);
		add_place(text, detail->waker.place);
	}
	if (detail)
		buf_addf(text, " %s %s %lld %s", detail->name ? detail->name : "-",
			 detail->code ? detail->code : "-", (long long)detail->result,
			 detail->error ? detail->error : "-");
	buf_addc(text, '\n');
}

static int on_process(struct sink *sink, const struct process *process)
{
	buf_addf(&((struct words *)sink)->text, "process %u %s %s\n", process->pid, process->exe,
		 process->go);
	return 0;
}

static int on_root(struct sink *sink, const struct tree *tree)
{
	struct words *words = (struct words *)sink;
	size_t mark = 0;

	buf_adds(&words->text, "root\n");
	for (size_t i = 0; i <= tree->ncalls; i++) {
		for (; mark < tree->nmarks && tree->marks[mark].before <= i; mark++)
			add_mark(words, tree, &tree->marks[mark]);
		if (i < tree->ncalls)
			add_call(words, tree, &tree->calls[i]);
	}
	assert_int_equal(mark, tree->nmarks);
	return 0;
}

static int on_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	buf_adds(&((struct words *)sink)->text, "enter\n");
	add_call((struct words *)sink, tree, &tree->calls[call]);
	return 0;
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	buf_adds(&((struct words *)sink)->text, "leave\n");
	add_call((struct words *)sink, tree, &tree->calls[call]);
	return 0;
}

static int on_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct mark lone = *mark;

	/* Among no calls it has no place. */
	lone.before = 0;
	buf_adds(&((struct words *)sink)->text, tree ? "mark inside\n" : "mark\n");
	add_mark((struct words *)sink, tree, &lone);
	return 0;
}

const struct sink_ops words_ops = {
	.process = on_process,
	.root = on_root,
	.enter = on_enter,
	.leave = on_leave,
	.mark = on_mark,
};
