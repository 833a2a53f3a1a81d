/* SPDX-License-Identifier: GPL-2.0-only */
#include "send/span_sink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "send/sender.h"
#include "sink/otlp/spans.h"

#define BATCH_AGE 1000000000ull /* ns after which what there is is sent */

struct span_sink {
	struct sink sink;
	struct spans spans;
	struct sender *sender;
	uint64_t
		began; /* when the oldest span that has not been handed on came; 0: there is none */
};

static const struct sink_ops span_sink_ops;

static struct span_sink *span_sink_of(struct sink *sink)
{
	return (struct span_sink *)sink;
}

static int put_request(void *arg, struct buf *request, uint32_t count)
{
	struct span_sink *spans = arg;

	sender_put(spans->sender, request->data, request->len, count);
	spans->began = 0;
	return 0;
}

static void span_sink_free(struct sink *sink)
{
	struct span_sink *spans = span_sink_of(sink);

	if (!spans)
		return;
	sender_free(spans->sender);
	spans_release(&spans->spans);
	free(spans);
}

struct sink *span_sink_new(const struct sink_config *config, const struct send_settings *settings,
			   bool quiet, struct error *err)
{
	struct span_sink *spans = calloc(1, sizeof(*spans));
	int ret = spans ? spans_init(&spans->spans, config, &span_writer_protobuf) : -ENOMEM;

	if (!ret) {
		spans->sink.ops = &span_sink_ops;
		spans->spans.put = put_request;
		spans->spans.arg = spans;
		spans->sender = sender_new(settings, quiet, err);
		if (spans->sender)
			return &spans->sink;
	} else {
		error_set(err, ret, "--otlp: %s", strerror(-ret));
	}
	span_sink_free(spans ? &spans->sink : NULL);
	return NULL;
}

/* Something came. */
static int note(struct span_sink *spans, int err)
{
	uint64_t now;

	if (err || !spans->spans.count)
		return err;
	now = clock_now();
	if (!spans->began)
		spans->began = now;
	return now - spans->began < BATCH_AGE ? 0 : spans_flush(&spans->spans);
}

static int span_sink_root(struct sink *sink, const struct tree *tree)
{
	return note(span_sink_of(sink), spans_root(&span_sink_of(sink)->spans, tree));
}

static int span_sink_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return note(span_sink_of(sink), spans_leave(&span_sink_of(sink)->spans, tree, call));
}

static int span_sink_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	return spans_mark(&span_sink_of(sink)->spans, tree, mark);
}

static int span_sink_idle(struct sink *sink)
{
	return note(span_sink_of(sink), 0);
}

int span_sink_finish(struct sink *sink, struct trace_summary *summary)
{
	struct span_sink *spans = span_sink_of(sink);
	int err = spans_flush(&spans->spans);
	struct sender_counts counts;

	sender_finish(spans->sender, &counts);
	summary->spans_asked = true;
	summary->spans_sent = counts.sent;
	summary->spans_dropped = counts.dropped;
	summary->spans_left_out = spans->spans.left_out;
	summary->spans_why = counts.why;
	return err;
}

static const struct sink_ops span_sink_ops = {
	.name = "spans",
	.root = span_sink_root,
	.leave = span_sink_leave,
	.mark = span_sink_mark,
	.idle = span_sink_idle,
	.free = span_sink_free,
};
