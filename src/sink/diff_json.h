/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diff_json: the lines of the type "diff".
 *
 *     {"type":"diff","func":"main.store","before":{"calls":120,"errors":null,"total":300000000,...},"after":{...}}
 *
 * Each side has the fields of the line "function" (stats_json.h), or is null where the function was not called.
 */
#ifndef FTRACE_SINK_DIFF_JSON_H
#define FTRACE_SINK_DIFF_JSON_H

#include "call/diff.h"
#include "sink/func_names.h"

/* Appends the line of one row. `waits`: of each side, whether it is known where the time went. */
void diff_json(struct buf *buf, const struct diff *diff, struct func_names *names,
	       const struct diff_row *row, const bool waits[DIFF_SIDES]);

#endif
