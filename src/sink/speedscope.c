/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * speedscope: an evented profile for each goroutine: calls that open and close, in order of time.
 *
 * A profile is in one piece, and goroutines take turns: what happens in each waits in a temporary file (base/spool.h) until the end. What would
 * close before something inside of it does closes with it: the format knows stacks only.
 *
 * Source: speedscope's file-format-spec.ts.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/map.h"
#include "base/spool.h"
#include "base/vec.h"
#include "call/sink.h"
#include "sink/export.h"
#include "sink/formats.h"

#define SCHEMA "https://www.speedscope.app/file-format-schema.json"

/* What waits in the file. */
struct step {
	uint64_t at; /* ns from the start of the trace */
	uint32_t func;
	uint32_t opens;
};

struct track {
	struct spool_stream steps;
	struct buf name;
	uint64_t newest; /* time of the last step */
	uint32_t *stack; /* functions that are open */
	size_t depth, cap;
};

struct speedscope {
	struct sink sink;
	const struct sink_config *config;
	struct spool spool;
	struct map index; /* {pid, track} -> 1 + index */
	struct track *tracks;
	size_t ntracks, captracks;
	bool first; /* of the steps of a profile */
};

static struct speedscope *speedscope_of(struct sink *sink)
{
	return (struct speedscope *)sink;
}

static void speedscope_free(struct sink *sink)
{
	struct speedscope *speedscope = speedscope_of(sink);

	if (!speedscope)
		return;
	for (size_t i = 0; i < speedscope->ntracks; i++) {
		free(speedscope->tracks[i].steps.bytes);
		free(speedscope->tracks[i].stack);
		buf_release(&speedscope->tracks[i].name);
	}
	free(speedscope->tracks);
	map_release(&speedscope->index);
	spool_release(&speedscope->spool);
	free(speedscope);
}

static struct sink *speedscope_new(const struct sink_config *config)
{
	struct speedscope *speedscope = calloc(1, sizeof(*speedscope));

	if (!speedscope)
		return NULL;
	speedscope->sink.ops = &sink_speedscope;
	speedscope->config = config;
	spool_init(&speedscope->spool);
	return &speedscope->sink;
}

static struct track *track_of(struct speedscope *speedscope, const struct tree *tree)
{
	uint32_t pid = tree->process ? tree->process->pid : 0;
	struct map_key key = {.a = pid, .b = export_track(tree)};
	uint64_t *place = map_put(&speedscope->index, key);
	struct track *track;

	if (!place)
		return NULL;
	if (*place)
		return &speedscope->tracks[*place - 1];
	track = vec_push(&speedscope->tracks, &speedscope->ntracks, &speedscope->captracks);
	if (!track)
		return NULL;
	*track = (struct track){0};
	*place = speedscope->ntracks;
	export_track_name(&track->name, tree);
	buf_addf(&track->name, " (%u)", pid);
	return track;
}

static int put_step(struct speedscope *speedscope, struct track *track, uint64_t time,
		    uint32_t func, bool opens)
{
	struct step step = {.func = func, .opens = opens};
	uint64_t start = speedscope->config->start;

	/* Times never go back. */
	step.at = time > start ? time - start : 0;
	if (step.at < track->newest)
		step.at = track->newest;
	track->newest = step.at;
	return spool_add(&speedscope->spool, &track->steps, &step, sizeof(step));
}

static int open_call(struct speedscope *speedscope, struct track *track, const struct call *call,
		     uint64_t time)
{
	uint32_t *slot = vec_push(&track->stack, &track->depth, &track->cap);

	if (!slot)
		return -ENOMEM;
	*slot = call->func;
	return put_step(speedscope, track, time, call->func, true);
}

/* Closes all that is deeper than `depth`. */
static int close_to(struct speedscope *speedscope, struct track *track, size_t depth, uint64_t time)
{
	int err = 0;

	while (track->depth > depth && !err)
		err = put_step(speedscope, track, time, track->stack[--track->depth], false);
	return err;
}

static int speedscope_root(struct sink *sink, const struct tree *tree)
{
	struct speedscope *speedscope = speedscope_of(sink);
	struct track *track = track_of(speedscope, tree);
	uint32_t open = CALL_NONE;
	int err = track ? close_to(speedscope, track, 0, 0) : -ENOMEM;

	for (uint32_t i = 0; i <= tree->ncalls && !err; i++) {
		uint32_t parent = i < tree->ncalls ? tree->calls[i].parent : CALL_NONE;

		while (open != parent && open != CALL_NONE && !err) {
			err = close_to(speedscope, track, tree->calls[open].level,
				       export_span(tree, open).end);
			open = tree->calls[open].parent;
		}
		if (i < tree->ncalls && !err) {
			err = open_call(speedscope, track, &tree->calls[i],
					export_span(tree, i).start);
			open = i;
		}
	}
	return err;
}

static int speedscope_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct speedscope *speedscope = speedscope_of(sink);
	struct track *track = track_of(speedscope, tree);
	const struct call *begun = &tree->calls[call];
	int err = track ? close_to(speedscope, track, begun->level, begun->start) : -ENOMEM;

	return err ? err : open_call(speedscope, track, begun, begun->start);
}

static int speedscope_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct speedscope *speedscope = speedscope_of(sink);
	struct track *track = track_of(speedscope, tree);

	return track ? close_to(speedscope, track, tree->calls[call].level,
				export_span(tree, call).end)
		     : -ENOMEM;
}

static int put_steps(void *arg, const void *bytes, size_t len)
{
	struct speedscope *speedscope = arg;
	struct buf *buf = &speedscope->config->outlet->buf;
	struct step step;

	for (size_t at = 0; at + sizeof(step) <= len; at += sizeof(step)) {
		memcpy(&step, (const char *)bytes + at, sizeof(step));
		buf_adds(buf, speedscope->first ? "\n" : ",\n");
		speedscope->first = false;
		json_object(buf);
		json_field_text(buf, "type", step.opens ? "O" : "C");
		json_field_u64(buf, "frame", step.func);
		json_field_u64(buf, "at", step.at);
		json_object_end(buf);
	}
	return outlet_drain(speedscope->config->outlet);
}

static int put_profile(struct speedscope *speedscope, struct track *track)
{
	struct buf *buf = &speedscope->config->outlet->buf;
	int err;

	json_object(buf);
	json_field_text(buf, "type", "evented");
	json_key(buf, "name");
	json_string(buf, track->name.data, track->name.len);
	json_field_text(buf, "unit", "nanoseconds");
	json_field_u64(buf, "startValue", 0);
	json_field_u64(buf, "endValue", track->newest);
	json_key(buf, "events");
	json_array(buf);
	speedscope->first = true;
	err = spool_drain(&speedscope->spool, &track->steps, put_steps, speedscope);
	json_array_end(buf);
	json_object_end(buf);
	return err;
}

static void put_frames(const struct speedscope *speedscope, struct buf *buf)
{
	const struct catalog *catalog = speedscope->config->catalog;

	json_key(buf, "shared");
	json_object(buf);
	json_key(buf, "frames");
	json_array(buf);
	for (uint32_t i = 0; i < catalog->nfuncs; i++) {
		const struct catalog_func *func = catalog_func(catalog, i);

		json_next(buf);
		json_object(buf);
		json_field_text(buf, "name", func->name);
		if (func->file && strcmp(func->file, "?") != 0) {
			json_field_text(buf, "file", func->file);
			if (func->line > 0)
				json_field_u64(buf, "line", (uint64_t)func->line);
		}
		json_object_end(buf);
	}
	json_array_end(buf);
	json_object_end(buf);
}

static int speedscope_end(struct sink *sink, const struct trace_summary *summary)
{
	struct speedscope *speedscope = speedscope_of(sink);
	struct outlet *outlet = speedscope->config->outlet;
	struct buf *buf = &outlet->buf;
	int err = 0;

	(void)summary;
	json_object(buf);
	json_field_text(buf, "$schema", SCHEMA);
	json_field_text(buf, "exporter", speedscope->config->tool);
	put_frames(speedscope, buf);
	json_key(buf, "profiles");
	json_array(buf);
	for (size_t i = 0; i < speedscope->ntracks && !err; i++) {
		struct track *track = &speedscope->tracks[i];

		err = close_to(speedscope, track, 0, 0);
		json_next(buf);
		if (!err)
			err = put_profile(speedscope, track);
	}
	json_array_end(buf);
	json_line_end(buf);
	return err ? err : outlet_flush(outlet);
}

const struct sink_ops sink_speedscope = {
	.name = "speedscope",
	.new = speedscope_new,
	.root = speedscope_root,
	.enter = speedscope_enter,
	.leave = speedscope_leave,
	.end = speedscope_end,
	.free = speedscope_free,
};
