/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `ftrace diff`: two recordings, function by function. One is read after the other, and only their tables are kept.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/diff.h"
#include "call/summing.h"
#include "cli/chatter.h"
#include "cli/cmd/asked.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/options/options.h"
#include "cli/recorded/recorded.h"
#include "sink/diff_json.h"
#include "sink/diff_table.h"
#include "sink/duration.h"
#include "sink/formats.h"

#define OLD_NAME RECORD_NAME ".old"
/* Of what is too slow so many are named. */
#define NAMED_MAX 10

/* One of the two. The sink takes what programs it is of. */
struct side {
	struct sink sink;
	struct recorded recorded;
	char *exe; /* of the first process */
	bool several;
	struct trace_summary summary;
	uint64_t counted, untimed;
	bool lacks; /* what is asked for is not in it */
	bool waits;
};

struct comparison {
	const struct options *opt;
	enum stats_key key;
	struct side sides[DIFF_SIDES];
	struct diff *diff;
	struct diff_row *rows;
	size_t count;
	size_t all, slower; /* functions; of them, those that got slower than they may */
	struct buf complaints;
	struct func_names names;
	struct outlet outlet;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int on_process(struct sink *sink, const struct process *process)
{
	struct side *side = (struct side *)sink;

	if (!process->exe)
		return 0;
	if (!side->exe) {
		side->exe = strdup(process->exe);
		return side->exe ? 0 : -ENOMEM;
	}
	side->several |= strcmp(base_name(side->exe), base_name(process->exe)) != 0;
	return 0;
}

/* The calls themselves go nowhere. */
static const struct sink_ops nowhere = {.name = "nowhere", .process = on_process};

/* What is asked for goes to the sink. -ENODATA with `err` filled: it has no function that is asked for. */
static int play_side(struct comparison *c, struct side *side, struct sink *sink, struct error *err)
{
	struct query_config config = asked_of(c->opt, side->recorded.name);
	struct buf notes = {0};
	struct query *query = query_new(&config, side->recorded.recording, side->recorded.fd,
					&notes, err);
	struct sink *first = query ? query_sink(query, sink) : NULL;
	int ret = query ? -ENOMEM : err->code;

	if (first)
		ret = query_play(query, first);
	if (first)
		query_summary(query, &side->summary);
	if (!ret)
		ret = query_check(query, &notes, err);
	if (!c->opt->quiet)
		fputs(buf_str(&notes), stderr);
	buf_release(&notes);
	sink_free(first ? first : sink);
	query_free(query);
	return ret;
}

static int read_side(struct comparison *c, enum diff_side which, struct error *err)
{
	struct side *side = &c->sides[which];
	const struct catalog *catalog = recording_catalog(side->recorded.recording);
	struct stats *stats = stats_new(catalog);
	struct sink *sink = NULL;
	int ret = -ENOMEM;

	side->sink.ops = &nowhere;
	side->waits = recording_head(side->recorded.recording)->waits;
	if (stats)
		sink = summing_new(stats, &side->sink, true);
	if (sink)
		ret = play_side(c, side, sink, err);
	if (!ret)
		ret = diff_add(c->diff, which, stats, catalog);
	if (stats) {
		side->counted = stats_calls(stats);
		side->untimed = stats_untimed(stats);
	}
	stats_free(stats);
	if (ret && !err->code)
		error_set(err, ret, "%s: %s; close something", side->recorded.name, strerror(-ret));
	return ret;
}

/* What is asked for need not be in both of them. */
static int read_both(struct comparison *c, bool *damaged, struct error *err)
{
	unsigned int lacking = 0;
	int ret = 0;

	for (int i = 0; i < DIFF_SIDES && !ret; i++) {
		ret = read_side(c, i, err);
		if (!ret)
			*damaged |= recorded_say_damage(&c->sides[i].recorded,
							recording_damage(c->sides[i].recorded.recording));
		recorded_close(&c->sides[i].recorded);
		if (ret != -ENODATA || ++lacking == DIFF_SIDES)
			continue;
		if (!c->opt->quiet)
			chatter_error(err);
		c->sides[i].lacks = true;
		*err = (struct error){0};
		ret = 0;
	}
	return ret;
}

static int open_both(struct comparison *c, struct error *err)
{
	const struct options *opt = c->opt;
	const char *names[DIFF_SIDES] = {OLD_NAME, RECORD_NAME};
	int ret = 0;

	if (opt->nfiles == 1)
		names[DIFF_BEFORE] = RECORD_NAME;
	for (size_t i = 0; i < opt->nfiles; i++)
		names[DIFF_SIDES - opt->nfiles + i] = opt->files[i];
	for (int i = 0; i < DIFF_SIDES && !ret; i++)
		ret = recorded_open(&c->sides[i].recorded, names[i], err);
	return ret;
}

/* What only one of them has, and what has changed by so much. */
static bool is_shown(const struct comparison *c, const struct diff_row *row)
{
	struct diff_change change = diff_change(row, c->key);

	return !row->has[DIFF_BEFORE] || !row->has[DIFF_AFTER] || !c->opt->threshold ||
	       (change.known && change.percent >= c->opt->threshold);
}

static int print(struct comparison *c)
{
	const struct sink_config config = {.sort = c->key,
					   .color = recorded_color(c->opt, c->outlet.fd)};
	const bool waits[] = {c->sides[DIFF_BEFORE].waits, c->sides[DIFF_AFTER].waits};
	const struct catalog *catalog = diff_catalog(c->diff);
	struct buf *buf = &c->outlet.buf;
	int ret = 0;

	if (c->opt->format->ops == &sink_text) {
		func_names_init_text(&c->names, catalog, c->opt->trim, c->opt->ntrim);
		ret = diff_table(buf, &config, &c->names, c->rows, c->count);
		return ret ? ret : outlet_flush(&c->outlet);
	}
	func_names_init_json(&c->names, catalog);
	for (size_t i = 0; i < c->count && !ret; i++) {
		diff_json(buf, c->diff, &c->names, &c->rows[i], waits);
		ret = outlet_drain(&c->outlet);
	}
	return ret ? ret : outlet_flush(&c->outlet);
}

/* It has part in the time, and took more than it may. */
static bool is_slower(const struct comparison *c, const struct diff_row *row,
		      const struct diff_change *change)
{
	double all = (double)diff_time(c->diff, DIFF_AFTER);

	return row->has[DIFF_BEFORE] && row->has[DIFF_AFTER] && change->known && !change->less &&
	       change->percent > c->opt->fail_above &&
	       (double)row->of[DIFF_AFTER].total * 100 > all;
}

static void complain(struct comparison *c, const struct diff_row *row)
{
	struct diff_change change = diff_change(row, c->key);
	char percent[DIFF_PERCENT_MAX];
	struct error err = {0};

	if (!is_slower(c, row, &change) || c->slower++ >= NAMED_MAX)
		return;
	diff_percent(percent, &change);
	error_set(&err, -EINVAL, "%s: %s, more than --fail-above %g; see 'ftrace report %s'",
		  catalog_func(diff_catalog(c->diff), row->func)->name, percent,
		  c->opt->fail_above, c->sides[DIFF_AFTER].recorded.name);
	buf_addf(&c->complaints, "ftrace: %s\n", err.text);
}

/* Makes the rows, of which those stay that are shown. */
static int compare(struct comparison *c, struct error *err)
{
	size_t shown = 0;

	c->rows = diff_rows(c->diff, c->key, &c->all);
	if (!c->rows && (c->sides[DIFF_BEFORE].counted || c->sides[DIFF_AFTER].counted))
		return error_set(err, -ENOMEM, "out of memory; close something");
	for (size_t i = 0; i < c->all; i++) {
		if (c->opt->fail_above >= 0)
			complain(c, &c->rows[i]);
		if (is_shown(c, &c->rows[i]))
			c->rows[shown++] = c->rows[i];
	}
	c->count = shown;
	return 0;
}

static void say_side(const struct side *side)
{
	char duration[DURATION_MAX + 1];

	*duration_put(duration, side->summary.duration) = '\0';
	fprintf(stderr, "ftrace: %s: %llu call%s in %s", side->recorded.name,
		(unsigned long long)side->counted, side->counted == 1 ? "" : "s", duration);
	if (side->untimed)
		fprintf(stderr, ", %llu more not seen to begin and end",
			(unsigned long long)side->untimed);
	if (side->summary.lost)
		fprintf(stderr, ", %llu record%s lost: there were more calls than these",
			(unsigned long long)side->summary.lost,
			side->summary.lost == 1 ? "" : "s");
	fputc('\n', stderr);
}

/* Functions are held against each other by name alone; whether that means anything the reader must know. */
static void say_programs(const struct comparison *c)
{
	const struct side *before = &c->sides[DIFF_BEFORE], *after = &c->sides[DIFF_AFTER];

	for (int i = 0; i < DIFF_SIDES; i++)
		if (c->sides[i].several)
			fprintf(stderr,
				"ftrace: %s: it is of several programs; their functions of one "
				"name are added up\n",
				c->sides[i].recorded.name);
	if (!before->several && !after->several && before->exe && after->exe &&
	    strcmp(base_name(before->exe), base_name(after->exe)) != 0)
		fprintf(stderr,
			"ftrace: %s is of %s, %s of %s: functions are compared by name alone\n",
			before->recorded.name, before->exe, after->recorded.name, after->exe);
}

static void say(const struct comparison *c)
{
	size_t fresh = 0, gone = 0;

	if (c->opt->quiet)
		return;
	for (int i = 0; i < DIFF_SIDES; i++)
		if (!c->sides[i].lacks)
			say_side(&c->sides[i]);
	say_programs(c);
	for (size_t i = 0; i < c->count; i++) {
		fresh += !c->rows[i].has[DIFF_BEFORE];
		gone += !c->rows[i].has[DIFF_AFTER];
	}
	fprintf(stderr, "ftrace: %zu function%s, %zu new, %zu gone", c->all,
		c->all == 1 ? "" : "s", fresh, gone);
	if (c->all > c->count)
		fprintf(stderr, "; %zu that changed by less than %g %% left out", c->all - c->count,
			c->opt->threshold);
	fputc('\n', stderr);
}

static int run(struct comparison *c, struct error *err)
{
	bool damaged = false;
	int ret = open_both(c, err);

	if (!ret)
		ret = read_both(c, &damaged, err);
	if (!ret)
		ret = compare(c, err);
	if (!ret)
		ret = recorded_outlet_open(&c->outlet, c->opt, err);
	if (ret)
		return ret;
	ret = print(c);
	if (ret && ret != -EPIPE)
		return error_set(err, ret, "%s: %s; make room",
				 c->opt->output ? c->opt->output : "stdout", strerror(-ret));
	say(c);
	fputs(buf_str(&c->complaints), stderr);
	if (c->slower > NAMED_MAX)
		fprintf(stderr, "ftrace: %zu more functions got slower than that\n",
			c->slower - NAMED_MAX);
	return c->slower || damaged ? 1 : 0;
}

static int check(const struct options *opt, struct error *err)
{
	if (opt->format->ops != &sink_text && opt->format->ops != &sink_jsonl)
		return error_set(err, -EINVAL,
				 "diff: not in the format %s; use --format text or jsonl",
				 opt->format->name);
	if (opt->nfiles == DIFF_SIDES && !strcmp(opt->files[0], "-") && !strcmp(opt->files[1], "-"))
		return error_set(err, -EINVAL,
				 "-: it can be read only once; name a file for one of them");
	return 0;
}

int cmd_diff(struct options *opt, const struct inherited *given)
{
	struct comparison c = {
		.opt = opt,
		.key = opt->sort,
		.outlet.fd = -1,
		.sides = {{.recorded.fd = -1}, {.recorded.fd = -1}},
	};
	struct error err = {0};
	int ret;

	(void)given;
	if (check(opt, &err)) {
		chatter_error(&err);
		return STATUS_USAGE;
	}
	c.diff = diff_new();
	ret = c.diff ? run(&c, &err)
		     : error_set(&err, -ENOMEM, "diff: out of memory; close something");
	chatter_error(&err);
	ret |= recorded_outlet_close(&c.outlet);
	func_names_release(&c.names);
	buf_release(&c.complaints);
	free(c.rows);
	for (int i = 0; i < DIFF_SIDES; i++) {
		recorded_close(&c.sides[i].recorded);
		free(c.sides[i].exe);
	}
	diff_free(c.diff);
	return ret ? STATUS_FAILED : 0;
}
