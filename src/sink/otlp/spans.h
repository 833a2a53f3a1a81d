/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * spans: calls as OpenTelemetry's spans, in requests of one process each.
 *
 * A call whose start and end are known is a span; what is in others hangs on the nearest span above. Root calls of a goroutine that
 * a traced call has started belong to that call's trace. A request is handed on when it has SPANS_MOST spans, when the next span is
 * of another process, and when spans_flush() says so.
 */
#ifndef FTRACE_SINK_OTLP_SPANS_H
#define FTRACE_SINK_OTLP_SPANS_H

#include "base/map.h"
#include "call/sink.h"
#include "sink/func_names.h"
#include "sink/otlp/ids.h"
#include "sink/otlp/writer.h"

#define SPANS_MOST 512
/* Bytes of a request beyond which it is handed on. */
#define SPANS_BYTES (1u << 20)
/* Events of a span: what is more is counted. */
#define SPANS_EVENTS 512
/* Columns of the text of a value. */
#define SPANS_TEXT 1000

/* Events of streamed calls that have not ended. */
struct span_held {
	struct buf events;
	uint32_t count, dropped;
	uint32_t next_free; /* 1 + index; 0: none */
};

struct spans {
	const struct sink_config *config;
	const char *service; /* service.name; NULL: the executable's name */
	const char *
		attributes; /* of the resource, "key=value,key=value", percent-encoded; NULL: none */
	struct span_writer writer;
	/* A request: 0, or a negative errno, with which all ends. The buffer is reset afterwards. */
	int (*put)(void *arg, struct buf *request, uint32_t count);
	void *arg;

	struct span_ids ids;
	struct func_names names;
	struct buf request, words, key;
	const struct process *process; /* of the request at hand */
	uint32_t count;                /* spans in it */
	uint64_t left_out;             /* calls that are no spans */
	struct map open;               /* id of a streamed call -> 1 + index in `held` */
	struct span_held *held;
	size_t nheld, capheld;
	uint32_t free;
	uint32_t *
		marks; /* of a whole tree: 1 + the first mark of each call, then the next one of each mark */
	size_t capmarks;
	bool failed;
};

/* The name of the service, and more attributes of the resource, are the environment's: OTEL_SERVICE_NAME,
 * OTEL_RESOURCE_ATTRIBUTES. 0 or a negative errno. */
int spans_init(struct spans *spans, const struct sink_config *config,
	       const struct span_writer_ops *ops);
void spans_release(struct spans *spans);

/* As a sink gets them. 0 or a negative errno. */
int spans_root(struct spans *spans, const struct tree *tree);
int spans_leave(struct spans *spans, const struct tree *tree, uint32_t call);
int spans_mark(struct spans *spans, const struct tree *tree, const struct mark *mark);
int spans_flush(struct spans *spans);

#endif
