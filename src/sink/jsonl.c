/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The output for programs: one JSON object a line. Numbers and names are put together by hand,
 * since a traced program can make more than a million calls a second.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/digits.h"
#include "base/escape.h"
#include "call/sink.h"
#include "sink/call_site.h"
#include "sink/formats.h"
#include "sink/func_names.h"
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
	struct call_sites sites; /* whole fields: `,"caller":{...}` */
};

static struct jsonl *jsonl_of(struct sink *sink)
{
	return (struct jsonl *)sink;
}

static void add_string(struct buf *buf, const char *text)
{
	buf_addc(buf, '"');
	escape_json(buf, text, strlen(text));
	buf_addc(buf, '"');
}

/* `before` is the field's name with all punctuation. A string that is not known is left out. */
static void add_field(struct buf *buf, const char *before, const char *text)
{
	if (!text)
		return;
	buf_adds(buf, before);
	add_string(buf, text);
}

static void add_number(struct buf *buf, const char *before, uint64_t number)
{
	buf_adds(buf, before);
	buf_addu(buf, number);
}

/* `before` opens the object. */
static void add_caller(struct buf *buf, const char *before, const struct caller *caller)
{
	add_field(buf, before, caller->func);
	add_number(buf, ",\"offset\":", caller->offset);
	add_field(buf, ",\"file\":", caller->file);
	if (caller->file && caller->line > 0)
		add_number(buf, ",\"line\":", (uint64_t)caller->line);
	add_field(buf, ",\"inlined\":", caller->inlined);
	buf_addc(buf, '}');
}

static void render_site(void *arg, struct buf *buf, const struct caller *caller,
			const struct catalog_exe *exe, struct call_site *site)
{
	(void)arg;
	(void)exe;
	(void)site;
	add_caller(buf, ",\"caller\":{\"func\":", caller);
}

static void add_stack_frame(void *arg, const struct caller *caller)
{
	struct buf *buf = arg;

	add_caller(buf, buf->data[buf->len - 1] == '[' ? "{\"func\":" : ",{\"func\":", caller);
}

static void add_stack(struct jsonl *jsonl, const struct tree *tree, const struct call *call)
{
	struct buf *buf = &jsonl->config->outlet->buf;

	if (call->callers == CALL_NONE || call->parent != CALL_NONE || buf->failed)
		return;
	buf_adds(buf, ",\"stack\":[");
	stack_walk(jsonl->config, tree, call, add_stack_frame, buf);
	buf_addc(buf, ']');
}

static void jsonl_free(struct sink *sink)
{
	struct jsonl *jsonl = jsonl_of(sink);

	if (!sink)
		return;
	func_names_release(&jsonl->names);
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
	call_sites_init(&jsonl->sites, config->catalog, render_site, NULL);
	func_names_init(&jsonl->names, config->catalog, escape_json, NULL, 0);
	return &jsonl->sink;
}

/* CLOCK_MONOTONIC to Unix time. */
static int64_t unix_time(const struct jsonl *jsonl, uint64_t time)
{
	return (int64_t)(time + (uint64_t)jsonl->config->realtime);
}

static int end_line(struct jsonl *jsonl)
{
	buf_add(&jsonl->config->outlet->buf, "}\n", 2);
	return jsonl->names.failed ? -ENOMEM : outlet_drain(jsonl->config->outlet);
}

static int jsonl_begin(struct sink *sink)
{
	struct jsonl *jsonl = jsonl_of(sink);
	struct buf *buf = &jsonl->config->outlet->buf;

	buf_adds(buf, "{\"type\":\"trace\",\"version\":1");
	add_field(buf, ",\"tool\":", jsonl->config->tool);
	add_field(buf, ",\"kernel\":", jsonl->config->kernel);
	buf_adds(buf, ",\"start\":");
	buf_addi(buf, unix_time(jsonl, jsonl->config->start));
	return end_line(jsonl);
}

static int jsonl_process(struct sink *sink, const struct process *process)
{
	struct jsonl *jsonl = jsonl_of(sink);
	struct buf *buf = &jsonl->config->outlet->buf;

	add_number(buf, "{\"type\":\"process\",\"pid\":", process->pid);
	if (process->nspid)
		add_number(buf, ",\"nspid\":", process->nspid);
	add_field(buf, ",\"exe\":", process->exe);
	add_field(buf, ",\"go\":", process->go);
	add_field(buf, ",\"build_id\":", process->build_id);
	return end_line(jsonl);
}

#define PUT(to, literal) (memcpy((to), (literal), sizeof(literal) - 1), (to) + sizeof(literal) - 1)

static char *put_start(const struct jsonl *jsonl, char *to, const struct call *call)
{
	to = PUT(to, "\",\"start\":");
	if (call->flags & CALL_ENTRY_UNSEEN)
		return PUT(to, "null");
	return digits_put_signed(to, unix_time(jsonl, call->start));
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

static void add_values(struct jsonl *jsonl, const struct tree *tree, const struct call *call)
{
	struct buf *buf = &jsonl->config->outlet->buf;
	const struct values *values = tree_args(tree, call);

	if (values) {
		buf_adds(buf, ",\"args\":");
		value_json(buf, values);
	}
	values = tree_results(tree, call);
	if (values) {
		buf_adds(buf, ",\"results\":");
		value_json(buf, values);
	}
}

static int put_call(struct jsonl *jsonl, const struct tree *tree, const struct call *call)
{
	struct buf *buf = &jsonl->config->outlet->buf;
	const struct func_name *name = func_names_get(&jsonl->names, call->func);
	const struct call_site *site = NULL;
	char *to = buf_room(buf, CALL_ROOM + name->len);

	if (!to)
		return outlet_flush(jsonl->config->outlet);
	to = put_identity(to, tree, call);
	memcpy(to, name->text, name->len);
	to = put_start(jsonl, to + name->len, call);
	to = put_end(to, call);
	buf->len = (size_t)(to - buf->data);
	add_values(jsonl, tree, call);
	if (call->caller && !(call->flags & CALL_ENTRY_UNSEEN))
		site = call_sites_find(&jsonl->sites, tree->source, call, name->exe);
	if (site)
		buf_add(buf, site->text, site->len);
	add_stack(jsonl, tree, call);
	return end_line(jsonl);
}

/* One field; what is not known of the mark is left out. */
static void add_part(struct jsonl *jsonl, const struct mark *mark, const struct mark_field *field)
{
	struct buf *buf = &jsonl->config->outlet->buf;
	const struct func_name *name;

	if ((field->part == MARK_PID && !mark->pid) ||
	    (field->part == MARK_GOID && !mark->goid_known))
		return;
	buf_adds(buf, ",\"");
	buf_adds(buf, field->name);
	buf_adds(buf, "\":");
	switch (field->part) {
	case MARK_PID:
		buf_addu(buf, mark->pid);
		break;
	case MARK_GOID:
		buf_addu(buf, mark->goid);
		break;
	case MARK_START:
		buf_addi(buf, unix_time(jsonl, mark->start));
		break;
	case MARK_FUNC:
		name = func_names_get(&jsonl->names, mark->what);
		buf_addc(buf, '"');
		buf_add(buf, name->text, name->len);
		buf_addc(buf, '"');
		break;
	case MARK_RESULT:
		buf_addu(buf, mark->result);
	}
}

static int jsonl_mark(struct sink *sink, const struct mark *mark)
{
	struct jsonl *jsonl = jsonl_of(sink);
	struct buf *buf = &jsonl->config->outlet->buf;

	buf_adds(buf, "{\"type\":\"");
	buf_adds(buf, mark->kind->name);
	buf_addc(buf, '"');
	for (const struct mark_field *field = mark->kind->fields; field->name; field++)
		add_part(jsonl, mark, field);
	return end_line(jsonl);
}

static int jsonl_root(struct sink *sink, const struct tree *tree)
{
	int err = 0;

	for (size_t i = 0; i < tree->nmarks && !err; i++)
		err = jsonl_mark(sink, &tree->marks[i]);
	for (size_t i = 0; i < tree->ncalls && !err; i++)
		err = put_call(jsonl_of(sink), tree, &tree->calls[i]);
	return err;
}

static int jsonl_leave(struct sink *sink, const struct tree *tree, uint32_t i)
{
	return put_call(jsonl_of(sink), tree, &tree->calls[i]);
}

static int jsonl_idle(struct sink *sink)
{
	return outlet_flush(jsonl_of(sink)->config->outlet);
}

static int jsonl_end(struct sink *sink, const struct trace_summary *summary)
{
	struct jsonl *jsonl = jsonl_of(sink);
	struct buf *buf = &jsonl->config->outlet->buf;
	int err = jsonl->config->stats ? stats_json(buf, jsonl->config, &jsonl->names) : 0;

	if (err)
		return err;
	add_number(buf, "{\"type\":\"summary\",\"calls\":", summary->calls);
	add_number(buf, ",\"records\":", summary->records);
	add_number(buf, ",\"lost\":", summary->lost);
	add_number(buf, ",\"missed\":", summary->missed);
	if (summary->damaged)
		add_number(buf, ",\"damaged\":", summary->damaged);
	if (summary->sampled)
		add_number(buf, ",\"skipped\":", summary->skipped);
	add_number(buf, ",\"unwound\":", summary->unwound);
	add_number(buf, ",\"open\":", summary->open);
	add_number(buf, ",\"duration\":", summary->duration);
	err = end_line(jsonl);
	return err ? err : outlet_flush(jsonl->config->outlet);
}

const struct sink_ops sink_jsonl = {
	.name = "jsonl",
	.new = jsonl_new,
	.begin = jsonl_begin,
	.process = jsonl_process,
	.root = jsonl_root,
	.leave = jsonl_leave,
	.mark = jsonl_mark,
	.idle = jsonl_idle,
	.end = jsonl_end,
	.free = jsonl_free,
};
