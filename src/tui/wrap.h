/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wrap: a long text in several lines.
 */
#ifndef FTRACE_TUI_WRAP_H
#define FTRACE_TUI_WRAP_H

#include <stddef.h>

#include "base/buf.h"

/* Appends `text`, which has no newlines, in lines of at most `width` columns, each with its newline; those behind the first one
 * are indented by `indent`. Between words where that leaves a line more than half full. */
void wrap(struct buf *buf, const char *text, size_t len, unsigned int width, unsigned int indent);

#endif
