/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The output for programs: one JSON object a line. Numbers and names are put together by hand,
 * since a traced program can make more than a million calls a second.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/digits.h"
#include "base/escape.h"
#include "base/json.h"
#include "call/sink.h"
#include "sink/call_site.h"
#include "sink/formats.h"
#include "sink/func_names.h"
#include "sink/goroutine_json.h"
#include "sink/mark_json.h"
#include "sink/stack.h"
#include "sink/stats_json.h"
#include "sink/value_json.h"

/* The longest call line without the function's name and the caller: the field names and twelve
 * numbers of 20 digits. */
#define CALL_ROOM 512

struct jsonl {
	struct sink sink;
	const struct sink_config *config;
	struct func_names names;
	struct call_sites sites; /* whole objects */
	struct goroutine_lines goroutines;
};

static struct jsonl *jsonl_of(struct sink *sink)
{
	return (struct jsonl *)sink;
}

/* A string that is not known is left out. */
#define FIELD_IF_KNOWN(buf, name, text)                   \
	do {                                              \
		if (text)                                 \
			json_field_text(buf, name, text); \
	} while (0)

static void render_site(void *arg, struct buf *buf, const struct caller *caller,
			const struct catalog_exe *exe, struct call_site *site)
{
	(void)arg;
	(void)exe;
	(void)site;
	mark_json_place(buf, caller);
}

static void add_stack_frame(void *arg, const struct caller *caller)
{
	json_next(arg);
	mark_json_place(arg, caller);
}

/* Behind the outermost frame: where the goroutine was made, and by which. */
static void add_creator(struct jsonl *jsonl, const struct tree *tree)
{
	struct buf *buf = &jsonl->config->outlet->buf;
	const struct goroutine *goroutine = jsonl->config->goroutines ? stack_creator(tree) : NULL;

	if (!goroutine)
		return;
	json_next(buf);
	mark_json_creator(buf, goroutine);
}

static void add_stack(struct jsonl *jsonl, const struct tree *tree, const struct call *call)
{
	struct buf *buf = &jsonl->config->outlet->buf;

	if (call->callers == CALL_NONE || call->parent != CALL_NONE)
		return;
	json_key(buf, "stack");
	json_array(buf);
	stack_walk(jsonl->config, tree, call, add_stack_frame, buf);
	add_creator(jsonl, tree);
	json_array_end(buf);
}

static void jsonl_free(struct sink *sink)
{
	struct jsonl *jsonl = jsonl_of(sink);

	if (!sink)
		return;
	func_names_release(&jsonl->names);
	goroutine_lines_release(&jsonl->goroutines);
	call_sites_release(&jsonl->sites);
	free(jsonl);
}

static struct sink *jsonl_new(const struct sink_config *config)
{
	struct jsonl *jsonl = calloc(1, sizeof(*jsonl));

	if (!jsonl)
		return NULL;
	jsonl->sink.ops = &sink_jsonl;
	jsonl->config = config;
	goroutine_lines_init(&jsonl->goroutines);
	call_sites_init(&jsonl->sites, config->catalog, render_site, NULL);
	func_names_init_json(&jsonl->names, config->catalog);
	return &jsonl->sink;
}

/* CLOCK_MONOTONIC to Unix time. */
static int64_t unix_time(const struct jsonl *jsonl, uint64_t time)
{
	return sink_unix_time(jsonl->config, time);
}

static int end_line(struct jsonl *jsonl)
{
	json_line_end(&jsonl->config->outlet->buf);
	return jsonl->names.failed || jsonl->goroutines.failed
		       ? -ENOMEM
		       : outlet_drain(jsonl->config->outlet);
}

static int jsonl_begin(struct sink *sink)
{
	struct jsonl *jsonl = jsonl_of(sink);
	struct buf *buf = &jsonl->config->outlet->buf;

	json_object(buf);
	json_field_text(buf, "type", "trace");
	json_field_u64(buf, "version", 1);
	json_field_text(buf, "tool", jsonl->config->tool);
	json_field_text(buf, "kernel", jsonl->config->kernel);
	json_field_i64(buf, "start", unix_time(jsonl, jsonl->config->start));
	return end_line(jsonl);
}

static int jsonl_process(struct sink *sink, const struct process *process)
{
	struct jsonl *jsonl = jsonl_of(sink);
	struct buf *buf = &jsonl->config->outlet->buf;

	json_object(buf);
	json_field_text(buf, "type", "process");
	json_field_u64(buf, "pid", process->pid);
	if (process->nspid)
		json_field_u64(buf, "nspid", process->nspid);
	FIELD_IF_KNOWN(buf, "host", process->host);
	FIELD_IF_KNOWN(buf, "exe", process->exe);
	FIELD_IF_KNOWN(buf, "go", process->go);
	FIELD_IF_KNOWN(buf, "build_id", process->build_id);
	return end_line(jsonl);
}

#define PUT json_put

static char *put_start(const struct jsonl *jsonl, char *to, const struct call *call)
{
	to = PUT(to, "\",\"start\":");
	if (call->flags & CALL_ENTRY_UNSEEN)
		return PUT(to, "null");
	return digits_put_signed(to, unix_time(jsonl, call->start));
}

/* Where the time that is asked for does not have all of it. */
static char *put_cut(char *to, const struct call *call)
{
	if (!(call->flags & CALL_CUT_TO))
		return PUT(to, ",\"cut\":\"from\"");
	return call->flags & CALL_CUT_FROM ? PUT(to, ",\"cut\":\"both\"")
					   : PUT(to, ",\"cut\":\"to\"");
}

static char *put_end(char *to, const struct call *call)
{
	static const struct {
		const char *text;
		unsigned int len;
		bool timed;
	} ends[] = {
#define END(name, timed) {",\"end\":\"" name "\"", sizeof(",\"end\":\"" name "\"") - 1, timed}
		[CALL_OPEN] = END("open", false), [CALL_RETURN] = END("return", true),
		[CALL_TAIL] = END("tail", true),  [CALL_UNWOUND] = END("unwound", true),
		[CALL_EXIT] = END("exit", false), [CALL_LOST] = END("lost", false),
#undef END
	};
	unsigned int how = call->how <= CALL_LOST ? call->how : CALL_OPEN;
	bool timed = ends[how].timed && !(call->flags & CALL_ENTRY_UNSEEN);

	to = PUT(to, ",\"duration\":");
	if (timed)
		to = digits_put(to, call->end > call->start ? call->end - call->start : 0);
	else
		to = PUT(to, "null");
	memcpy(to, ends[how].text, ends[how].len);
	to += ends[how].len;
	if (timed && (call->flags & CALL_APPROXIMATE))
		to = PUT(to, ",\"approximate\":true");
	if (call->flags & CALL_STREAMED)
		to = PUT(to, ",\"streamed\":true");
	if (call->flags & (CALL_CUT_FROM | CALL_CUT_TO))
		to = put_cut(to, call);
	return to;
}

static char *put_identity(char *to, const struct tree *tree, const struct call *call)
{
	to = PUT(to, "{\"type\":\"call\",\"id\":");
	to = digits_put(to, call->id);
	to = PUT(to, ",\"parent\":");
	if (call->parent != CALL_NONE)
		to = digits_put(to, tree->calls[call->parent].id);
	else
		to = PUT(to, "null");
	to = PUT(to, ",\"pid\":");
	to = digits_put(to, tree->process ? tree->process->pid : 0);
	to = PUT(to, ",\"goid\":");
	to = digits_put(to, tree->goid);
	if (!tree->goid && tree->curg) {
		to = PUT(to, ",\"curg\":");
		to = digits_put(to, tree->curg);
	}
	to = PUT(to, ",\"tid\":");
	to = digits_put(to, call->tid);
	to = PUT(to, ",\"depth\":");
	to = digits_put(to, call->level);
	return PUT(to, ",\"func\":\"");
}

/* How many there are is told where only the first of them were read. */
static void add_values(struct jsonl *jsonl, const struct tree *tree, const struct call *call)
{
	struct buf *buf = &jsonl->config->outlet->buf;
	const struct values *values = tree_args(tree, call);

	if (values) {
		json_key(buf, "args");
		value_json(buf, values);
		if (values->len > values->nitems)
			json_field_u64(buf, "args_len", values->len);
	}
	values = tree_results(tree, call);
	if (values) {
		json_key(buf, "results");
		value_json(buf, values);
		if (values->len > values->nitems)
			json_field_u64(buf, "results_len", values->len);
	}
}

static void add_times(struct buf *buf, const struct call_times *times)
{
	json_key(buf, "times");
	json_object(buf);
	json_field_u64(buf, "running", times->ns[STATE_RUNNING]);
	json_field_u64(buf, "offcpu", times->ns[STATE_OFFCPU]);
	json_field_u64(buf, "runnable", times->ns[STATE_RUNNABLE]);
	json_field_u64(buf, "waiting", times->ns[STATE_WAITING]);
	json_field_u64(buf, "syscall", times->ns[STATE_SYSCALL]);
	json_object_end(buf);
}

static int put_call(struct jsonl *jsonl, const struct tree *tree, const struct call *call)
{
	struct buf *buf = &jsonl->config->outlet->buf;
	const struct func_name *name = func_names_get(&jsonl->names, call->func);
	const struct call_site *site = NULL;
	const struct call_times *times;
	char *to = buf_room(buf, CALL_ROOM + name->len);

	if (!to)
		return outlet_flush(jsonl->config->outlet);
	to = put_identity(to, tree, call);
	memcpy(to, name->text, name->len);
	to = put_start(jsonl, to + name->len, call);
	to = put_end(to, call);
	buf->len = (size_t)(to - buf->data);
	times = tree_times(tree, call);
	if (times)
		add_times(buf, times);
	add_values(jsonl, tree, call);
	if (call->caller && !(call->flags & CALL_ENTRY_UNSEEN))
		site = call_sites_find(&jsonl->sites, tree->source, call, name->exe);
	if (site && site->len) {
		json_key(buf, "caller");
		buf_add(buf, site->text, site->len);
	}
	add_stack(jsonl, tree, call);
	return end_line(jsonl);
}

/* What is not known of the mark is left out. */
static int jsonl_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct jsonl *jsonl = jsonl_of(sink);

	if (mark->kind == &mark_go)
		goroutine_lines_learn(&jsonl->goroutines, tree, mark);
	if (!mark->kind->fields->name)
		return 0;
	mark_json(&jsonl->config->outlet->buf, jsonl->config, &jsonl->names, tree, mark);
	return end_line(jsonl);
}

/* Marks of the calls before number `call`; *at goes on. */
static int put_marks(struct sink *sink, const struct tree *tree, size_t *at, size_t call)
{
	int err = 0;

	for (; *at < tree->nmarks && tree->marks[*at].before <= call && !err; ++*at)
		if (!tree->marks[*at].kind->apart)
			err = jsonl_mark(sink, tree, &tree->marks[*at]);
	return err;
}

static int put_goroutine(struct jsonl *jsonl, const struct tree *tree)
{
	struct buf *buf = &jsonl->config->outlet->buf;

	return goroutine_lines_add(&jsonl->goroutines, buf, jsonl->config, tree) ? end_line(jsonl)
										 : 0;
}

static int jsonl_root(struct sink *sink, const struct tree *tree)
{
	int err = put_goroutine(jsonl_of(sink), tree);
	size_t mark = 0;

	for (size_t i = 0; i < tree->nmarks && !err; i++)
		if (tree->marks[i].kind->apart)
			err = jsonl_mark(sink, tree, &tree->marks[i]);
	for (size_t i = 0; i < tree->ncalls && !err; i++) {
		err = put_marks(sink, tree, &mark, i);
		if (!err)
			err = put_call(jsonl_of(sink), tree, &tree->calls[i]);
	}
	return err ? err : put_marks(sink, tree, &mark, tree->ncalls);
}

/* Marks of the call may be written before it is. */
static int jsonl_enter(struct sink *sink, const struct tree *tree, uint32_t i)
{
	(void)i;
	return put_goroutine(jsonl_of(sink), tree);
}

static int jsonl_leave(struct sink *sink, const struct tree *tree, uint32_t i)
{
	return put_call(jsonl_of(sink), tree, &tree->calls[i]);
}

static int jsonl_idle(struct sink *sink)
{
	return outlet_flush(jsonl_of(sink)->config->outlet);
}

static int jsonl_table(struct sink *sink, uint64_t now)
{
	struct jsonl *jsonl = jsonl_of(sink);
	int err = stats_json(&jsonl->config->outlet->buf, jsonl->config, &jsonl->names);

	(void)now;
	return err ? err : outlet_flush(jsonl->config->outlet);
}

/* Lines of each kind that was asked for. */
static void add_marks(struct buf *buf, const struct trace_summary *summary)
{
	static const char *const names[MARK_COUNTS] = {
		[MARK_WAITS] = "waits",
		[MARK_SYSCALLS] = "syscalls",
		[MARK_SIGNALS] = "signals",
		[MARK_EVENTS] = "events",
	};

	for (size_t i = 0; i < MARK_COUNTS; i++) {
		if (!summary->marked[i])
			continue;
		json_key_string(buf, names[i], strlen(names[i]));
		json_u64(buf, summary->marks[i]);
	}
}

static int jsonl_end(struct sink *sink, const struct trace_summary *summary)
{
	struct jsonl *jsonl = jsonl_of(sink);
	struct buf *buf = &jsonl->config->outlet->buf;
	int err = jsonl->config->stats ? stats_json(buf, jsonl->config, &jsonl->names) : 0;

	if (err)
		return err;
	json_object(buf);
	json_field_text(buf, "type", "summary");
	json_field_u64(buf, "calls", summary->calls);
	json_field_u64(buf, "records", summary->records);
	json_field_u64(buf, "lost", summary->lost);
	json_field_u64(buf, "missed", summary->missed);
	if (summary->damaged)
		json_field_u64(buf, "damaged", summary->damaged);
	if (summary->spans_asked) {
		json_key(buf, "spans");
		json_object(buf);
		json_field_u64(buf, "sent", summary->spans_sent);
		json_field_u64(buf, "dropped", summary->spans_dropped);
		json_field_u64(buf, "left_out", summary->spans_left_out);
		json_object_end(buf);
	}
	if (summary->overwritten)
		json_field_u64(buf, "overwritten", summary->overwritten);
	if (summary->sampled)
		json_field_u64(buf, "skipped", summary->skipped);
	json_field_u64(buf, "unwound", summary->unwound);
	json_field_u64(buf, "open", summary->open);
	add_marks(buf, summary);
	json_field_u64(buf, "duration", summary->duration);
	err = end_line(jsonl);
	return err ? err : outlet_flush(jsonl->config->outlet);
}

const struct sink_ops sink_jsonl = {
	.name = "jsonl",
	.new = jsonl_new,
	.begin = jsonl_begin,
	.process = jsonl_process,
	.root = jsonl_root,
	.enter = jsonl_enter,
	.leave = jsonl_leave,
	.mark = jsonl_mark,
	.idle = jsonl_idle,
	.table = jsonl_table,
	.end = jsonl_end,
	.free = jsonl_free,
};
