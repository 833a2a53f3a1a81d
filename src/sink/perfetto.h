/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * perfetto: what the two files of that format share: packets, and what goes into them. Internal to perfetto*.c.
 */
#ifndef FTRACE_SINK_PERFETTO_H
#define FTRACE_SINK_PERFETTO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "call/sink.h"
#include "sink/first_tree.h"
#include "sink/func_names.h"
#include "sink/mark_text.h"

/* Values of TrackEvent.Type. */
enum perfetto_type { EVENT_BEGIN = 1, EVENT_END = 2, EVENT_INSTANT = 3 };

/* Names of annotations. */
enum perfetto_annotation {
	NOTE_ID,
	NOTE_ARGS,
	NOTE_RESULTS,
	NOTE_CALLER,
	NOTE_END,
	NOTE_TEXT,
	NOTE_RUNNING,
	NOTE_WAIT,
	NOTE_SYSCALL,
	NOTES
};

struct perfetto_event {
	enum perfetto_type type;
	uint64_t track; /* of perfetto_packets_track(); 0: none */
	uint64_t time;  /* ns */
	uint32_t func;  /* 1 + id in the catalog: its name; 0: `text` is */
	const char *text;
	const char *category; /* NULL at an end */
	uint64_t flow;        /* 0: none */
	bool flow_ends;
};

/* Packets on their way out. */
struct perfetto_packets {
	struct buf *out;
	const struct catalog *catalog;
	struct map tracks;    /* {pid, track} -> uuid */
	struct map named;     /* {pid, track} of those that have a name */
	struct map processes; /* pid -> uuid */
	uint64_t uuids;
	struct buf told; /* a byte for each function: 1 once its name is interned */
	bool noted[NOTES];
	struct buf words;    /* the caller's, to put something together */
	struct buf interned; /* of the packet at hand */
	struct buf event;
	uint64_t time;
	bool failed;
};

struct perfetto {
	struct sink sink;
	const struct sink_config *config;
	struct perfetto_packets packets;
	struct func_names names;
	struct first_trees trees;
	uint64_t flows;
	uint64_t deep; /* trees with calls that are not drawn */
};

void perfetto_packets_release(struct perfetto_packets *packets);

/* Clocks, and that nothing is interned so far. */
void perfetto_packets_begin(struct perfetto_packets *packets, uint64_t start, uint64_t unix_start);

void perfetto_packets_process(struct perfetto_packets *packets, const struct process *process);

/* The track of a tree's goroutine, made when it was not there, with the name of what that runs, or else of `func`, its first call's. */
uint64_t perfetto_packets_track(struct perfetto_packets *packets, const struct tree *tree,
				uint32_t func);

/* That of another goroutine of the tree's process, of which nothing more is known. */
uint64_t perfetto_packets_goroutine(struct perfetto_packets *packets, const struct tree *tree,
				    uint64_t goid);

/* Begins a packet; annotations may follow; perfetto_event_end() ends it. */
void perfetto_event(struct perfetto_packets *packets, const struct perfetto_event *event);
void perfetto_note(struct perfetto_packets *packets, enum perfetto_annotation note,
		   const char *text, size_t len);
void perfetto_note_number(struct perfetto_packets *packets, enum perfetto_annotation note,
			  uint64_t number);
void perfetto_event_end(struct perfetto_packets *packets);

#endif
