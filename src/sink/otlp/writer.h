/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * writer: an ExportTraceServiceRequest of OpenTelemetry, field after field, as protobuf or as JSON.
 *
 *     REQUEST  the resource's attributes, then spans of the one scope
 *     SPAN     its head, attributes, then events with attributes of their own, then how it went
 *
 * What is called in between says where attributes belong: to what was begun last. Text that is no UTF-8 becomes so. A failed
 * allocation is remembered by the buffer, which is the caller's.
 *
 * Source: opentelemetry-proto, opentelemetry/proto/{collector/trace/v1/trace_service,trace/v1/trace,common/v1/common,
 * resource/v1/resource}.proto; for JSON "OTLP Specification", JSON Protobuf Encoding: ids in hexadecimal, 64 bits as strings.
 */
#ifndef FTRACE_SINK_OTLP_WRITER_H
#define FTRACE_SINK_OTLP_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct span_head {
	uint8_t trace[16];
	uint8_t id[8];
	uint8_t parent[8];
	bool has_parent;
	const char *name;
	size_t name_len;
	uint64_t start, end; /* Unix time, ns */
};

struct span_writer;

struct span_writer_ops {
	void (*request)(struct span_writer *writer);
	void (*scope)(struct span_writer *writer, const char *name, const char *version);
	void (*request_end)(struct span_writer *writer);
	void (*span)(struct span_writer *writer, const struct span_head *head);
	void (*span_end)(struct span_writer *writer, const char *error, size_t len);
	void (*event)(struct span_writer *writer, uint64_t time, const char *name);
	void (*event_end)(struct span_writer *writer);
	void (*events)(struct span_writer *writer, const struct buf *events);
	void (*dropped)(struct span_writer *writer, uint32_t count);
	void (*text)(struct span_writer *writer, const char *key, const char *text, size_t len);
	void (*number)(struct span_writer *writer, const char *key, int64_t number);
	void (*real)(struct span_writer *writer, const char *key, double number);
	void (*truth)(struct span_writer *writer, const char *key, bool truth);
};

extern const struct span_writer_ops span_writer_json;
extern const struct span_writer_ops span_writer_protobuf;

/* Messages inside of each other: resourceSpans, scopeSpans, a span, an event or the resource. */
#define SPAN_WRITER_DEPTH 4

struct span_writer {
	const struct span_writer_ops *ops;
	struct buf *buf;
	/* The encodings' own. */
	size_t open[SPAN_WRITER_DEPTH]; /* protobuf: where messages began */
	uint32_t field;                 /* protobuf: of an attribute */
	bool events;                    /* JSON: the span has one already; ... */
	bool closed;                    /* ... and their list has ended */
};

static inline void span_request(struct span_writer *writer)
{
	writer->ops->request(writer);
}

/* Behind the resource's attributes. */
static inline void span_scope(struct span_writer *writer, const char *name, const char *version)
{
	writer->ops->scope(writer, name, version);
}

static inline void span_request_end(struct span_writer *writer)
{
	writer->ops->request_end(writer);
}

static inline void span_begin(struct span_writer *writer, const struct span_head *head)
{
	writer->ops->span(writer, head);
}

/* `error`: what it failed with, `len` bytes; NULL: it did not fail. */
static inline void span_end(struct span_writer *writer, const char *error, size_t len)
{
	writer->ops->span_end(writer, error, len);
}

static inline void span_event(struct span_writer *writer, uint64_t time, const char *name)
{
	writer->ops->event(writer, time, name);
}

static inline void span_event_end(struct span_writer *writer)
{
	writer->ops->event_end(writer);
}

/* Events that were written before, by a writer of the same kind into a buffer of their own, with `events` set. */
static inline void span_events(struct span_writer *writer, const struct buf *events)
{
	writer->ops->events(writer, events);
}

/* Behind the last event: so many more there were. */
static inline void span_dropped(struct span_writer *writer, uint32_t count)
{
	writer->ops->dropped(writer, count);
}

static inline void span_text(struct span_writer *writer, const char *key, const char *text,
			     size_t len)
{
	writer->ops->text(writer, key, text, len);
}

static inline void span_number(struct span_writer *writer, const char *key, int64_t number)
{
	writer->ops->number(writer, key, number);
}

static inline void span_real(struct span_writer *writer, const char *key, double number)
{
	writer->ops->real(writer, key, number);
}

static inline void span_truth(struct span_writer *writer, const char *key, bool truth)
{
	writer->ops->truth(writer, key, truth);
}

#endif
