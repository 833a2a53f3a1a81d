/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/cmd/united.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "call/merge.h"
#include "call/select.h"
#include "call/summing.h"
#include "cli/chatter.h"
#include "cli/cmd/asked.h"
#include "cli/exit_status.h"
#include "cli/options/options.h"
#include "cli/recorded/recorded.h"
#include "sink/formats.h"
#include "sink/summary.h"

/* One of the recordings. */
struct part {
	struct recorded recorded;
	struct query *query;
	struct sink_config config; /* as its times and functions are */
	struct merge *merge;
	size_t index;
	pthread_t thread;
	bool started;
	bool lacks; /* what is asked for is not in it */
	int ret;
	struct trace_summary summary;
};

struct united {
	const struct options *opt;
	struct part *parts;
	size_t count;
	struct merge *merge;
	struct outlet outlet;
	struct sink_config config;
	struct stats *stats;
	struct sink *summing; /* where there is a table; in `sink` */
	struct sink *sink;
	struct trace_summary summary;
};

static void tell(const struct united *u, struct buf *notes)
{
	if (!u->opt->quiet && notes->len)
		fputs(buf_str(notes), stderr);
	buf_release(notes);
}

/* What is asked for need not be in all of them: -ENODATA is said, and passed over. */
static int pass_over(const struct united *u, struct part *part, struct error *err)
{
	if (err->code != -ENODATA)
		return err->code;
	part->lacks = true;
	if (!u->opt->quiet)
		chatter_error(err);
	*err = (struct error){0};
	return 0;
}

static int open_part(struct united *u, struct part *part, const char *name, struct error *err)
{
	struct query_config config = asked_of(u->opt, name);
	const struct recording_head *head;
	struct buf notes = {0};
	int ret = recorded_open(&part->recorded, name, err);

	if (ret)
		return ret;
	head = recording_head(part->recorded.recording);
	part->config = (struct sink_config){
		.catalog = recording_catalog(part->recorded.recording),
		.wall = recording_wall(part->recorded.recording),
		.host = head->host,
		.start = head->start,
	};
	part->query = query_new(&config, part->recorded.recording, part->recorded.fd, &notes, err);
	tell(u, &notes);
	return part->query ? 0 : pass_over(u, part, err);
}

static int64_t began(const struct part *part)
{
	return sink_unix_time(&part->config, part->config.start);
}

/* The one that began first gives its clock to all. */
static const struct part *first_of(const struct united *u)
{
	const struct part *first = &u->parts[0];

	for (size_t i = 1; i < u->count; i++)
		if (began(&u->parts[i]) < began(first))
			first = &u->parts[i];
	return first;
}

static struct sink_config config_of(struct united *u)
{
	const struct part *first = first_of(u);
	const struct recording_head *head = recording_head(first->recorded.recording);
	const struct options *opt = u->opt;
	struct sink_config config = {
		.outlet = &u->outlet,
		.catalog = merge_catalog(u->merge),
		.tool = head->tool ? head->tool : "ftrace",
		.kernel = head->kernel ? head->kernel : "?",
		.host = head->host,
		.command = head->command,
		.start = head->start,
		.realtime = began(first) - (int64_t)head->start,
		.time = opt->time,
		.color = recorded_color(opt, u->outlet.fd),
		.fold = opt->fold,
		.brief = opt->values.limits.brief,
		.goroutine_labels = opt->pprof_labels,
		.width = (int)terminal_columns(u->outlet.fd),
		.trim = opt->trim,
		.ntrim = opt->ntrim,
		.sort = opt->sort,
		.histogram = opt->histogram,
		.only = opt->summary == SUMMARY_ONLY,
	};

	for (size_t i = 0; i < u->count; i++) {
		const struct part *part = &u->parts[i];

		head = recording_head(part->recorded.recording);
		if (head->stack > config.stack)
			config.stack = head->stack;
		config.waits |= part->query && query_shows_times(part->query);
		config.goroutines |= head->origins && (opt->goroutines || head->goroutines);
	}
	return config;
}

/* What comes of all: numbered anew, added up, written. */
static struct sink *make_sink(struct united *u)
{
	struct select_config select = {.calls = {.max_calls = u->opt->select.max_calls},
				       .to = UINT64_MAX};
	struct sink *sink = u->opt->format->ops->new (&u->config), *next;

	if (sink && u->stats) {
		next = summing_new(u->stats, sink, u->config.only);
		if (!next)
			sink_free(sink);
		u->summing = sink = next;
	}
	if (!sink)
		return NULL;
	next = select_new(&select, sink);
	if (!next)
		sink_free(sink);
	return next;
}

static int open_all(struct united *u, struct error *err)
{
	size_t lacking = 0;
	int ret = 0;

	for (size_t i = 0; i < u->count && !ret; i++) {
		u->parts[i].index = i;
		u->parts[i].recorded.fd = -1;
		ret = open_part(u, &u->parts[i], u->opt->files[i], err);
		lacking += u->parts[i].lacks;
	}
	if (ret)
		return ret;
	if (lacking == u->count)
		return error_set(err, -ENODATA, "none of the recordings has what is asked for");
	u->merge = merge_new(u->count, began(first_of(u)) - (int64_t)first_of(u)->config.start);
	if (!u->merge)
		return error_set(err, -ENOMEM, "out of memory; close something");
	ret = recorded_outlet_open(&u->outlet, u->opt, err);
	if (ret)
		return ret;
	u->config = config_of(u);
	if (u->opt->summary != SUMMARY_NONE)
		u->config.stats = u->stats = stats_new(u->config.catalog);
	if (u->opt->summary == SUMMARY_NONE || u->stats)
		u->sink = make_sink(u);
	merge_set_next(u->merge, u->sink);
	return u->sink ? 0 : error_set(err, -ENOMEM, "out of memory; close something");
}

static void *play(void *arg)
{
	struct part *part = arg;
	struct sink *sink;

	merge_begin(part->merge);
	sink = query_sink(part->query, merge_input(part->merge, part->index, &part->config));
	part->ret = sink ? query_play(part->query, sink) : -ENOMEM;
	if (sink)
		query_summary(part->query, &part->summary);
	sink_free(sink);
	merge_end(part->merge, part->index);
	return NULL;
}

static void add_summary(struct trace_summary *all, const struct trace_summary *one)
{
	all->calls += one->calls;
	all->records += one->records;
	all->lost += one->lost;
	all->missed += one->missed;
	all->damaged += one->damaged;
	all->overwritten += one->overwritten;
	all->skipped += one->skipped;
	all->unwound += one->unwound;
	all->open += one->open;
	all->sampled |= one->sampled;
	for (size_t i = 0; i < MARK_COUNTS; i++) {
		all->marks[i] += one->marks[i];
		all->marked[i] |= one->marked[i];
	}
}

/* Plays all of them; the sink is told that it ends. */
static int play_all(struct united *u, struct error *err)
{
	int64_t start = began(first_of(u)), end = start;
	int ret = sink_begin(u->sink);

	for (size_t i = 0; i < u->count; i++) {
		struct part *part = &u->parts[i];

		part->merge = u->merge;
		merge_input(u->merge, i, &part->config);
	}
	for (size_t i = 0; i < u->count && !ret; i++) {
		struct part *part = &u->parts[i];

		if (part->lacks)
			merge_begin(u->merge), merge_end(u->merge, i);
		else
			ret = -pthread_create(&part->thread, NULL, play, part);
		part->started = !ret && !part->lacks;
		/* Nobody is to wait for one that does not come. */
		for (size_t k = i; ret && k < u->count; k++)
			merge_begin(u->merge), merge_end(u->merge, k);
	}
	for (size_t i = 0; i < u->count; i++) {
		struct part *part = &u->parts[i];
		int64_t ends = began(part) + (int64_t)part->summary.duration;

		if (!part->started)
			continue;
		pthread_join(part->thread, NULL);
		ends = began(part) + (int64_t)part->summary.duration;
		end = ends > end ? ends : end;
		add_summary(&u->summary, &part->summary);
		ret = ret ? ret : part->ret;
	}
	u->summary.duration = (uint64_t)(end - start);
	u->summary.ended = u->config.start + u->summary.duration;
	select_summary(u->sink, &u->summary);
	if (!ret)
		ret = sink_end(u->sink, &u->summary);
	if (!ret)
		ret = outlet_flush(&u->outlet);
	/* Whoever read has seen enough. */
	if (!ret || ret == -EPIPE)
		return 0;
	return error_set(err, ret, "%s: %s; make room", u->opt->output ? u->opt->output : "stdout",
			 strerror(-ret));
}

/* What was damaged, and what nothing was meant by. */
static int check_all(struct united *u, struct error *err)
{
	bool damaged = false;
	int ret = 0;

	for (size_t i = 0; i < u->count && !ret; i++) {
		struct part *part = &u->parts[i];
		struct buf notes = {0};

		if (part->lacks)
			continue;
		ret = query_check(part->query, &notes, err);
		tell(u, &notes);
		if (ret)
			ret = pass_over(u, part, err);
		damaged |= recorded_say_damage(&part->recorded,
					       recording_damage(part->recorded.recording));
	}
	return ret ? ret : damaged;
}

static void say_summary(struct united *u)
{
	const char *note = sink_note(u->sink);
	struct buf text = {0};

	if (u->opt->quiet)
		return;
	if (u->stats)
		summing_summary(u->summing, &u->summary);
	summary_text(&text, &u->summary);
	fprintf(stderr, "%s\n", buf_str(&text));
	buf_release(&text);
	if (note)
		fprintf(stderr, "ftrace: %s\n", note);
}

static void close_all(struct united *u)
{
	sink_free(u->sink);
	stats_free(u->stats);
	merge_free(u->merge);
	for (size_t i = 0; i < u->count; i++) {
		query_free(u->parts[i].query);
		recorded_close(&u->parts[i].recorded);
	}
	free(u->parts);
}

int cmd_report_united(const struct options *opt)
{
	struct united u = {.opt = opt, .count = opt->nfiles, .outlet.fd = -1};
	struct error err = {0};
	int ret;

	u.parts = calloc(u.count, sizeof(*u.parts));
	if (!u.parts)
		u.count = 0;
	ret = u.parts ? open_all(&u, &err)
		      : error_set(&err, -ENOMEM, "out of memory; close something");
	if (!ret)
		ret = play_all(&u, &err);
	if (!ret)
		ret = check_all(&u, &err);
	if (!err.code && u.sink)
		say_summary(&u);
	chatter_error(&err);
	ret |= recorded_outlet_close(&u.outlet);
	close_all(&u);
	return ret ? STATUS_FAILED : 0;
}
