/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/otlp/spans.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "sink/export.h"
#include "sink/otlp/span_values.h"

/* An empty one counts as none (OpenTelemetry, "Environment Variable Specification"). */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

int spans_init(struct spans *spans, const struct sink_config *config,
	       const struct span_writer_ops *ops)
{
	*spans = (struct spans){
		.config = config,
		.service = variable("OTEL_SERVICE_NAME"),
		.attributes = variable("OTEL_RESOURCE_ATTRIBUTES"),
		.writer = {.ops = ops},
	};
	func_names_init_text(&spans->names, config->catalog, config->trim, config->ntrim);
	return span_ids_init(&spans->ids);
}

void spans_release(struct spans *spans)
{
	func_names_release(&spans->names);
	buf_release(&spans->request);
	buf_release(&spans->words);
	buf_release(&spans->key);
	map_release(&spans->open);
	for (size_t i = 0; i < spans->nheld; i++)
		buf_release(&spans->held[i].events);
	free(spans->held);
	free(spans->marks);
}

int spans_flush(struct spans *spans)
{
	int err = 0;

	if (spans->failed || spans->request.failed || spans->words.failed || spans->names.failed)
		return -ENOMEM;
	if (!spans->count)
		return 0;
	span_request_end(&spans->writer);
	err = spans->request.failed ? -ENOMEM
				    : spans->put(spans->arg, &spans->request, spans->count);
	buf_reset(&spans->request);
	spans->count = 0;
	return err;
}

/* Makes the request at hand one of that process, with room for a span. */
static int begin_request(struct spans *spans, const struct process *process)
{
	int err = 0;

	if (spans->count && (spans->process != process || spans->count >= SPANS_MOST ||
			     spans->request.len >= SPANS_BYTES))
		err = spans_flush(spans);
	if (err || spans->count)
		return err;
	spans->process = process;
	spans->writer.buf = &spans->request;
	span_request(&spans->writer);
	span_resource(spans, process);
	span_scope(&spans->writer, "ftrace", FTRACE_VERSION);
	return 0;
}

/* Whether it is a span, or will be one: of streamed calls that are open the end is not known as yet. */
static bool is_span(const struct call *call, bool whole)
{
	if (call->flags & CALL_ENTRY_UNSEEN)
		return false;
	return whole ? call_is_timed(call) : call_is_timed(call) || call->how == CALL_OPEN;
}

/* The nearest span above, or CALL_NONE. */
static uint32_t span_above(const struct tree *tree, uint32_t call, bool whole)
{
	uint32_t at = tree->calls[call].parent;

	while (at != CALL_NONE && !is_span(&tree->calls[at], whole))
		at = tree->calls[at].parent;
	return at;
}

static uint32_t run_of(const struct tree *tree)
{
	return tree->process ? tree->process->run : 0;
}

static struct span_key key_of(const struct tree *tree, uint32_t call)
{
	struct span_key key = {
		.run = run_of(tree),
		.track = export_track(tree),
		.start = tree->calls[call].start,
	};

	for (uint32_t at = tree->calls[call].parent;
	     at != CALL_NONE && tree->calls[at].start == key.start; at = tree->calls[at].parent)
		key.again++;
	return key;
}

static struct span_key key_of_goroutine(const struct tree *tree, uint64_t goid, uint64_t start)
{
	return (struct span_key){.run = run_of(tree), .track = goid << 1, .start = start};
}

/* To which trace it belongs, and which call is above it. */
static void set_place(const struct spans *spans, const struct tree *tree, uint32_t call, bool whole,
		      struct span_head *head)
{
	const struct goroutine *goroutine = tree->goid ? tree_goroutine(tree) : NULL;
	bool linked = goroutine && goroutine->linked;
	uint32_t above = span_above(tree, call, whole), root = call;
	struct span_key key = {0};

	while (tree->calls[root].parent != CALL_NONE)
		root = tree->calls[root].parent;
	if (linked)
		key = key_of_goroutine(tree, goroutine->root_goid, goroutine->root_start);
	else
		key = key_of(tree, root);
	span_ids_trace(&spans->ids, &key, head->trace);
	head->has_parent = above != CALL_NONE || linked;
	if (above != CALL_NONE)
		key = key_of(tree, above);
	else if (linked)
		key = key_of_goroutine(tree, goroutine->parent, goroutine->call);
	if (head->has_parent)
		span_ids_span(&spans->ids, &key, head->parent);
}

/* Up to the events. */
static int begin_span(struct spans *spans, const struct tree *tree, uint32_t i, bool whole)
{
	const struct call *call = &tree->calls[i];
	const struct func_name *name;
	struct span_key key = key_of(tree, i);
	struct span_head head = {
		.start = (uint64_t)sink_unix_time(spans->config, call->start),
		.end = (uint64_t)sink_unix_time(spans->config, call->end),
	};
	int err = begin_request(spans, tree->process);

	if (err)
		return err;
	name = func_names_get(&spans->names, call->func);
	head.name = name->text;
	head.name_len = name->len;
	/* A step of the clock between them is none of the call's. */
	head.end = head.start + (call->end > call->start ? call->end - call->start : 0);
	span_ids_span(&spans->ids, &key, head.id);
	set_place(spans, tree, i, whole, &head);
	span_begin(&spans->writer, &head);
	span_attributes(spans, tree, call);
	return 0;
}

/* `dropped`: events that were too many. */
static int end_span(struct spans *spans, const struct tree *tree, uint32_t i, uint32_t dropped)
{
	bool failed = span_failure(spans, tree, &tree->calls[i]);

	if (dropped)
		span_dropped(&spans->writer, dropped);
	span_end(&spans->writer, failed ? spans->words.data : NULL, spans->words.len);
	spans->count++;
	return spans->request.failed || spans->words.failed || spans->failed ? -ENOMEM : 0;
}

/* Puts the marks of each span into a list, in their order: those of other calls hang on the nearest span above. */
static int sort_marks(struct spans *spans, const struct tree *tree)
{
	size_t count = tree->ncalls + tree->nmarks;
	uint32_t *first, *next;

	if (count > spans->capmarks) {
		uint32_t *more = reallocarray(spans->marks, count, sizeof(*more));

		if (!more)
			return -ENOMEM;
		spans->marks = more;
		spans->capmarks = count;
	}
	first = spans->marks;
	next = spans->marks + tree->ncalls;
	memset(first, 0, tree->ncalls * sizeof(*first));
	for (size_t i = tree->nmarks; i-- > 0;) {
		/* What is of no call is of the goroutine. */
		uint32_t call = tree->marks[i].call == CALL_NONE ? 0 : tree->marks[i].call;

		if (!is_span(&tree->calls[call], true))
			call = span_above(tree, call, true);
		if (call == CALL_NONE)
			continue;
		next[i] = first[call];
		first[call] = (uint32_t)(1 + i);
	}
	return 0;
}

/* Events of the marks that are call number `i`'s. Returns how many were too many. */
static uint32_t put_events(struct spans *spans, const struct tree *tree, uint32_t i)
{
	uint32_t at = tree->nmarks ? spans->marks[i] : 0, count = 0;

	for (; at; at = spans->marks[tree->ncalls + at - 1])
		if (++count <= SPANS_EVENTS)
			span_mark(spans, &spans->writer, tree, &tree->marks[at - 1]);
	return count > SPANS_EVENTS ? count - SPANS_EVENTS : 0;
}

int spans_root(struct spans *spans, const struct tree *tree)
{
	int err = tree->nmarks ? sort_marks(spans, tree) : 0;

	for (uint32_t i = 0; i < tree->ncalls && !err; i++) {
		if (!is_span(&tree->calls[i], true)) {
			spans->left_out++;
			continue;
		}
		err = begin_span(spans, tree, i, true);
		if (!err)
			err = end_span(spans, tree, i, put_events(spans, tree, i));
	}
	return err;
}

static struct span_held *held_of(struct spans *spans, uint64_t id, bool make)
{
	struct map_key key = {.a = id};
	uint64_t *place = make ? map_put(&spans->open, key) : NULL;
	struct span_held *held;

	if (!make) {
		const uint64_t *found = map_find(&spans->open, key);

		return found && *found ? &spans->held[*found - 1] : NULL;
	}
	if (!place)
		return NULL;
	if (!*place && spans->free) {
		*place = spans->free;
		spans->free = spans->held[*place - 1].next_free;
	} else if (!*place) {
		held = vec_push(&spans->held, &spans->nheld, &spans->capheld);
		if (!held)
			return NULL;
		*held = (struct span_held){0};
		*place = spans->nheld;
	}
	return &spans->held[*place - 1];
}

static void drop_held(struct spans *spans, uint64_t id, struct span_held *held)
{
	buf_reset(&held->events);
	held->count = held->dropped = 0;
	held->next_free = spans->free;
	spans->free = (uint32_t)(held - spans->held) + 1;
	map_delete(&spans->open, (struct map_key){.a = id});
}

int spans_leave(struct spans *spans, const struct tree *tree, uint32_t i)
{
	struct span_held *held = held_of(spans, tree->calls[i].id, false);
	int err = 0;

	if (is_span(&tree->calls[i], true)) {
		err = begin_span(spans, tree, i, false);
		if (!err && held && held->events.len)
			span_events(&spans->writer, &held->events);
		if (!err)
			err = end_span(spans, tree, i, held ? held->dropped : 0);
	} else {
		spans->left_out++;
	}
	if (held)
		drop_held(spans, tree->calls[i].id, held);
	return err;
}

int spans_mark(struct spans *spans, const struct tree *tree, const struct mark *mark)
{
	struct span_writer writer = {.ops = spans->writer.ops, .events = true};
	struct span_held *held;
	uint32_t call = tree ? mark->call : CALL_NONE;

	if (call != CALL_NONE && !is_span(&tree->calls[call], false))
		call = span_above(tree, call, false);
	if (call == CALL_NONE)
		return 0;
	held = held_of(spans, tree->calls[call].id, true);
	if (!held)
		return -ENOMEM;
	if (held->count == SPANS_EVENTS) {
		held->dropped++;
		return 0;
	}
	held->count++;
	writer.buf = &held->events;
	span_mark(spans, &writer, tree, mark);
	return held->events.failed ? -ENOMEM : 0;
}
