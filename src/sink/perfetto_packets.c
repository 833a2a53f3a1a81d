/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <string.h>

#include "base/protobuf.h"
#include "sink/export.h"
#include "sink/perfetto.h"

/* Numbers of fields, by message. */
enum { TRACE_PACKET = 1 };
enum {
	PACKET_CLOCK_SNAPSHOT = 6,
	PACKET_TIMESTAMP = 8,
	PACKET_SEQUENCE = 10,
	PACKET_TRACK_EVENT = 11,
	PACKET_INTERNED = 12,
	PACKET_SEQUENCE_FLAGS = 13,
	PACKET_DEFAULTS = 59,
	PACKET_TRACK_DESCRIPTOR = 60,
};
enum { DEFAULTS_CLOCK = 58 };
enum { SNAPSHOT_CLOCK = 1, SNAPSHOT_PRIMARY = 2, CLOCK_ID = 1, CLOCK_TIMESTAMP = 2 };
enum {
	TRACK_UUID = 1,
	TRACK_NAME = 2,
	TRACK_PROCESS = 3,
	TRACK_PARENT = 5,
	TRACK_CHILD_ORDERING = 11,
	TRACK_RANK = 12,
	TRACK_MERGE = 15,
	PROCESS_PID = 1,
	PROCESS_NAME = 6,
};
enum {
	EVENT_ANNOTATION = 4,
	EVENT_TYPE = 9,
	EVENT_NAME_IID = 10,
	EVENT_TRACK = 11,
	EVENT_CATEGORY = 22,
	EVENT_NAME = 23,
	EVENT_SOURCE_IID = 34,
	EVENT_FLOW = 47,
	EVENT_FLOW_END = 48,
};
enum { ANNOTATION_NAME_IID = 1, ANNOTATION_UINT = 3, ANNOTATION_STRING = 6 };
enum { INTERNED_NAME = 2, INTERNED_ANNOTATION = 3, INTERNED_SOURCE = 4, IID = 1, TEXT = 2 };
enum { SOURCE_FILE = 2, SOURCE_FUNCTION = 3, SOURCE_LINE = 4 };

#define SEQUENCE           1
#define STATE_CLEARED      1
#define NEEDS_STATE        2
#define CLOCK_REALTIME_ID  1
#define CLOCK_MONOTONIC_ID 3
#define ORDERING_EXPLICIT  3
#define MERGE_NONE         2

void perfetto_packets_release(struct perfetto_packets *packets)
{
	map_release(&packets->tracks);
	map_release(&packets->named);
	map_release(&packets->processes);
	buf_release(&packets->told);
	buf_release(&packets->words);
	buf_release(&packets->interned);
	buf_release(&packets->event);
}

static size_t packet_open(struct perfetto_packets *packets)
{
	return protobuf_open(packets->out, TRACE_PACKET);
}

static void packet_close(struct perfetto_packets *packets, size_t at, uint64_t flags)
{
	protobuf_u64(packets->out, PACKET_SEQUENCE, SEQUENCE);
	protobuf_u64(packets->out, PACKET_SEQUENCE_FLAGS, flags);
	protobuf_close(packets->out, at);
}

static void put_clock(struct buf *buf, uint64_t id, uint64_t time)
{
	size_t at = protobuf_open(buf, SNAPSHOT_CLOCK);

	protobuf_u64(buf, CLOCK_ID, id);
	protobuf_u64(buf, CLOCK_TIMESTAMP, time);
	protobuf_close(buf, at);
}

void perfetto_packets_begin(struct perfetto_packets *packets, uint64_t start, uint64_t unix_start)
{
	struct buf *buf = packets->out;
	size_t at = packet_open(packets), in;

	in = protobuf_open(buf, PACKET_DEFAULTS);
	protobuf_u64(buf, DEFAULTS_CLOCK, CLOCK_MONOTONIC_ID);
	protobuf_close(buf, in);
	packet_close(packets, at, STATE_CLEARED);

	at = packet_open(packets);
	protobuf_u64(buf, PACKET_TIMESTAMP, start);
	in = protobuf_open(buf, PACKET_CLOCK_SNAPSHOT);
	put_clock(buf, CLOCK_MONOTONIC_ID, start);
	put_clock(buf, CLOCK_REALTIME_ID, unix_start);
	protobuf_u64(buf, SNAPSHOT_PRIMARY, CLOCK_MONOTONIC_ID);
	protobuf_close(buf, in);
	packet_close(packets, at, NEEDS_STATE);
}

/* A new number for {pid, track}; *known: it had one. 0 when memory is out. */
static uint64_t uuid_of(struct perfetto_packets *packets, struct map *map, struct map_key key,
			bool *known)
{
	uint64_t *place = map_put(map, key);

	*known = place && *place;
	if (!place) {
		packets->failed = true;
		return 0;
	}
	if (!*place)
		*place = ++packets->uuids;
	return *place;
}

static uint64_t process_uuid(struct perfetto_packets *packets, uint32_t pid)
{
	bool known;

	return uuid_of(packets, &packets->processes, (struct map_key){.a = pid}, &known);
}

void perfetto_packets_process(struct perfetto_packets *packets, const struct process *process)
{
	struct buf *buf = packets->out;
	size_t at = packet_open(packets), in = protobuf_open(buf, PACKET_TRACK_DESCRIPTOR), who;

	protobuf_u64(buf, TRACK_UUID, process_uuid(packets, process->pid));
	protobuf_u64(buf, TRACK_CHILD_ORDERING, ORDERING_EXPLICIT);
	who = protobuf_open(buf, TRACK_PROCESS);
	protobuf_u64(buf, PROCESS_PID, process->pid);
	buf_reset(&packets->words);
	if (process->exe)
		buf_adds(&packets->words, process->exe);
	if (process->host)
		buf_addf(&packets->words, " on %s", process->host);
	if (packets->words.len)
		protobuf_string(buf, PROCESS_NAME, packets->words.data, packets->words.len);
	protobuf_close(buf, who);
	protobuf_close(buf, in);
	packet_close(packets, at, NEEDS_STATE);
}

/* Whether a track has no name so far, and gets one now: a goroutine may have woken or made others before its first call, and
 * what is told of a track last counts. */
static bool is_unnamed(struct perfetto_packets *packets, struct map_key key)
{
	uint64_t *place = map_put(&packets->named, key);
	bool unnamed = place && !*place;

	packets->failed |= !place;
	if (place)
		*place = 1;
	return unnamed;
}

static uint64_t make_track(struct perfetto_packets *packets, const struct tree *tree,
			   const struct catalog_func *func)
{
	uint32_t pid = tree->process ? tree->process->pid : 0;
	struct map_key key = {.a = pid, .b = export_track(tree)};
	struct buf *buf = packets->out;
	uint64_t uuid;
	size_t at, in;
	bool known, named;

	uuid = uuid_of(packets, &packets->tracks, key, &known);
	named = !func || !is_unnamed(packets, key);
	if (!uuid || (known && named))
		return uuid;
	buf_reset(&packets->words);
	export_track_name(&packets->words, tree);
	if (func)
		export_track_runs(&packets->words, tree, func->name);
	at = packet_open(packets);
	in = protobuf_open(buf, PACKET_TRACK_DESCRIPTOR);
	protobuf_u64(buf, TRACK_UUID, uuid);
	protobuf_u64(buf, TRACK_PARENT, process_uuid(packets, pid));
	protobuf_string(buf, TRACK_NAME, packets->words.data, packets->words.len);
	protobuf_u64(buf, TRACK_RANK, key.b < INT32_MAX ? key.b : INT32_MAX);
	protobuf_u64(buf, TRACK_MERGE, MERGE_NONE);
	protobuf_close(buf, in);
	packet_close(packets, at, NEEDS_STATE);
	return uuid;
}

uint64_t perfetto_packets_track(struct perfetto_packets *packets, const struct tree *tree,
				uint32_t func)
{
	return make_track(packets, tree, catalog_func(packets->catalog, func));
}

uint64_t perfetto_packets_goroutine(struct perfetto_packets *packets, const struct tree *tree,
				    uint64_t goid)
{
	struct tree of = {.process = tree->process, .goid = goid};

	return make_track(packets, &of, NULL);
}

/* Whether the function's name is still to be told. */
static bool is_untold(struct perfetto_packets *packets, uint32_t func)
{
	struct buf *told = &packets->told;

	if (func >= told->len)
		buf_fill(told, 0, func + 1 - told->len);
	if (told->failed) {
		packets->failed = true;
		return false;
	}
	if (told->data[func])
		return false;
	told->data[func] = 1;
	return true;
}

static void tell_function(struct perfetto_packets *packets, uint32_t id)
{
	const struct catalog_func *func = catalog_func(packets->catalog, id);
	struct buf *buf = &packets->interned;
	const char *name = func ? func->name : "?";
	size_t at = protobuf_open(buf, INTERNED_NAME);

	protobuf_u64(buf, IID, 1 + (uint64_t)id);
	protobuf_string(buf, TEXT, name, strlen(name));
	protobuf_close(buf, at);
	at = protobuf_open(buf, INTERNED_SOURCE);
	protobuf_u64(buf, IID, 1 + (uint64_t)id);
	if (func && func->file && strcmp(func->file, "?") != 0) {
		protobuf_string(buf, SOURCE_FILE, func->file, strlen(func->file));
		protobuf_u64(buf, SOURCE_LINE, func->line > 0 ? (uint64_t)func->line : 0);
	}
	protobuf_string(buf, SOURCE_FUNCTION, name, strlen(name));
	protobuf_close(buf, at);
}

void perfetto_event(struct perfetto_packets *packets, const struct perfetto_event *event)
{
	struct buf *buf = &packets->event;

	packets->time = event->time;
	buf_reset(&packets->interned);
	buf_reset(buf);
	protobuf_u64(buf, EVENT_TYPE, event->type);
	protobuf_u64(buf, EVENT_TRACK, event->track);
	if (event->func) {
		if (is_untold(packets, event->func - 1))
			tell_function(packets, event->func - 1);
		protobuf_u64(buf, EVENT_NAME_IID, event->func);
		protobuf_u64(buf, EVENT_SOURCE_IID, event->func);
	} else if (event->text) {
		protobuf_string(buf, EVENT_NAME, event->text, strlen(event->text));
	}
	if (event->category)
		protobuf_text(buf, EVENT_CATEGORY, event->category);
	if (event->flow)
		protobuf_fixed64(buf, event->flow_ends ? EVENT_FLOW_END : EVENT_FLOW, event->flow);
}

/* Begins an annotation, whose name is told when it is new. */
static size_t open_note(struct perfetto_packets *packets, enum perfetto_annotation note)
{
	static const char *const names[NOTES] = {
		[NOTE_ID] = "id",           [NOTE_ARGS] = "args", [NOTE_RESULTS] = "results",
		[NOTE_CALLER] = "caller",   [NOTE_END] = "end",   [NOTE_TEXT] = "text",
		[NOTE_RUNNING] = "running", [NOTE_WAIT] = "wait", [NOTE_SYSCALL] = "syscall",
	};
	size_t at;

	if (!packets->noted[note]) {
		packets->noted[note] = true;
		at = protobuf_open(&packets->interned, INTERNED_ANNOTATION);
		protobuf_u64(&packets->interned, IID, 1 + (uint64_t)note);
		protobuf_text(&packets->interned, TEXT, names[note]);
		protobuf_close(&packets->interned, at);
	}
	at = protobuf_open(&packets->event, EVENT_ANNOTATION);
	protobuf_u64(&packets->event, ANNOTATION_NAME_IID, 1 + (uint64_t)note);
	return at;
}

void perfetto_note(struct perfetto_packets *packets, enum perfetto_annotation note,
		   const char *text, size_t len)
{
	size_t at = open_note(packets, note);

	protobuf_string(&packets->event, ANNOTATION_STRING, text, len);
	protobuf_close(&packets->event, at);
}

void perfetto_note_number(struct perfetto_packets *packets, enum perfetto_annotation note,
			  uint64_t number)
{
	size_t at = open_note(packets, note);

	protobuf_u64(&packets->event, ANNOTATION_UINT, number);
	protobuf_close(&packets->event, at);
}

void perfetto_event_end(struct perfetto_packets *packets)
{
	struct buf *buf = packets->out;
	size_t at = packet_open(packets);

	packets->failed |=
		packets->event.failed || packets->interned.failed || packets->words.failed;
	protobuf_u64(buf, PACKET_TIMESTAMP, packets->time);
	if (packets->interned.len)
		protobuf_bytes(buf, PACKET_INTERNED, packets->interned.data, packets->interned.len);
	protobuf_bytes(buf, PACKET_TRACK_EVENT, packets->event.data, packets->event.len);
	packet_close(packets, at, NEEDS_STATE);
}
