/* SPDX-License-Identifier: GPL-2.0-only */
#include <math.h>
#include <stdio.h>

#include "base/json.h"
#include "sink/otlp/writer.h"

static void put_request(struct span_writer *writer)
{
	json_literal(writer->buf, "{\"resourceSpans\":[{\"resource\":{\"attributes\":[");
}

static void put_scope(struct span_writer *writer, const char *name, const char *version)
{
	struct buf *buf = writer->buf;

	json_literal(buf, "]},\"scopeSpans\":[{\"scope\":{");
	json_field_text(buf, "name", name);
	json_field_text(buf, "version", version);
	json_literal(buf, "},\"spans\":[");
}

static void put_request_end(struct span_writer *writer)
{
	json_literal(writer->buf, "]}]}]}\n");
}

static void put_id(struct buf *buf, const uint8_t *id, size_t len)
{
	buf_addc(buf, '"');
	for (size_t i = 0; i < len; i++) {
		buf_addc(buf, "0123456789abcdef"[id[i] >> 4]);
		buf_addc(buf, "0123456789abcdef"[id[i] & 15]);
	}
	buf_addc(buf, '"');
}

/* 64 bits are more than a number of JSON is sure to hold. */
static void put_number(struct buf *buf, int64_t number)
{
	buf_addc(buf, '"');
	buf_addi(buf, number);
	buf_addc(buf, '"');
}

static void put_time(struct buf *buf, uint64_t time)
{
	buf_addc(buf, '"');
	buf_addu(buf, time);
	buf_addc(buf, '"');
}

static void put_span(struct span_writer *writer, const struct span_head *head)
{
	struct buf *buf = writer->buf;

	json_next(buf);
	json_object(buf);
	json_key(buf, "traceId");
	put_id(buf, head->trace, sizeof(head->trace));
	json_key(buf, "spanId");
	put_id(buf, head->id, sizeof(head->id));
	if (head->has_parent) {
		json_key(buf, "parentSpanId");
		put_id(buf, head->parent, sizeof(head->parent));
	}
	json_key(buf, "name");
	json_string(buf, head->name, head->name_len);
	json_key(buf, "kind");
	buf_addc(buf, '1');
	json_key(buf, "startTimeUnixNano");
	put_time(buf, head->start);
	json_key(buf, "endTimeUnixNano");
	put_time(buf, head->end);
	json_key(buf, "attributes");
	json_array(buf);
	writer->events = writer->closed = false;
}

/* The list of events begins with the first of them. */
static void next_event(struct span_writer *writer)
{
	struct buf *buf = writer->buf;

	if (!writer->events) {
		json_array_end(buf);
		json_key(buf, "events");
		json_array(buf);
	}
	writer->events = true;
	json_next(buf);
}

static void put_events(struct span_writer *writer, const struct buf *events)
{
	next_event(writer);
	buf_add(writer->buf, events->data, events->len);
}

static void put_event(struct span_writer *writer, uint64_t time, const char *name)
{
	struct buf *buf = writer->buf;

	next_event(writer);
	json_object(buf);
	json_key(buf, "timeUnixNano");
	put_time(buf, time);
	json_field_text(buf, "name", name);
	json_key(buf, "attributes");
	json_array(buf);
}

static void put_event_end(struct span_writer *writer)
{
	json_array_end(writer->buf);
	json_object_end(writer->buf);
}

static void put_dropped(struct span_writer *writer, uint32_t count)
{
	json_array_end(writer->buf);
	json_field_u64(writer->buf, "droppedEventsCount", count);
	writer->closed = true;
}

static void put_span_end(struct span_writer *writer, const char *error, size_t len)
{
	struct buf *buf = writer->buf;

	/* Of the events, or of the attributes. */
	if (!writer->closed)
		json_array_end(buf);
	if (error) {
		json_key(buf, "status");
		json_object(buf);
		json_key(buf, "code");
		buf_addc(buf, '2');
		json_key(buf, "message");
		json_string(buf, error, len);
		json_object_end(buf);
	}
	json_object_end(buf);
}

/* What stands before a value. */
static void put_key(struct buf *buf, const char *key)
{
	json_next(buf);
	json_object(buf);
	json_field_text(buf, "key", key);
	json_key(buf, "value");
	json_object(buf);
}

static void put_value_end(struct buf *buf)
{
	json_object_end(buf);
	json_object_end(buf);
}

static void put_text(struct span_writer *writer, const char *key, const char *text, size_t len)
{
	put_key(writer->buf, key);
	json_key(writer->buf, "stringValue");
	json_string(writer->buf, text, len);
	put_value_end(writer->buf);
}

static void put_integer(struct span_writer *writer, const char *key, int64_t number)
{
	put_key(writer->buf, key);
	json_key(writer->buf, "intValue");
	put_number(writer->buf, number);
	put_value_end(writer->buf);
}

static void put_real(struct span_writer *writer, const char *key, double number)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%.17g", number);

	put_key(writer->buf, key);
	json_key(writer->buf, "doubleValue");
	if (isnan(number))
		json_text(writer->buf, "NaN");
	else if (isinf(number))
		json_text(writer->buf, number < 0 ? "-Infinity" : "Infinity");
	else
		buf_add(writer->buf, text, (size_t)len);
	put_value_end(writer->buf);
}

static void put_truth(struct span_writer *writer, const char *key, bool truth)
{
	put_key(writer->buf, key);
	json_field_bool(writer->buf, "boolValue", truth);
	put_value_end(writer->buf);
}

const struct span_writer_ops span_writer_json = {
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
