/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/summary.h"

#include "sink/duration.h"

static void add_count(struct buf *buf, const char *before, uint64_t count, const char *what)
{
	buf_adds(buf, before);
	buf_addu(buf, count);
	buf_addc(buf, ' ');
	buf_adds(buf, what);
}

static void add_calls(struct buf *buf, const struct trace_summary *summary)
{
	const char *before = " (";
	uint64_t calls = summary->calls + summary->counted;

	add_count(buf, "ftrace: ", calls, calls == 1 ? "call" : "calls");
	if (summary->unwound) {
		add_count(buf, before, summary->unwound, "unwound");
		before = ", ";
	}
	if (summary->open) {
		add_count(buf, before, summary->open, "open");
		before = ", ";
	}
	if (*before == ',')
		buf_addc(buf, ')');
}

static void add_spans(struct buf *buf, const struct trace_summary *summary)
{
	add_count(buf, ", ", summary->spans_sent, summary->spans_sent == 1 ? "span" : "spans");
	add_count(buf, " sent, ", summary->spans_dropped, "dropped");
	if (summary->spans_why)
		buf_addf(buf, " (%s)", summary->spans_why);
	add_count(buf, ", ", summary->spans_left_out,
		  summary->spans_left_out == 1 ? "call left out" : "calls left out");
}

void summary_text(struct buf *buf, const struct trace_summary *summary)
{
	char duration[DURATION_MAX];

	add_calls(buf, summary);
	add_count(buf, ", ", summary->records, summary->records == 1 ? "record" : "records");
	add_count(buf, ", ", summary->lost, "lost");
	if (summary->damaged)
		add_count(buf, ", ", summary->damaged, "damaged");
	if (summary->missed)
		add_count(buf, ", ", summary->missed,
			  summary->missed == 1 ? "hit missed" : "hits missed");
	if (summary->overwritten)
		add_count(buf, ", ", summary->overwritten, "overwritten");
	if (summary->skipped)
		add_count(buf, ", ", summary->skipped,
			  summary->skipped == 1 ? "root skipped by --sample"
						: "roots skipped by --sample");
	if (summary->spans_asked)
		add_spans(buf, summary);
	buf_adds(buf, ", ");
	buf_add(buf, duration, (size_t)(duration_put(duration, summary->duration) - duration));
	if (summary->lost && summary->lost == summary->switching)
		buf_adds(buf, "; they were lost while functions were switched off");
	else if (summary->lost)
		buf_adds(buf, "; records were lost: try --buffer 64M, or fewer functions");
}
