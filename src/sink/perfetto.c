/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Perfetto's TrackEvents: a group of tracks a process, a track a goroutine, a slice a call, and slices and instants inside of them for
 * marks. Whoever woke a goroutine has an instant, from which a flow leads to where it went on.
 *
 * A file is a message Trace, which is nothing but packets one behind the other, so that it can be written as it comes. All
 * packets are of one sequence; names are interned: told once, with a number. Where the viewer drops calls that
 * are deeper than it draws, an instant says so.
 *
 * Source: perfetto.dev, "Synthetic trace protos reference" (trace_packet.proto, track_event.proto, track_descriptor.proto,
 * interned_data.proto, clock_snapshot.proto).
 */
#include "sink/perfetto.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/protobuf.h"
#include "sink/export.h"
#include "sink/formats.h"

static struct perfetto *perfetto_of(struct sink *sink)
{
	return (struct perfetto *)sink;
}

static void perfetto_free(struct sink *sink)
{
	struct perfetto *perfetto = perfetto_of(sink);

	if (!perfetto)
		return;
	perfetto_packets_release(&perfetto->packets);
	first_trees_release(&perfetto->trees);
	free(perfetto);
}

static struct sink *perfetto_new(const struct sink_config *config)
{
	struct perfetto *perfetto = calloc(1, sizeof(*perfetto));

	if (!perfetto)
		return NULL;
	perfetto->sink.ops = &sink_perfetto;
	perfetto->config = config;
	perfetto->packets.out = &config->outlet->buf;
	perfetto->packets.catalog = config->catalog;
	func_names_init_json(&perfetto->names, config->catalog);
	return &perfetto->sink;
}

static int result(struct perfetto *perfetto)
{
	if (perfetto->packets.failed || perfetto->trees.failed)
		return -ENOMEM;
	return outlet_drain(perfetto->config->outlet);
}

static int perfetto_begin(struct sink *sink)
{
	struct perfetto *perfetto = perfetto_of(sink);
	const struct sink_config *config = perfetto->config;

	perfetto_packets_begin(&perfetto->packets, config->start,
			       (uint64_t)sink_unix_time(config, config->start));
	return result(perfetto);
}

static int perfetto_process(struct sink *sink, const struct process *process)
{
	struct perfetto *perfetto = perfetto_of(sink);

	perfetto_packets_process(&perfetto->packets, process);
	return result(perfetto);
}

/* What is known of a call when it begins. */
static void note_entry(struct perfetto *perfetto, const struct tree *tree, const struct call *call)
{
	const struct caller *caller =
		call->caller && tree->source ? tree->source->caller(tree->source, call) : NULL;
	const struct values *args = tree_args(tree, call);
	struct perfetto_packets *packets = &perfetto->packets;
	struct buf *words = &packets->words;

	if (call->id)
		perfetto_note_number(packets, NOTE_ID, call->id);
	if (args) {
		buf_reset(words);
		export_values(words, args, false);
		perfetto_note(packets, NOTE_ARGS, words->data, words->len);
	}
	if (caller) {
		buf_reset(words);
		buf_adds(words, caller->inlined ? caller->inlined : caller->func);
		if (caller->file)
			buf_addf(words, " %s:%d", caller->file, caller->line);
		perfetto_note(packets, NOTE_CALLER, words->data, words->len);
	}
}

static void note_exit(struct perfetto *perfetto, const struct tree *tree, const struct call *call)
{
	const struct values *results = tree_results(tree, call);
	const struct call_times *times = tree_times(tree, call);
	struct perfetto_packets *packets = &perfetto->packets;
	bool usual;
	const char *end = export_end(call, &usual);

	if (results) {
		buf_reset(&packets->words);
		export_values(&packets->words, results, true);
		perfetto_note(packets, NOTE_RESULTS, packets->words.data, packets->words.len);
	}
	if (!usual)
		perfetto_note(packets, NOTE_END, end, strlen(end));
	if (!times)
		return;
	perfetto_note_number(packets, NOTE_RUNNING, times->ns[STATE_RUNNING]);
	perfetto_note_number(packets, NOTE_WAIT, call_times_wait(times));
	perfetto_note_number(packets, NOTE_SYSCALL, times->ns[STATE_SYSCALL]);
}

/* The viewer draws so many slices inside of each other, and drops what is deeper. */
#define DEPTH_DRAWN 512

static void begin_call(struct perfetto *perfetto, const struct tree *tree, uint32_t i,
		       uint64_t time)
{
	struct perfetto_packets *packets = &perfetto->packets;
	const struct call *call = &tree->calls[i];
	uint64_t track = perfetto_packets_track(packets, tree, call->func);

	if (call->level == DEPTH_DRAWN) {
		perfetto->deep++;
		perfetto_event(packets,
			       &(struct perfetto_event){
				       .type = EVENT_INSTANT,
				       .track = track,
				       .time = time,
				       .text = "calls below are deeper than the viewer draws",
				       .category = "trace",
			       });
		perfetto_event_end(packets);
	}
	perfetto_event(packets, &(struct perfetto_event){
					.type = EVENT_BEGIN,
					.track = track,
					.time = time,
					.func = 1 + call->func,
					.category = "call",
				});
	note_entry(perfetto, tree, call);
	/* One that does not end has no packet that could say so. */
	if (call->how == CALL_OPEN)
		note_exit(perfetto, tree, call);
	perfetto_event_end(packets);
}

static void end_call(struct perfetto *perfetto, const struct tree *tree, uint32_t i, uint64_t time)
{
	struct perfetto_packets *packets = &perfetto->packets;
	const struct call *call = &tree->calls[i];

	perfetto_event(packets, &(struct perfetto_event){
					.type = EVENT_END,
					.track = perfetto_packets_track(packets, tree, call->func),
					.time = time,
				});
	note_exit(perfetto, tree, call);
	perfetto_event_end(packets);
}

/* The two ends of the arrow from a waker to the woken. */
static void put_flow(struct perfetto *perfetto, uint64_t track, const struct tree *tree,
		     const struct mark *mark, const struct mark_detail *detail)
{
	struct perfetto_packets *packets = &perfetto->packets;
	uint64_t waker = perfetto_packets_goroutine(packets, tree, detail->waker.goid);

	perfetto->flows++;
	for (int end = 0; end < 2; end++) {
		perfetto_event(packets,
			       &(struct perfetto_event){
				       .type = EVENT_INSTANT,
				       .track = end ? track : waker,
				       .time = end ? mark->end : mark->end - detail->runnable,
				       .text = end ? "woken" : "wakes",
				       .category = "wakeup",
				       .flow = perfetto->flows,
				       .flow_ends = end,
			       });
		perfetto_event_end(packets);
	}
}

/* The two ends of the arrow from a go statement to the first call of the goroutine that it made. */
static void put_origin(struct perfetto *perfetto, const struct tree *tree)
{
	const struct goroutine *goroutine = first_tree_link(&perfetto->trees, tree);
	struct perfetto_packets *packets = &perfetto->packets;
	uint64_t parent, child;
	struct buf text = {0};

	if (!goroutine)
		return;
	buf_addf(&text, "go %s", goroutine->func ? goroutine->func : "?");
	parent = perfetto_packets_goroutine(packets, tree, goroutine->parent);
	child = perfetto_packets_track(packets, tree, tree->calls[0].func);
	perfetto->flows++;
	perfetto_event(packets, &(struct perfetto_event){
					.type = EVENT_INSTANT,
					.track = parent,
					.time = goroutine->start,
					.text = buf_str(&text),
					.category = "goroutine",
					.flow = perfetto->flows,
				});
	perfetto_event_end(packets);
	perfetto_event(packets, &(struct perfetto_event){
					.type = EVENT_INSTANT,
					.track = child,
					.time = export_span(tree, 0).start,
					.text = "started",
					.category = "goroutine",
					.flow = perfetto->flows,
					.flow_ends = true,
				});
	perfetto_event_end(packets);
	packets->failed |= text.failed;
	buf_release(&text);
}

static void put_mark(struct perfetto *perfetto, const struct tree *tree, const struct mark *mark)
{
	const struct mark_detail *detail = tree_mark_detail(tree, mark);
	struct perfetto_packets *packets = &perfetto->packets;
	struct mark_words words = {.config = perfetto->config, .names = &perfetto->names};
	bool lasts = mark->kind->lasts && !mark->open;
	struct perfetto_event event = {
		.type = lasts ? EVENT_BEGIN : EVENT_INSTANT,
		.time = mark->start,
		.category = mark->kind->name,
	};

	if (!mark->kind->words)
		return;
	event.track = tree ? perfetto_packets_track(packets, tree, 0) : 0;
	words.exe = catalog_exe(perfetto->config->catalog, 0);
	buf_reset(&packets->words);
	mark_text(&packets->words, &words, mark, detail);
	event.text = detail && detail->name ? detail->name : buf_str(&packets->words);
	perfetto_event(packets, &event);
	perfetto_note(packets, NOTE_TEXT, packets->words.data, packets->words.len);
	if (mark->open)
		perfetto_note(packets, NOTE_END, "open", strlen("open"));
	perfetto_event_end(packets);
	if (!lasts)
		return;
	perfetto_event(packets, &(struct perfetto_event){.type = EVENT_END,
							 .track = event.track,
							 .time = mark->end});
	perfetto_event_end(packets);
	if (tree && detail && detail->waited && detail->waker.goid_known)
		put_flow(perfetto, event.track, tree, mark, detail);
}

/* A tree on its way out. */
struct walk {
	struct perfetto *perfetto;
	const struct tree *tree;
	uint32_t open;
	size_t mark;
};

/* Marks before call number `next` that began before `until`. */
static void put_marks(struct walk *walk, size_t next, uint64_t until)
{
	const struct tree *tree = walk->tree;

	for (; walk->mark < tree->nmarks && tree->marks[walk->mark].before <= next &&
	       tree->marks[walk->mark].start < until;
	     walk->mark++)
		put_mark(walk->perfetto, tree, &tree->marks[walk->mark]);
}

static void close_to(struct walk *walk, uint32_t parent, size_t next)
{
	while (walk->open != parent && walk->open != CALL_NONE) {
		struct export_span span = export_span(walk->tree, walk->open);

		put_marks(walk, next, span.open ? UINT64_MAX : span.end);
		if (!span.open)
			end_call(walk->perfetto, walk->tree, walk->open, span.end);
		walk->open = walk->tree->calls[walk->open].parent;
	}
}

static int perfetto_root(struct sink *sink, const struct tree *tree)
{
	struct walk walk = {.perfetto = perfetto_of(sink), .tree = tree, .open = CALL_NONE};
	int err = 0;

	put_origin(walk.perfetto, tree);
	for (uint32_t i = 0; i < tree->ncalls && !err; i++) {
		close_to(&walk, tree->calls[i].parent, i);
		put_marks(&walk, i, UINT64_MAX);
		begin_call(walk.perfetto, tree, i, export_span(tree, i).start);
		walk.open = i;
		err = result(walk.perfetto);
	}
	close_to(&walk, CALL_NONE, tree->ncalls);
	put_marks(&walk, tree->ncalls, UINT64_MAX);
	return err ? err : result(walk.perfetto);
}

static int perfetto_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	put_origin(perfetto_of(sink), tree);
	begin_call(perfetto_of(sink), tree, call, tree->calls[call].start);
	return result(perfetto_of(sink));
}

static int perfetto_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct export_span span = export_span(tree, call);

	if (!span.open)
		end_call(perfetto_of(sink), tree, call, span.end);
	return result(perfetto_of(sink));
}

static int perfetto_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	put_mark(perfetto_of(sink), tree, mark);
	return result(perfetto_of(sink));
}

static int perfetto_end(struct sink *sink, const struct trace_summary *summary)
{
	struct perfetto *perfetto = perfetto_of(sink);

	(void)summary;
	func_names_release(&perfetto->names);
	return outlet_flush(perfetto->config->outlet);
}

static const char *perfetto_note_line(struct sink *sink)
{
	return perfetto_of(sink)->deep
		       ? "calls deeper than 512 are in the file, but Perfetto's viewer "
			 "does not draw them"
		       : NULL;
}

const struct sink_ops sink_perfetto = {
	.name = "perfetto",
	.new = perfetto_new,
	.begin = perfetto_begin,
	.process = perfetto_process,
	.root = perfetto_root,
	.enter = perfetto_enter,
	.leave = perfetto_leave,
	.mark = perfetto_mark,
	.end = perfetto_end,
	.note = perfetto_note_line,
	.free = perfetto_free,
};
