/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/diff_json.h"

#include "base/json.h"
#include "sink/stats_json.h"

static void add_side(struct buf *buf, const struct diff *diff, const struct diff_row *row,
		     enum diff_side side, bool waits)
{
	struct ft_stats stats;
	struct stats_row of = row->of[side];

	if (!row->has[side]) {
		json_null(buf);
		return;
	}
	diff_buckets(diff, row, side, &stats);
	of.stats = &stats;
	json_object(buf);
	stats_json_row(buf, &of, waits);
	json_object_end(buf);
}

void diff_json(struct buf *buf, const struct diff *diff, struct func_names *names,
	       const struct diff_row *row, const bool waits[DIFF_SIDES])
{
	const struct func_name *name = func_names_get(names, row->func);

	json_object(buf);
	json_field_text(buf, "type", "diff");
	json_key(buf, "func");
	json_quoted(buf, name->text, name->len);
	json_key(buf, "before");
	add_side(buf, diff, row, DIFF_BEFORE, waits[DIFF_BEFORE]);
	json_key(buf, "after");
	add_side(buf, diff, row, DIFF_AFTER, waits[DIFF_AFTER]);
	json_line_end(buf);
}
