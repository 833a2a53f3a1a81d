/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * --format otlp: calls as spans, an ExportTraceServiceRequest of OpenTelemetry a line, as a collector's file exporter writes them and
 * its otlpjsonfile receiver reads them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "sink/formats.h"
#include "sink/otlp/spans.h"

struct otlp {
	struct sink sink;
	const struct sink_config *config;
	struct spans spans;
	struct buf note;
};

static struct otlp *otlp_of(struct sink *sink)
{
	return (struct otlp *)sink;
}

static int put_line(void *arg, struct buf *request, uint32_t count)
{
	struct otlp *otlp = arg;

	(void)count;
	buf_add(&otlp->config->outlet->buf, request->data, request->len);
	return outlet_drain(otlp->config->outlet);
}

static void otlp_free(struct sink *sink)
{
	struct otlp *otlp = otlp_of(sink);

	if (!otlp)
		return;
	spans_release(&otlp->spans);
	buf_release(&otlp->note);
	free(otlp);
}

static struct sink *otlp_new(const struct sink_config *config)
{
	struct otlp *otlp = calloc(1, sizeof(*otlp));

	if (!otlp)
		return NULL;
	otlp->sink.ops = &sink_otlp;
	otlp->config = config;
	if (spans_init(&otlp->spans, config, &span_writer_json)) {
		free(otlp);
		return NULL;
	}
	otlp->spans.put = put_line;
	otlp->spans.arg = otlp;
	return &otlp->sink;
}

static int otlp_root(struct sink *sink, const struct tree *tree)
{
	return spans_root(&otlp_of(sink)->spans, tree);
}

static int otlp_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return spans_leave(&otlp_of(sink)->spans, tree, call);
}

static int otlp_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	return spans_mark(&otlp_of(sink)->spans, tree, mark);
}

static int otlp_idle(struct sink *sink)
{
	int err = spans_flush(&otlp_of(sink)->spans);

	return err ? err : outlet_flush(otlp_of(sink)->config->outlet);
}

static int otlp_end(struct sink *sink, const struct trace_summary *summary)
{
	(void)summary;
	return otlp_idle(sink);
}

static const char *otlp_note(struct sink *sink)
{
	struct otlp *otlp = otlp_of(sink);
	uint64_t left_out = otlp->spans.left_out;

	if (!left_out)
		return NULL;
	buf_reset(&otlp->note);
	buf_addf(&otlp->note, "%" PRIu64 " call%s no span: when %s began or ended is not known",
		 left_out, left_out == 1 ? " is" : "s are", left_out == 1 ? "it" : "they");
	return buf_str(&otlp->note);
}

const struct sink_ops sink_otlp = {
	.name = "otlp",
	.new = otlp_new,
	.root = otlp_root,
	.leave = otlp_leave,
	.mark = otlp_mark,
	.idle = otlp_idle,
	.end = otlp_end,
	.note = otlp_note,
	.free = otlp_free,
};
