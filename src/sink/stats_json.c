/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/stats_json.h"

#include <errno.h>
#include <stdlib.h>

#include "base/json.h"

/* [[low,count],...], of the buckets that hold something. */
static void add_histogram(struct buf *buf, const struct ft_stats *stats)
{
	json_key(buf, "histogram");
	json_array(buf);
	for (uint32_t i = 0; i < FT_BUCKETS; i++) {
		if (!stats->buckets[i])
			continue;
		json_next(buf);
		json_array(buf);
		json_u64(buf, ft_bucket_low(i));
		json_next(buf);
		json_u64(buf, stats->buckets[i]);
		json_array_end(buf);
	}
	json_array_end(buf);
}

/* [{"reason","waits","time"},...], the longest time first; a reason that is not known is null. */
static void add_reasons(struct buf *buf, const struct reasons *reasons)
{
	json_key(buf, "reasons");
	json_array(buf);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct reason *reason = &reasons->list[i];

		json_next(buf);
		json_object(buf);
		json_key(buf, "reason");
		if (reason->name)
			json_text(buf, reason->name);
		else
			json_null(buf);
		json_field_u64(buf, "waits", reason->waits);
		json_field_u64(buf, "time", reason->ns);
		json_object_end(buf);
	}
	json_array_end(buf);
}

void stats_json_row(struct buf *buf, const struct stats_row *row, bool waits)
{
	json_field_u64(buf, "calls", row->calls);
	json_key(buf, "errors");
	if (row->errors_known)
		json_u64(buf, row->errors);
	else
		json_null(buf);
	json_field_u64(buf, "total", row->total);
	json_field_u64(buf, "self", row->self);
	if (waits && stats_row_timed(row)) {
		json_field_u64(buf, "run", row->run);
		json_field_u64(buf, "wait", row->wait);
		json_field_u64(buf, "syscall", row->syscall);
	}
	json_field_u64(buf, "min", row->min);
	json_field_u64(buf, "avg", row->avg);
	json_field_u64(buf, "p50", row->p50);
	json_field_u64(buf, "p90", row->p90);
	json_field_u64(buf, "p99", row->p99);
	json_field_u64(buf, "max", row->max);
	add_histogram(buf, row->stats);
	if (waits && row->waits->count)
		add_reasons(buf, row->waits);
}

static void add_row(struct buf *buf, const struct sink_config *config, struct func_names *names,
		    const struct stats_row *row)
{
	const struct func_name *name = func_names_get(names, row->func);
	const char *path = catalog_exe_of(config->catalog, row->func)->path;

	json_object(buf);
	json_field_text(buf, "type", "function");
	json_key(buf, "func");
	json_quoted(buf, name->text, name->len);
	if (config->catalog->nexes > 1 && path)
		json_field_text(buf, "exe", path);
	if (config->since)
		json_field_u64(buf, "start", (uint64_t)sink_unix_time(config, config->since));
	stats_json_row(buf, row, config->waits);
	json_line_end(buf);
}

int stats_json(struct buf *buf, const struct sink_config *config, struct func_names *names)
{
	size_t count;
	struct stats_row *rows = stats_rows(config->stats, config->sort, &count);

	if (!rows && stats_calls(config->stats))
		return -ENOMEM;
	for (size_t i = 0; rows && i < count; i++)
		add_row(buf, config, names, &rows[i]);
	free(rows);
	return buf->failed ? -ENOMEM : 0;
}
