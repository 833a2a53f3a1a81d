/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/mark_json.h"

#include "base/json.h"

/* A mark on its way into a line. */
struct line {
	struct buf *buf;
	const struct sink_config *config;
	struct func_names *names;
	const struct tree *tree;
	const struct mark *mark;
	const struct mark_detail *detail;
};

static void add_place_fields(struct buf *buf, const struct caller *caller)
{
	json_field_text(buf, "func", caller->func);
	json_field_u64(buf, "offset", caller->offset);
	if (caller->file)
		json_field_text(buf, "file", caller->file);
	if (caller->file && caller->line > 0)
		json_field_u64(buf, "line", (uint64_t)caller->line);
	if (caller->inlined)
		json_field_text(buf, "inlined", caller->inlined);
}

void mark_json_place(struct buf *buf, const struct caller *caller)
{
	json_object(buf);
	add_place_fields(buf, caller);
	json_object_end(buf);
}

void mark_json_creator(struct buf *buf, const struct goroutine *goroutine)
{
	json_object(buf);
	json_field_bool(buf, "created", true);
	if (goroutine->has_parent)
		json_field_u64(buf, "goid", goroutine->parent);
	add_place_fields(buf, goroutine->created);
	json_object_end(buf);
}

static void add_value(struct buf *buf, const struct mark_arg *arg)
{
	switch ((enum mark_value)arg->kind) {
	case MARK_VALUE_NUMBER:
		json_i64(buf, arg->number);
		break;
	case MARK_VALUE_UNSIGNED:
		json_u64(buf, arg->u);
		break;
	case MARK_VALUE_HEX:
		json_hex_u64(buf, arg->u);
		break;
	case MARK_VALUE_WORD:
	case MARK_VALUE_TEXT:
		json_string(buf, arg->text, arg->len);
		break;
	case MARK_VALUE_LIST:
		json_array(buf);
		for (uint32_t i = 1; i <= arg->nvalues; i++) {
			json_next(buf);
			add_value(buf, &arg[i]);
		}
		json_array_end(buf);
		break;
	case MARK_VALUE_NONE:
		json_null(buf);
	}
}

static void add_arg(struct buf *buf, const struct mark_arg *arg)
{
	json_object(buf);
	json_field_text(buf, "name", arg->name);
	json_key(buf, "value");
	add_value(buf, arg);
	if (arg->file)
		json_field_text(buf, "file", arg->file);
	if (arg->truncated)
		json_field_bool(buf, "truncated", true);
	if (arg->kind == MARK_VALUE_NONE && arg->u) {
		json_key(buf, "unreadable");
		json_hex_u64(buf, arg->u);
	}
	json_object_end(buf);
}

static void add_args(struct buf *buf, const struct mark_detail *detail)
{
	json_array(buf);
	for (size_t i = 0; i < detail->nargs; i++) {
		json_next(buf);
		add_arg(buf, &detail->args[i]);
		if (detail->args[i].kind == MARK_VALUE_LIST)
			i += detail->args[i].nvalues;
	}
	json_array_end(buf);
}

static void add_waker(struct buf *buf, const struct mark_waker *waker)
{
	json_object(buf);
	if (waker->goid_known)
		json_field_u64(buf, "goid", waker->goid);
	if (waker->place)
		add_place_fields(buf, waker->place);
	json_object_end(buf);
}

/* Whether the mark itself has it. */
static bool is_there(const struct line *line, enum mark_part part)
{
	const struct mark *mark = line->mark;

	switch (part) {
	case MARK_CALL:
		return line->tree && mark->call != CALL_NONE;
	case MARK_PID:
		return mark->pid;
	case MARK_GOID:
		return mark->goid_known;
	case MARK_TID:
		return mark->tid;
	case MARK_DURATION:
		return !mark->open;
	case MARK_OPEN:
		return mark->open;
	default:
		return true;
	}
}

/* Whether the detail has it. */
static bool is_detailed(const struct mark_detail *detail, enum mark_part part)
{
	switch (part) {
	case MARK_NAME:
		return detail && detail->name;
	case MARK_ARGS:
		return detail && detail->has_args;
	case MARK_RETURN:
		return detail && detail->has_result;
	case MARK_ERROR:
		return detail && detail->error;
	case MARK_CODE:
		return detail && detail->code;
	case MARK_SENDER:
		return detail && detail->has_sender;
	case MARK_WAITING:
	case MARK_RUNNABLE:
		return detail && detail->waited;
	case MARK_WAKER:
		return detail && detail->waker.known;
	default:
		return true;
	}
}

static void add_own(const struct line *line, enum mark_part part)
{
	const struct mark *mark = line->mark;
	const struct func_name *name;
	struct buf *buf = line->buf;

	switch (part) {
	case MARK_CALL:
		json_u64(buf, line->tree->calls[mark->call].id);
		break;
	case MARK_PID:
		json_u64(buf, mark->pid);
		break;
	case MARK_GOID:
		json_u64(buf, mark->goid);
		break;
	case MARK_TID:
		json_u64(buf, mark->tid);
		break;
	case MARK_START:
		json_i64(buf, sink_unix_time(line->config, mark->start));
		break;
	case MARK_DURATION:
		json_u64(buf, mark->end > mark->start ? mark->end - mark->start : 0);
		break;
	case MARK_FUNC:
		name = func_names_get(line->names, mark->what);
		json_quoted(buf, name->text, name->len);
		break;
	case MARK_RESULT:
		json_u64(buf, mark->result);
		break;
	default:
		json_text(buf, "open");
	}
}

static void add_detail(const struct line *line, enum mark_part part)
{
	const struct mark_detail *detail = line->detail;
	struct buf *buf = line->buf;

	switch (part) {
	case MARK_NAME:
		json_text(buf, detail->name);
		break;
	case MARK_ARGS:
		add_args(buf, detail);
		break;
	case MARK_RETURN:
		json_i64(buf, detail->result);
		break;
	case MARK_ERROR:
		json_text(buf, detail->error);
		break;
	case MARK_CODE:
		json_text(buf, detail->code);
		break;
	case MARK_SENDER:
		json_u64(buf, detail->sender);
		break;
	case MARK_WAITING:
		json_u64(buf, detail->waiting);
		break;
	case MARK_RUNNABLE:
		json_u64(buf, detail->runnable);
		break;
	default:
		add_waker(buf, &detail->waker);
	}
}

static bool is_of_detail(enum mark_part part)
{
	return part >= MARK_NAME && part <= MARK_WAKER;
}

void mark_json(struct buf *buf, const struct sink_config *config, struct func_names *names,
	       const struct tree *tree, const struct mark *mark)
{
	struct line line = {buf, config, names, tree, mark, tree_mark_detail(tree, mark)};

	json_object(buf);
	json_field_text(buf, "type", mark->kind->name);
	for (const struct mark_field *field = mark->kind->fields; field->name; field++) {
		if (!is_there(&line, field->part) || !is_detailed(line.detail, field->part))
			continue;
		json_key_string(buf, field->name, strlen(field->name));
		if (is_of_detail(field->part))
			add_detail(&line, field->part);
		else
			add_own(&line, field->part);
	}
	if (mark->streamed)
		json_field_bool(buf, "streamed", true);
}
