/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/flight.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/map.h"
#include "recording/ring.h"

struct flight {
	struct sink sink;
	struct sink *next;
	struct ring ring;
	bool open, opened; /* now; at any time */
	uint64_t newest;   /* time of what came */
	uint64_t since;    /* while the ring is emptied: what ended before is not wanted */
	uint64_t last_id;  /* of the calls that went out */
	struct map told;   /* PID -> what the next sink was told of it, hashed */
	struct trace_summary out;
	char note[128];
};

static struct flight *flight_of(struct sink *sink)
{
	return (struct flight *)sink;
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	for (; text && *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return (hash ^ 0xff) * 0x100000001b3;
}

/* The next sink learns of the process before its first tree, and again when another program runs in it. */
static int tell_process(struct flight *flight, const struct process *process)
{
	uint64_t *told = map_put(&flight->told, (struct map_key){.a = process->pid});
	uint64_t hash = 0xcbf29ce484222325 ^ process->nspid;

	hash = hash_text(hash_text(hash_text(hash, process->exe), process->go), process->build_id);
	if (!told)
		return -ENOMEM;
	if (*told == hash)
		return 0;
	*told = hash;
	return sink_process(flight->next, process);
}

static void count_mark(struct flight *flight, const struct mark *mark)
{
	if (mark->kind->counted < MARK_COUNTS)
		flight->out.marks[mark->kind->counted]++;
}

static int let_out(struct flight *flight, const struct tree *tree)
{
	int ret = tree->process ? tell_process(flight, tree->process) : 0;

	if (ret)
		return ret;
	for (size_t i = 0; i < tree->ncalls; i++) {
		tree->calls[i].id = ++flight->last_id;
		flight->out.calls++;
		flight->out.unwound += tree->calls[i].how == CALL_UNWOUND;
		flight->out.open += tree->calls[i].how == CALL_OPEN;
	}
	for (size_t i = 0; i < tree->nmarks; i++)
		count_mark(flight, &tree->marks[i]);
	return sink_root(flight->next, tree);
}

static int let_mark_out(struct flight *flight, const struct mark *mark)
{
	count_mark(flight, mark);
	return sink_mark(flight->next, NULL, mark);
}

/* When a tree ended, which need not be known of its root: then it is new. */
static uint64_t end_of(const struct flight *flight, const struct tree *tree)
{
	uint64_t end = flight->newest;

	if (call_is_timed(&tree->calls[0]))
		return tree->calls[0].end;
	for (size_t i = 0; i < tree->ncalls; i++) {
		const struct call *call = &tree->calls[i];
		uint64_t time = call_is_timed(call) ? call->end : call->start;

		end = time > end ? time : end;
	}
	return end;
}

static int flight_begin(struct sink *sink)
{
	return sink_begin(flight_of(sink)->next);
}

static int keep(struct flight *flight, const struct tree *tree, uint64_t end)
{
	if (end > flight->newest)
		flight->newest = end;
	return ring_put(&flight->ring, tree, end, flight->newest);
}

static int flight_root(struct sink *sink, const struct tree *tree)
{
	struct flight *flight = flight_of(sink);

	return flight->open ? let_out(flight, tree) : keep(flight, tree, end_of(flight, tree));
}

static int flight_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct flight *flight = flight_of(sink);
	struct mark copy = *mark;
	struct tree alone = {.marks = &copy, .nmarks = 1};

	(void)tree;
	return flight->open ? let_mark_out(flight, mark) : keep(flight, &alone, mark->end);
}

static int flight_idle(struct sink *sink)
{
	return sink_idle(flight_of(sink)->next);
}

static int each_kept(void *arg, const struct tree *tree, uint64_t end)
{
	struct flight *flight = arg;

	if (end < flight->since)
		return 0;
	return tree->ncalls ? let_out(flight, tree) : let_mark_out(flight, &tree->marks[0]);
}

static int flight_open(struct sink *sink, uint64_t since)
{
	struct flight *flight = flight_of(sink);

	flight->open = flight->opened = true;
	flight->since = since;
	flight->out.overwritten += ring_missing(&flight->ring, since);
	return ring_empty(&flight->ring, each_kept, flight);
}

static int flight_shut(struct sink *sink)
{
	flight_of(sink)->open = false;
	return 0;
}

static int flight_end(struct sink *sink, const struct trace_summary *summary)
{
	return sink_end(flight_of(sink)->next, summary);
}

static const char *flight_note(struct sink *sink)
{
	struct flight *flight = flight_of(sink);

	if (!flight->opened)
		return "no call satisfied --when: nothing was written";
	if (!flight->out.overwritten)
		return sink_note(flight->next);
	snprintf(flight->note, sizeof(flight->note),
		 "%llu calls of that time had no room any more; use a larger --flight-size",
		 (unsigned long long)flight->out.overwritten);
	return flight->note;
}

static void flight_free(struct sink *sink)
{
	struct flight *flight = flight_of(sink);

	sink_free(flight->next);
	ring_release(&flight->ring);
	map_release(&flight->told);
	free(flight);
}

static const struct sink_ops flight_ops = {
	.name = "flight",
	.begin = flight_begin,
	.root = flight_root,
	.mark = flight_mark,
	.idle = flight_idle,
	.open = flight_open,
	.shut = flight_shut,
	.end = flight_end,
	.note = flight_note,
	.free = flight_free,
};

struct sink *flight_new(struct sink *next, uint64_t span, size_t room)
{
	struct flight *flight = calloc(1, sizeof(*flight));

	if (!flight || ring_init(&flight->ring, span, room)) {
		free(flight);
		return NULL;
	}
	flight->sink.ops = &flight_ops;
	flight->next = next;
	return &flight->sink;
}

void flight_summary(const struct sink *sink, struct trace_summary *summary)
{
	const struct trace_summary *out = &((const struct flight *)sink)->out;

	summary->calls = out->calls;
	summary->unwound = out->unwound;
	summary->open = out->open;
	summary->overwritten = out->overwritten;
	memcpy(summary->marks, out->marks, sizeof(summary->marks));
}
