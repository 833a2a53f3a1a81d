/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events: a record of a tracepoint becomes a mark; what its arguments mean.
 */
#include <stdio.h>
#include <string.h>

#include <ftrace/marks.h>

#include "trace/decode.h"
#include "trace/mark_source.h"
#include "trace/trace_state.h"

/* What is kept of one is the record from `event` on. */
#define KEPT_FROM offsetof(struct ft_event, event)

/* The head of what is kept. */
struct kept {
	uint32_t event, read;
	uint64_t args[FT_EVENT_ARGS];
};

_Static_assert(sizeof(struct kept) == sizeof(struct ft_event) - KEPT_FROM, "kept as it came");

static void on_event(struct trace *trace, struct lane *lane, const struct event *event)
{
	const struct ft_event *record = (const void *)event->record;
	const struct marks_wanted *marks = trace->config.marks;
	struct mark mark = {
		.kind = &mark_event,
		.start = record->r.time,
		.end = record->r.time,
		.tid = record->r.tid,
	};

	if (!marks || record->event >= marks->nevents) {
		trace->counts.damaged++;
		return;
	}
	mark_in_call(trace, lane, &mark, &record->event, record->r.size - KEPT_FROM);
}

static bool event_holds(const struct ft_record *record)
{
	return record->size == sizeof(struct ft_event) || record->size == FT_EVENT_WITH_TEXTS;
}

const struct record_kind record_event = {
	.size = sizeof(struct ft_event),
	.hit = true,
	.holds = event_holds,
	.in_lane = on_event,
};

/* The value of an integer, of which only its own bytes mean something. */
static uint64_t narrow(const struct event_arg *type, uint64_t word)
{
	unsigned int unused = type->size < 8 ? 64 - 8 * type->size : 0;

	word <<= unused;
	return type->is_signed ? (uint64_t)((int64_t)word >> unused) : word >> unused;
}

static bool tell_number(struct mark_source *source, const struct event_arg *type, uint64_t word)
{
	uint64_t value = narrow(type, word);
	struct mark_arg *arg;

	arg = mark_source_arg(source, type->name,
			      type->is_signed || value <= INT64_MAX ? MARK_VALUE_NUMBER
								    : MARK_VALUE_UNSIGNED);
	if (arg)
		arg->u = value;
	return arg;
}

/* `postgres/881` */
static bool tell_task(struct mark_source *source, const struct event_arg *type, const void *room)
{
	struct ft_event_task task;
	char pid[16];
	int len;

	if (!mark_source_arg(source, type->name, MARK_VALUE_WORD))
		return false;
	memcpy(&task, room, sizeof(task));
	len = snprintf(pid, sizeof(pid), "/%u", task.pid);
	mark_source_text(source, task.comm, strnlen(task.comm, sizeof(task.comm)));
	mark_source_text(source, pid, (size_t)len);
	return true;
}

static bool tell_string(struct mark_source *source, const struct event_arg *type, const char *room)
{
	struct mark_arg *arg = mark_source_arg(source, type->name, MARK_VALUE_TEXT);
	size_t len = strnlen(room, FT_EVENT_TEXT);

	if (!arg)
		return false;
	/* What fills its room may have been longer. */
	arg->truncated = len >= FT_EVENT_TEXT - 1;
	mark_source_text(source, room, arg->truncated ? FT_EVENT_TEXT - 8 : len);
	return true;
}

static bool tell_word(struct mark_source *source, const struct event_arg *type, uint64_t word)
{
	struct mark_arg *arg;

	if (type->kind == EVENT_ARG_NUMBER)
		return tell_number(source, type, word);
	arg = mark_source_arg(source, type->name, MARK_VALUE_HEX);
	if (arg)
		arg->u = word;
	return arg;
}

static bool tell_arg(struct mark_source *source, const struct mark_bytes *of,
		     const struct event_arg *type, const struct kept *kept, size_t index)
{
	size_t at = sizeof(*kept) + (size_t)type->text * FT_EVENT_TEXT;
	const void *room = of->bytes + at;

	if (type->text >= FT_EVENT_TEXTS || !(kept->read >> type->text & 1) ||
	    of->len < at + FT_EVENT_TEXT)
		return tell_word(source, type, kept->args[index]);
	return type->kind == EVENT_ARG_TASK ? tell_task(source, type, room)
					    : tell_string(source, type, room);
}

bool event_tell(struct mark_source *source, const struct mark_bytes *of)
{
	const struct marks_wanted *wanted = source->wanted;
	const struct event_type *type;
	struct kept kept;

	if (!wanted || of->len < sizeof(kept))
		return false;
	memcpy(&kept, of->bytes, sizeof(kept));
	if (kept.event >= wanted->nevents)
		return false;
	type = &wanted->events[kept.event];
	source->detail.name = type->name;
	source->detail.has_args = true;
	for (size_t i = 0; i < type->nargs && i < FT_EVENT_ARGS; i++)
		if (!tell_arg(source, of, &type->args[i], &kept, i))
			return false;
	return true;
}
