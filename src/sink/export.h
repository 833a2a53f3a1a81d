/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * export: what the formats of other viewers have in common: where a call stands on a time line, and its values as words.
 */
#ifndef FTRACE_SINK_EXPORT_H
#define FTRACE_SINK_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "call/sink.h"

/* From when to when a call is drawn, ns of the trace. */
struct export_span {
	uint64_t start, end;
	bool open; /* it goes on to the end of the trace: `end` means nothing */
};

/*
 * Of call number `i`. What was not seen to end ends with the last thing that is known inside of it; one of unknown start begins with
 * its end.
 */
struct export_span export_span(const struct tree *tree, uint32_t i);

/* How it ended in the words of the JSON lines, "return"; *usual: by a return of its own that was seen, having been seen to begin. */
const char *export_end(const struct call *call, bool *usual);

/* `id=7, s="x"`, `3, nil`: in full, with the types' whole names. */
void export_values(struct buf *buf, const struct values *values, bool results);

/* `G18`, `G18*` of a scheduler's stack that works for it, `thread` of neither. */
void export_track_name(struct buf *buf, const struct tree *tree);

/* ` main.worker`: what the tree's goroutine runs, or, where that is not known, `first`, its first call. */
void export_track_runs(struct buf *buf, const struct tree *tree, const char *first);

/* Apart for each goroutine of a process: those without share one number for each that they work for. */
uint64_t export_track(const struct tree *tree);

/* `main.go:14` of where a function is declared; false when it is not known. */
bool export_source(const struct catalog_func *func, struct buf *buf);

#endif
