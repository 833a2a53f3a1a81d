/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * details: all that is known of the row under the cursor, a line a thing.
 *
 *     main.doSomething  student/main.go:75
 *     from main.main+686 student/main.go:132
 *     call 17: goroutine 1, thread 412 of process 411 /srv/student
 *     10.3 ms: 200 us running, 10.1 ms waiting
 *       round=14
 *       = 18
 *     ~ sync.Mutex.Lock; woken by G24 main.(*pool).write pool/main.go:27 (14.7 ms)
 */
#ifndef FTRACE_TUI_DETAILS_H
#define FTRACE_TUI_DETAILS_H

#include "base/buf.h"
#include "tui/line.h"
#include "tui/rows.h"

/* Appends the lines, each with its newline and of at most `width` columns: what is longer goes on below. Escaped as rows are,
 * without colours. */
void details(struct buf *buf, struct lines *lines, struct rows *rows, struct place place,
	     unsigned int width);

#endif
