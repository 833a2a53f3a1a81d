/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/stats_json.h"

#include <errno.h>
#include <stdlib.h>

#include "base/escape.h"

static void add_number(struct buf *buf, const char *before, uint64_t number)
{
	buf_adds(buf, before);
	buf_addu(buf, number);
}

static void add_histogram(struct buf *buf, const struct ft_stats *stats)
{
	const char *before = ",\"histogram\":[[";

	for (uint32_t i = 0; i < FT_BUCKETS; i++) {
		if (!stats->buckets[i])
			continue;
		add_number(buf, before, ft_bucket_low(i));
		add_number(buf, ",", stats->buckets[i]);
		before = "],[";
	}
	buf_adds(buf, *before == ']' ? "]]" : ",\"histogram\":[]");
}

static void add_exe(struct buf *buf, const struct catalog *catalog, uint32_t func)
{
	const char *path = catalog_exe_of(catalog, func)->path;

	if (catalog->nexes < 2 || !path)
		return;
	buf_adds(buf, ",\"exe\":\"");
	escape_json(buf, path, strlen(path));
	buf_addc(buf, '"');
}

static void add_row(struct buf *buf, const struct sink_config *config,
		    struct func_names *names, const struct stats_row *row)
{
	const struct func_name *name = func_names_get(names, row->func);

	buf_adds(buf, "{\"type\":\"function\",\"func\":\"");
	buf_add(buf, name->text, name->len);
	buf_addc(buf, '"');
	add_exe(buf, config->catalog, row->func);
	add_number(buf, ",\"calls\":", row->calls);
	if (row->errors_known)
		add_number(buf, ",\"errors\":", row->errors);
	else
		buf_adds(buf, ",\"errors\":null");
	add_number(buf, ",\"total\":", row->total);
	add_number(buf, ",\"self\":", row->self);
	add_number(buf, ",\"min\":", row->min);
	add_number(buf, ",\"avg\":", row->avg);
	add_number(buf, ",\"p50\":", row->p50);
	add_number(buf, ",\"p90\":", row->p90);
	add_number(buf, ",\"p99\":", row->p99);
	add_number(buf, ",\"max\":", row->max);
	add_histogram(buf, row->stats);
	buf_adds(buf, "}\n");
}

int stats_json(struct buf *buf, const struct sink_config *config, struct func_names *names)
{
	size_t count;
	struct stats_row *rows = stats_rows(config->stats, config->sort, &count);

	if (!rows && stats_calls(config->stats))
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		add_row(buf, config, names, &rows[i]);
	free(rows);
	return buf->failed ? -ENOMEM : 0;
}
