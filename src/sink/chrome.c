/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chrome's trace events as a JSON array: a goroutine is a thread, a call a complete event ("X"), a mark another one inside of it or an instant.
 *
 * Times are microseconds with three decimals, from the start of the trace. A call without an end is a "B" that stays open.
 * Tracks of scheduler's stacks have numbers of their own: twice the goroutine's plus one.
 *
 * Source: the document "Trace Event Format", and Go's src/cmd/trace, which has a viewer for it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/digits.h"
#include "base/json.h"
#include "base/map.h"
#include "call/sink.h"
#include "sink/export.h"
#include "sink/first_tree.h"
#include "sink/formats.h"
#include "sink/func_names.h"
#include "sink/mark_text.h"

struct chrome {
	struct sink sink;
	const struct sink_config *config;
	struct func_names names;
	struct map tracks; /* {pid, track} that have a name */
	struct buf words;
	struct first_trees trees;
	uint64_t flows;
	bool begun;
};

static struct chrome *chrome_of(struct sink *sink)
{
	return (struct chrome *)sink;
}

static void chrome_free(struct sink *sink)
{
	struct chrome *chrome = chrome_of(sink);

	if (!chrome)
		return;
	func_names_release(&chrome->names);
	map_release(&chrome->tracks);
	first_trees_release(&chrome->trees);
	buf_release(&chrome->words);
	free(chrome);
}

static struct sink *chrome_new(const struct sink_config *config)
{
	struct chrome *chrome = calloc(1, sizeof(*chrome));

	if (!chrome)
		return NULL;
	chrome->sink.ops = &sink_chrome;
	chrome->config = config;
	func_names_init_json(&chrome->names, config->catalog);
	return &chrome->sink;
}

static struct buf *out(struct chrome *chrome)
{
	return &chrome->config->outlet->buf;
}

static int result(struct chrome *chrome)
{
	if (chrome->words.failed || chrome->names.failed || chrome->trees.failed)
		return -ENOMEM;
	return outlet_drain(chrome->config->outlet);
}

/* The array's bracket, or the comma between two events. */
static void begin_event(struct chrome *chrome, const char *phase)
{
	buf_adds(out(chrome), chrome->begun ? ",\n" : "[\n");
	chrome->begun = true;
	json_object(out(chrome));
	json_field_text(out(chrome), "ph", phase);
}

static void add_us(struct buf *buf, uint64_t ns)
{
	char digits[4];

	buf_addu(buf, ns / 1000);
	buf_addc(buf, '.');
	digits_padded(digits, ns % 1000, 3);
	buf_add(buf, digits, 3);
}

static void add_time(struct chrome *chrome, uint64_t time)
{
	uint64_t start = chrome->config->start;

	json_key(out(chrome), "ts");
	add_us(out(chrome), time > start ? time - start : 0);
}

static void add_track(struct chrome *chrome, const struct tree *tree)
{
	json_field_u64(out(chrome), "pid", tree->process ? tree->process->pid : 0);
	json_field_u64(out(chrome), "tid", export_track(tree));
}

static void end_event(struct chrome *chrome)
{
	json_object_end(out(chrome));
}

/* A name for a process or a track. */
static void name_it(struct chrome *chrome, const char *what, uint32_t pid, uint64_t track,
		    const struct buf *name)
{
	struct buf *buf = out(chrome);

	begin_event(chrome, "M");
	json_field_text(buf, "name", what);
	json_field_u64(buf, "pid", pid);
	json_field_u64(buf, "tid", track);
	json_key(buf, "args");
	json_object(buf);
	json_key(buf, "name");
	json_string(buf, name->data, name->len);
	json_object_end(buf);
	end_event(chrome);
}

static int chrome_process(struct sink *sink, const struct process *process)
{
	struct chrome *chrome = chrome_of(sink);

	buf_reset(&chrome->words);
	buf_adds(&chrome->words, process->exe ? process->exe : "?");
	if (process->host)
		buf_addf(&chrome->words, " on %s", process->host);
	name_it(chrome, "process_name", process->pid, 0, &chrome->words);
	return result(chrome);
}

static int name_track(struct chrome *chrome, const struct tree *tree)
{
	uint32_t pid = tree->process ? tree->process->pid : 0;
	struct map_key key = {.a = pid, .b = export_track(tree)};
	uint64_t *known = map_put(&chrome->tracks, key);
	const struct catalog_func *func =
		tree->ncalls ? catalog_func(chrome->config->catalog, tree->calls[0].func) : NULL;

	if (!known)
		return -ENOMEM;
	if (*known)
		return 0;
	*known = 1;
	buf_reset(&chrome->words);
	export_track_name(&chrome->words, tree);
	if (func)
		export_track_runs(&chrome->words, tree, func->name);
	name_it(chrome, "thread_name", pid, key.b, &chrome->words);
	return 0;
}

/* A string argument of what was put into `words`. */
static void add_words(struct chrome *chrome, const char *name)
{
	json_key_string(out(chrome), name, strlen(name));
	json_string(out(chrome), chrome->words.data, chrome->words.len);
}

static void add_values(struct chrome *chrome, const char *name, const struct values *values,
		       bool results)
{
	if (!values)
		return;
	buf_reset(&chrome->words);
	export_values(&chrome->words, values, results);
	add_words(chrome, name);
}

static void add_caller(struct chrome *chrome, const struct tree *tree, const struct call *call)
{
	const struct caller *caller =
		call->caller && tree->source ? tree->source->caller(tree->source, call) : NULL;

	if (!caller)
		return;
	buf_reset(&chrome->words);
	buf_adds(&chrome->words, caller->inlined ? caller->inlined : caller->func);
	if (caller->file)
		buf_addf(&chrome->words, " %s:%d", caller->file, caller->line);
	add_words(chrome, "caller");
}

static void add_args(struct chrome *chrome, const struct tree *tree, const struct call *call)
{
	struct buf *buf = out(chrome);
	const struct call_times *times = tree_times(tree, call);
	bool usual;
	const char *end = export_end(call, &usual);

	json_key(buf, "args");
	json_object(buf);
	json_field_u64(buf, "id", call->id);
	add_values(chrome, "args", tree_args(tree, call), false);
	add_values(chrome, "results", tree_results(tree, call), true);
	add_caller(chrome, tree, call);
	buf_reset(&chrome->words);
	if (export_source(catalog_func(chrome->config->catalog, call->func), &chrome->words))
		add_words(chrome, "source");
	if (!usual)
		json_field_text(buf, "end", end);
	if (times) {
		json_field_u64(buf, "running_ns", times->ns[STATE_RUNNING]);
		json_field_u64(buf, "wait_ns", call_times_wait(times));
		json_field_u64(buf, "syscall_ns", times->ns[STATE_SYSCALL]);
	}
	json_object_end(buf);
}

static int put_call(struct chrome *chrome, const struct tree *tree, uint32_t i)
{
	const struct call *call = &tree->calls[i];
	const struct func_name *name = func_names_get(&chrome->names, call->func);
	struct export_span span = export_span(tree, i);
	struct buf *buf = out(chrome);
	int err = name_track(chrome, tree);

	if (err)
		return err;
	begin_event(chrome, span.open ? "B" : "X");
	json_key(buf, "name");
	json_quoted(buf, name->text, name->len);
	json_field_text(buf, "cat", "call");
	add_track(chrome, tree);
	add_time(chrome, span.start);
	if (!span.open) {
		json_key(buf, "dur");
		add_us(buf, span.end - span.start);
	}
	add_args(chrome, tree, call);
	end_event(chrome);
	return result(chrome);
}

/* An arrow from one goroutine of a process to another one. */
struct flow {
	const char *name;
	uint32_t pid;
	uint64_t from, to; /* tracks */
	uint64_t starts, ends;
};

static void put_flow(struct chrome *chrome, const struct flow *flow)
{
	struct buf *buf = out(chrome);

	for (int end = 0; end < 2; end++) {
		begin_event(chrome, end ? "f" : "s");
		json_field_text(buf, "name", flow->name);
		json_field_text(buf, "cat", flow->name);
		json_field_u64(buf, "id", chrome->flows + 1);
		json_field_u64(buf, "pid", flow->pid);
		json_field_u64(buf, "tid", end ? flow->to : flow->from);
		add_time(chrome, end ? flow->ends : flow->starts);
		if (end)
			json_field_text(buf, "bp", "e");
		end_event(chrome);
	}
	chrome->flows++;
}

static uint32_t pid_of(const struct tree *tree)
{
	return tree->process ? tree->process->pid : 0;
}

/* From whoever woke a goroutine to where it goes on. */
static void put_wakeup(struct chrome *chrome, const struct tree *tree, const struct mark *mark,
		       const struct mark_detail *detail)
{
	put_flow(chrome, &(struct flow){
				 .name = "wakeup",
				 .pid = pid_of(tree),
				 .from = detail->waker.goid << 1,
				 .to = export_track(tree),
				 .starts = mark->end - detail->runnable,
				 .ends = mark->end,
			 });
}

/* From a go statement to the first call of the goroutine that it made. */
static void put_origin(struct chrome *chrome, const struct tree *tree)
{
	const struct goroutine *goroutine = first_tree_link(&chrome->trees, tree);

	if (!goroutine)
		return;
	put_flow(chrome, &(struct flow){
				 .name = "go",
				 .pid = pid_of(tree),
				 .from = goroutine->parent << 1,
				 .to = export_track(tree),
				 .starts = goroutine->start,
				 .ends = export_span(tree, 0).start,
			 });
}

static int put_mark(struct chrome *chrome, const struct tree *tree, const struct mark *mark)
{
	const struct mark_detail *detail = tree_mark_detail(tree, mark);
	struct mark_words words = {.config = chrome->config, .names = &chrome->names};
	bool lasts = mark->kind->lasts && !mark->open;
	struct buf *buf = out(chrome);

	if (!mark->kind->words)
		return 0;
	words.exe = catalog_exe(chrome->config->catalog, 0);
	buf_reset(&chrome->words);
	mark_text(&chrome->words, &words, mark, detail);
	begin_event(chrome, lasts ? "X" : "i");
	json_key(buf, "name");
	if (detail && detail->name)
		json_text(buf, detail->name);
	else
		json_string(buf, chrome->words.data, chrome->words.len);
	json_field_text(buf, "cat", mark->kind->name);
	if (tree) {
		add_track(chrome, tree);
	} else {
		json_field_u64(buf, "pid", mark->pid);
		json_field_u64(buf, "tid", mark->goid << 1);
	}
	add_time(chrome, mark->start);
	if (lasts) {
		json_key(buf, "dur");
		add_us(buf, mark->end - mark->start);
	} else {
		json_field_text(buf, "s", "t");
	}
	json_key(buf, "args");
	json_object(buf);
	add_words(chrome, "text");
	if (mark->open)
		json_field_text(buf, "end", "open");
	json_object_end(buf);
	end_event(chrome);
	if (tree && lasts && detail && detail->waited && detail->waker.goid_known)
		put_wakeup(chrome, tree, mark, detail);
	return result(chrome);
}

static int chrome_root(struct sink *sink, const struct tree *tree)
{
	struct chrome *chrome = chrome_of(sink);
	int err = 0;

	put_origin(chrome, tree);
	for (uint32_t i = 0; i < tree->ncalls && !err; i++)
		err = put_call(chrome, tree, i);
	for (size_t i = 0; i < tree->nmarks && !err; i++)
		err = put_mark(chrome, tree, &tree->marks[i]);
	return err;
}

static int chrome_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	put_origin(chrome_of(sink), tree);
	return put_call(chrome_of(sink), tree, call);
}

static int chrome_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	return put_mark(chrome_of(sink), tree, mark);
}

static int chrome_end(struct sink *sink, const struct trace_summary *summary)
{
	struct chrome *chrome = chrome_of(sink);

	(void)summary;
	buf_adds(out(chrome), chrome->begun ? "\n]\n" : "[]\n");
	return outlet_flush(chrome->config->outlet);
}

const struct sink_ops sink_chrome = {
	.name = "chrome",
	.new = chrome_new,
	.process = chrome_process,
	.root = chrome_root,
	.leave = chrome_leave,
	.mark = chrome_mark,
	.end = chrome_end,
	.free = chrome_free,
};
