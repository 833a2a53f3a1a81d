/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sheet_stream: the streamed calls of a block, put together to trees again. For sheet.c alone.
 *
 * They come as beginnings and ends, those of several goroutines among each other. Here each call hangs on its caller, if that
 * was seen in this block before.
 */
#ifndef FTRACE_TUI_SHEET_STREAM_H
#define FTRACE_TUI_SHEET_STREAM_H

#include "base/map.h"
#include "tui/sheet.h"

/* A call or a mark, linked by 1 + index; 0: none. */
struct piece {
	bool is_mark;
	bool began, ended; /* of a call: in this block */
	uint32_t item;     /* in stream->calls or ->marks */
	uint32_t parent, first, last, next;
	uint32_t at; /* once it is collected, a call: its index in the root */
};

struct stream_call {
	struct call call;
	struct call_times times;
};

struct stream {
	struct piece *pieces;
	size_t npieces, cappieces;
	struct stream_call *calls;
	size_t ncalls, capcalls;
	struct mark *marks;
	size_t nmarks, capmarks;
	struct map known; /* id of a call -> its piece */
};

void stream_release(struct stream *stream);

/* Call number `call` of the tree has begun, or ended. Its piece; 0 when memory is out. `hangs`: on its caller, or it was known
 * already; false: it is a root, and new. */
uint32_t stream_call(struct stream *stream, const struct tree *tree, uint32_t call, bool ends,
		     bool *hangs);

/* A mark in the call with that id. `hangs`: that call is known. False when memory is out. */
bool stream_mark(struct stream *stream, uint64_t id, const struct mark *mark, bool *hangs);

/* Puts the calls and marks of a root into the sheet, as those of a tree. 0 or -ENOMEM. */
int stream_collect(struct stream *stream, uint32_t root, struct sheet *sheet);

/* Which of its ends the call has in this block. */
enum node_kind stream_kind(const struct stream *stream, uint64_t id);

/* sheet.c: appends. 0 or -ENOMEM. `times`: NULL where they are not known. */
int sheet_add_call(struct sheet *sheet, const struct call *call, const struct call_times *times);
int sheet_add_mark(struct sheet *sheet, const struct mark *mark);

#endif
