/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/otlp/span_values.h"

#include <string.h>

#include "base/percent.h"
#include "sink/export.h"
#include "sink/mark_text.h"
#include "sink/value_text.h"

static void put_string(struct spans *spans, const char *key, const char *text)
{
	span_text(&spans->writer, key, text, strlen(text));
}

static void put_words(struct spans *spans, const char *key)
{
	span_text(&spans->writer, key, spans->words.data, spans->words.len);
}

/*
 * The next one of `key=value,key=value` goes to spans->key and spans->words; what has no key is passed over. NULL at the end. Source:
 * OpenTelemetry, "Resource SDK"; W3C Baggage.
 */
static const char *next_given(struct spans *spans, const char *given)
{
	while (*given) {
		size_t len = strcspn(given, ","), key = strcspn(given, "=,");
		size_t from = strspn(given, " ");
		const char *at = given;

		given += len;
		given += *given == ',';
		if (key >= len || key <= from)
			continue;
		buf_reset(&spans->key);
		buf_reset(&spans->words);
		percent_decode(&spans->key, at + from, key - from);
		percent_decode(&spans->words, at + key + 1, len - key - 1);
		return given;
	}
	return NULL;
}

static bool is_given(struct spans *spans, const char *key)
{
	const char *given = spans->attributes;

	while (given && (given = next_given(spans, given)))
		if (!strcmp(buf_str(&spans->key), key))
			return true;
	return false;
}

/* What is known; what is given takes its place. */
static void put_known(struct spans *spans, const char *key, const char *text)
{
	if (text && !is_given(spans, key))
		put_string(spans, key, text);
}

/* OTEL_SERVICE_NAME goes before a service.name that is given. */
static void put_service(struct spans *spans, const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	const char *name = slash && slash[1] ? slash + 1 : path;

	if (spans->service)
		put_string(spans, "service.name", spans->service);
	else
		put_known(spans, "service.name", name ? name : "unknown_service");
}

void span_resource(struct spans *spans, const struct process *process)
{
	const char *path = process ? process->exe : NULL, *given = spans->attributes;
	const char *host = process && process->host ? process->host : spans->config->host;
	char container[SINK_CONTAINER_MAX];

	put_service(spans, path);
	if (process && !is_given(spans, "process.pid"))
		span_number(&spans->writer, "process.pid", process->pid);
	put_known(spans, "process.executable.path", path);
	put_known(spans, "process.runtime.name", "go");
	put_known(spans, "process.runtime.version", process ? process->go : NULL);
	put_known(spans, "host.name", host);
	if (process && spans->config->container &&
	    spans->config->container(process->pid, container))
		put_known(spans, "container.id", container);
	put_known(spans, "telemetry.sdk.name", "ftrace");
	while (given && (given = next_given(spans, given)))
		if (!spans->service || strcmp(buf_str(&spans->key), "service.name") != 0)
			put_words(spans, buf_str(&spans->key));
}

/* What follows `prefix` in the key of an argument or a result: its name, or its number. */
static const char *key_of(struct spans *spans, const char *prefix, const struct value *value,
			  uint32_t number)
{
	buf_reset(&spans->key);
	buf_adds(&spans->key, prefix);
	if (value->name && *value->name)
		buf_adds(&spans->key, value->name);
	else
		buf_addu(&spans->key, number);
	return buf_str(&spans->key);
}

static void put_value(struct spans *spans, const char *key, const struct value *value)
{
	static const struct value_style brief = {.brief = true};
	struct span_writer *writer = &spans->writer;

	switch (value->kind) {
	case VALUE_SIGNED:
		if (!value->symbol) {
			span_number(writer, key, value->s);
			return;
		}
		break;
	case VALUE_UNSIGNED:
		if (!value->symbol && value->u <= INT64_MAX) {
			span_number(writer, key, (int64_t)value->u);
			return;
		}
		break;
	case VALUE_BOOL:
		span_truth(writer, key, value->u);
		return;
	case VALUE_FLOAT:
		span_real(writer, key, value->f);
		return;
	case VALUE_TEXT:
		span_text(writer, key, value->text, value->nbytes);
		return;
	default:
		break;
	}
	buf_reset(&spans->words);
	value_text_one(&spans->words, value, &brief, SPANS_TEXT);
	put_words(spans, key);
}

static void put_values(struct spans *spans, const char *prefix, const struct values *values)
{
	const struct value *value = values ? values->first : NULL;

	for (uint32_t i = 0; values && i < values->nitems; i++) {
		put_value(spans, key_of(spans, prefix, value, i), value);
		value = value_next(value);
	}
}

static void put_caller(struct spans *spans, const struct tree *tree, const struct call *call)
{
	const struct caller *caller =
		call->caller && tree->source ? tree->source->caller(tree->source, call) : NULL;

	if (!caller)
		return;
	buf_reset(&spans->words);
	buf_adds(&spans->words, caller->inlined ? caller->inlined : caller->func);
	if (caller->file)
		buf_addf(&spans->words, " %s:%d", caller->file, caller->line);
	put_words(spans, "ftrace.caller");
}

static void put_times(struct span_writer *writer, const struct call_times *times)
{
	span_number(writer, "ftrace.running", (int64_t)times->ns[STATE_RUNNING]);
	span_number(writer, "ftrace.offcpu", (int64_t)times->ns[STATE_OFFCPU]);
	span_number(writer, "ftrace.runnable", (int64_t)times->ns[STATE_RUNNABLE]);
	span_number(writer, "ftrace.waiting", (int64_t)times->ns[STATE_WAITING]);
	span_number(writer, "ftrace.syscall", (int64_t)times->ns[STATE_SYSCALL]);
}

void span_attributes(struct spans *spans, const struct tree *tree, const struct call *call)
{
	const struct catalog_func *func = catalog_func(spans->config->catalog, call->func);
	const struct call_times *times = tree_times(tree, call);
	uint64_t goid = tree->goid ? tree->goid : tree->curg;
	struct span_writer *writer = &spans->writer;
	bool usual;

	if (func) {
		put_string(spans, "code.function.name", func->name);
		if (func->file && strcmp(func->file, "?") != 0) {
			put_string(spans, "code.file.path", func->file);
			span_number(writer, "code.line.number", func->line);
		}
	}
	put_caller(spans, tree, call);
	put_string(spans, "ftrace.end", export_end(call, &usual));
	span_number(writer, "thread.id", call->tid);
	if (goid)
		span_number(writer, "go.goroutine.id", (int64_t)goid);
	put_values(spans, "ftrace.arg.", tree_args(tree, call));
	put_values(spans, "ftrace.result.", tree_results(tree, call));
	if (times)
		put_times(writer, times);
}

/* `ftrace.NAME` of a mark's field. */
static const char *key_of_field(struct spans *spans, const char *name)
{
	buf_reset(&spans->key);
	buf_adds(&spans->key, "ftrace.");
	buf_adds(&spans->key, name);
	return buf_str(&spans->key);
}

static void put_field_text(struct spans *spans, struct span_writer *writer, const char *name,
			   const char *text)
{
	if (text)
		span_text(writer, key_of_field(spans, name), text, strlen(text));
}

static void put_field_number(struct spans *spans, struct span_writer *writer, const char *name,
			     uint64_t number)
{
	span_number(writer, key_of_field(spans, name), (int64_t)number);
}

static void put_waker(struct spans *spans, struct span_writer *writer,
		      const struct mark_waker *waker)
{
	if (waker->known && waker->goid_known)
		put_field_number(spans, writer, "waker.goid", waker->goid);
	if (waker->known && waker->place)
		put_field_text(spans, writer, "waker.func",
			       waker->place->inlined ? waker->place->inlined : waker->place->func);
}

/* What of a field there is. The span says itself of which call, process, goroutine and thread it is. */
static void put_field(struct spans *spans, struct span_writer *writer, const struct mark *mark,
		      const struct mark_detail *detail, const struct mark_field *field)
{
	switch (field->part) {
	case MARK_DURATION:
		if (!mark->open)
			put_field_number(spans, writer, field->name, mark->end - mark->start);
		return;
	case MARK_RESULT:
		put_field_number(spans, writer, field->name, mark->result);
		return;
	case MARK_OPEN:
		if (mark->open)
			put_field_text(spans, writer, field->name, "open");
		return;
	default:
		break;
	}
	if (!detail)
		return;
	switch (field->part) {
	case MARK_NAME:
		put_field_text(spans, writer, field->name, detail->name);
		break;
	case MARK_RETURN:
		if (detail->has_result)
			put_field_number(spans, writer, field->name, (uint64_t)detail->result);
		break;
	case MARK_ERROR:
		put_field_text(spans, writer, field->name, detail->error);
		break;
	case MARK_CODE:
		put_field_text(spans, writer, field->name, detail->code);
		break;
	case MARK_SENDER:
		if (detail->has_sender)
			put_field_number(spans, writer, field->name, detail->sender);
		break;
	case MARK_WAITING:
		if (detail->waited)
			put_field_number(spans, writer, field->name, detail->waiting);
		break;
	case MARK_RUNNABLE:
		if (detail->waited)
			put_field_number(spans, writer, field->name, detail->runnable);
		break;
	case MARK_WAKER:
		put_waker(spans, writer, &detail->waker);
		break;
	default:
		break;
	}
}

void span_mark(struct spans *spans, struct span_writer *writer, const struct tree *tree,
	       const struct mark *mark)
{
	const struct mark_detail *detail = tree_mark_detail(tree, mark);
	struct mark_words words = {
		.config = spans->config,
		.names = &spans->names,
		.exe = catalog_exe(spans->config->catalog, 0),
	};

	if (!mark->kind->words)
		return;
	span_event(writer, (uint64_t)sink_unix_time(spans->config, mark->start), mark->kind->name);
	for (const struct mark_field *field = mark->kind->fields; field->name; field++)
		put_field(spans, writer, mark, detail, field);
	buf_reset(&spans->words);
	mark_text(&spans->words, &words, mark, detail);
	span_text(writer, "ftrace.text", spans->words.data, spans->words.len);
	span_event_end(writer);
}

/* The last result, if it is an error that is not nil; else NULL. */
static const struct value *error_of(const struct values *results)
{
	const struct value *value = results && results->nitems ? results->first : NULL;

	if (!value || results->len > results->nitems)
		return NULL;
	for (uint32_t i = 1; i < results->nitems; i++)
		value = value_next(value);
	if (value->kind == VALUE_NULL || value->kind == VALUE_ERROR || value->kind == VALUE_DEEPER)
		return NULL;
	return value->type && !strcmp(value->type, "error") ? value : NULL;
}

/* Into spans->words. */
static void say_error(struct spans *spans, const struct value *value)
{
	static const struct value_style brief = {.brief = true};
	const struct value *says = value_says_text(value);

	buf_reset(&spans->words);
	if (says && (says->kind == VALUE_TEXT || says->kind == VALUE_SAID))
		buf_add(&spans->words, says->text, says->nbytes);
	else
		value_text_one(&spans->words, value, &brief, SPANS_TEXT);
}

bool span_failure(struct spans *spans, const struct tree *tree, const struct call *call)
{
	const struct value *error = error_of(tree_results(tree, call));
	bool panic = call->how == CALL_UNWOUND && call->flags & CALL_PANIC;
	struct span_writer *writer = &spans->writer;

	if (!error && !panic && !(call->flags & CALL_ERROR))
		return false;
	buf_reset(&spans->words);
	if (error)
		say_error(spans, error);
	else
		buf_adds(&spans->words, panic ? "panic" : "error");
	span_event(writer,
		   (uint64_t)sink_unix_time(spans->config, call->start) + (call->end - call->start),
		   "exception");
	if (error && error->kind == VALUE_DYNAMIC && error->dynamic)
		span_text(writer, "exception.type", error->dynamic, strlen(error->dynamic));
	else if (panic)
		span_text(writer, "exception.type", "panic", strlen("panic"));
	put_words(spans, "exception.message");
	span_event_end(writer);
	return true;
}
