/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/protobuf.h"
#include "sink/otlp/writer.h"

/* Numbers of fields. */
enum { REQUEST_RESOURCE_SPANS = 1 };
enum { RESOURCE_SPANS_RESOURCE = 1, RESOURCE_SPANS_SCOPE_SPANS = 2 };
enum { RESOURCE_ATTRIBUTES = 1 };
enum { SCOPE_SPANS_SCOPE = 1, SCOPE_SPANS_SPANS = 2 };
enum { SCOPE_NAME = 1, SCOPE_VERSION = 2 };
enum {
	SPAN_TRACE_ID = 1,
	SPAN_SPAN_ID = 2,
	SPAN_PARENT_SPAN_ID = 4,
	SPAN_NAME = 5,
	SPAN_KIND = 6,
	SPAN_START = 7,
	SPAN_END = 8,
	SPAN_ATTRIBUTES = 9,
	SPAN_EVENTS = 11,
	SPAN_DROPPED_EVENTS = 12,
	SPAN_STATUS = 15,
};
enum { EVENT_TIME = 1, EVENT_NAME = 2, EVENT_ATTRIBUTES = 3 };
enum { STATUS_MESSAGE = 2, STATUS_CODE = 3 };
enum { KEY_VALUE_KEY = 1, KEY_VALUE_VALUE = 2 };
enum { ANY_STRING = 1, ANY_BOOL = 2, ANY_INT = 3, ANY_DOUBLE = 4 };

#define KIND_INTERNAL 1
#define CODE_ERROR    2

enum { AT_RESOURCE_SPANS, AT_SCOPE_SPANS, AT_SPAN, AT_INNER };

static void open_message(struct span_writer *writer, int at, uint32_t field)
{
	writer->open[at] = protobuf_open(writer->buf, field);
}

static void close_message(struct span_writer *writer, int at)
{
	protobuf_close(writer->buf, writer->open[at]);
}

static void put_request(struct span_writer *writer)
{
	open_message(writer, AT_RESOURCE_SPANS, REQUEST_RESOURCE_SPANS);
	open_message(writer, AT_INNER, RESOURCE_SPANS_RESOURCE);
	writer->field = RESOURCE_ATTRIBUTES;
}

static void put_scope(struct span_writer *writer, const char *name, const char *version)
{
	close_message(writer, AT_INNER);
	open_message(writer, AT_SCOPE_SPANS, RESOURCE_SPANS_SCOPE_SPANS);
	open_message(writer, AT_INNER, SCOPE_SPANS_SCOPE);
	protobuf_text(writer->buf, SCOPE_NAME, name);
	protobuf_text(writer->buf, SCOPE_VERSION, version);
	close_message(writer, AT_INNER);
}

static void put_request_end(struct span_writer *writer)
{
	close_message(writer, AT_SCOPE_SPANS);
	close_message(writer, AT_RESOURCE_SPANS);
}

static void put_span(struct span_writer *writer, const struct span_head *head)
{
	struct buf *buf = writer->buf;

	open_message(writer, AT_SPAN, SCOPE_SPANS_SPANS);
	protobuf_bytes(buf, SPAN_TRACE_ID, head->trace, sizeof(head->trace));
	protobuf_bytes(buf, SPAN_SPAN_ID, head->id, sizeof(head->id));
	if (head->has_parent)
		protobuf_bytes(buf, SPAN_PARENT_SPAN_ID, head->parent, sizeof(head->parent));
	protobuf_string(buf, SPAN_NAME, head->name, head->name_len);
	protobuf_u64(buf, SPAN_KIND, KIND_INTERNAL);
	protobuf_fixed64(buf, SPAN_START, head->start);
	protobuf_fixed64(buf, SPAN_END, head->end);
	writer->field = SPAN_ATTRIBUTES;
}

static void put_event(struct span_writer *writer, uint64_t time, const char *name)
{
	open_message(writer, AT_INNER, SPAN_EVENTS);
	protobuf_fixed64(writer->buf, EVENT_TIME, time);
	protobuf_text(writer->buf, EVENT_NAME, name);
	writer->field = EVENT_ATTRIBUTES;
}

static void put_event_end(struct span_writer *writer)
{
	close_message(writer, AT_INNER);
	writer->field = SPAN_ATTRIBUTES;
}

static void put_events(struct span_writer *writer, const struct buf *events)
{
	buf_add(writer->buf, events->data, events->len);
}

static void put_dropped(struct span_writer *writer, uint32_t count)
{
	protobuf_u64(writer->buf, SPAN_DROPPED_EVENTS, count);
}

static void put_span_end(struct span_writer *writer, const char *error, size_t len)
{
	struct buf *buf = writer->buf;

	if (error) {
		open_message(writer, AT_INNER, SPAN_STATUS);
		protobuf_string(buf, STATUS_MESSAGE, error, len);
		protobuf_u64(buf, STATUS_CODE, CODE_ERROR);
		close_message(writer, AT_INNER);
	}
	close_message(writer, AT_SPAN);
}

/* An attribute whose value is begun. */
struct attribute {
	size_t key, value;
};

static struct attribute begin_attribute(struct span_writer *writer, const char *key)
{
	struct attribute attribute = {.key = protobuf_open(writer->buf, writer->field)};

	protobuf_text(writer->buf, KEY_VALUE_KEY, key);
	attribute.value = protobuf_open(writer->buf, KEY_VALUE_VALUE);
	return attribute;
}

static void end_attribute(struct span_writer *writer, struct attribute attribute)
{
	protobuf_close(writer->buf, attribute.value);
	protobuf_close(writer->buf, attribute.key);
}

static void put_text(struct span_writer *writer, const char *key, const char *text, size_t len)
{
	struct attribute attribute = begin_attribute(writer, key);

	protobuf_string(writer->buf, ANY_STRING, text, len);
	end_attribute(writer, attribute);
}

static void put_integer(struct span_writer *writer, const char *key, int64_t number)
{
	struct attribute attribute = begin_attribute(writer, key);

	protobuf_i64(writer->buf, ANY_INT, number);
	end_attribute(writer, attribute);
}

static void put_real(struct span_writer *writer, const char *key, double number)
{
	struct attribute attribute = begin_attribute(writer, key);

	protobuf_double(writer->buf, ANY_DOUBLE, number);
	end_attribute(writer, attribute);
}

static void put_truth(struct span_writer *writer, const char *key, bool truth)
{
	struct attribute attribute = begin_attribute(writer, key);

	protobuf_u64(writer->buf, ANY_BOOL, truth);
	end_attribute(writer, attribute);
}

const struct span_writer_ops span_writer_protobuf = {
	.request = put_request,
	.scope = put_scope,
	.request_end = put_request_end,
	.span = put_span,
	.span_end = put_span_end,
	.event = put_event,
	.event_end = put_event_end,
	.events = put_events,
	.dropped = put_dropped,
	.text = put_text,
	.number = put_integer,
	.real = put_real,
	.truth = put_truth,
};
