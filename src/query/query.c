/* SPDX-License-Identifier: GPL-2.0-only */
#include "query/query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "call/foresight.h"
#include "query/functions.h"
#include "query/mark_kinds.h"
#include "query/predicate.h"

static int on_foresee(struct select_choice *choice, const struct select_config *config,
		      struct foresight *to);

struct query {
	struct select_choice choice;
	struct query_config config;
	int fd;
	struct recording *recording;
	struct recording_index *index; /* of the file; NULL: there is none to be believed */
	struct recording *ahead;    /* without one: the same file, read ahead; NULL: it was not */
	struct functions *of_index; /* which of its functions are wanted; NULL: all */
	struct functions *functions;
	struct predicate predicates[FUNCTIONS_FILTERS]; /* of filters, by their number */
	struct mark_kinds kinds;
	struct sink *select; /* NULL: nothing is left out */
	uint64_t from, to;
	bool checked; /* names are known to mean something */
};

static struct query *query_of(struct select_choice *choice)
{
	return (struct query *)choice;
}

static unsigned int on_func(struct select_choice *choice, uint32_t func)
{
	const struct query *query = query_of(choice);
	uint64_t filters;

	return query->functions ? functions_of(query->functions, func, &filters) : SELECT_FUNC;
}

/* All filters of a function must hold. */
static bool on_passes(struct select_choice *choice, const struct tree *tree,
		      const struct call *call)
{
	struct query *query = query_of(choice);
	uint64_t filters;

	functions_of(query->functions, call->func, &filters);
	for (size_t i = 0; i < query->config.nfilters; i++)
		if (filters >> i & 1 && !predicate_holds(&query->predicates[i], tree, call))
			return false;
	return true;
}

static bool on_mark(struct select_choice *choice, const struct tree *tree, const struct mark *mark)
{
	return mark_kinds_show(&query_of(choice)->kinds, tree, mark);
}

void query_free(struct query *query)
{
	if (!query)
		return;
	functions_free(query->functions);
	functions_free(query->of_index);
	recording_close(query->ahead);
	recording_index_free(query->index);
	free(query);
}

/* Takes all and does nothing. */
static const struct sink_ops nowhere_ops = {.name = "nowhere"};

/* All functions that are in the file, and when it ends; the descriptor stays where it was. */
static int read_ahead(struct query *query, bool needed, struct error *err)
{
	off_t at = lseek(query->fd, 0, SEEK_CUR);
	struct sink nowhere = {&nowhere_ops};
	int ret = 0;

	/* What comes once cannot be read twice: names are taken as they turn up. */
	if (at < 0)
		return 0;
	query->choice.foresee = on_foresee;
	query->index = recording_index_read(query->fd);
	if (!query->index && needed) {
		if (lseek(query->fd, 0, SEEK_SET) < 0)
			return error_set(err, -errno, "%s: %s", query->config.path,
					 strerror(errno));
		query->ahead = recording_open(query->fd, query->config.path, err);
		ret = query->ahead ? recording_play(query->ahead, &nowhere) : err->code;
	}
	if (lseek(query->fd, at, SEEK_SET) < 0)
		ret = -errno;
	if (ret && !err->code)
		error_set(err, ret, "%s: %s", query->config.path, strerror(-ret));
	return ret;
}

/* What was read ahead; NULL: nothing. */
static const struct catalog *catalog_ahead(const struct query *query)
{
	if (query->index)
		return recording_index_catalog(query->index);
	return query->ahead ? recording_catalog(query->ahead) : NULL;
}

/* Those of a catalog, as names are taken in the whole file. NULL with `err` filled. */
static struct functions *take_functions(const struct query *query, const struct catalog *catalog,
					struct error *err)
{
	const struct query_config *config = &query->config;
	const struct catalog *ahead = catalog_ahead(query);
	struct functions *functions = functions_new(config->functions, config->filters,
						    config->nfilters, catalog, config->path);

	if (!functions)
		error_set(err, -ENOMEM, "%s: out of memory; close something", config->path);
	if (!functions || !ahead || !functions_learn(functions, ahead, err))
		return functions;
	functions_free(functions);
	return NULL;
}

static int use_functions(struct query *query, struct error *err)
{
	query->functions = take_functions(query, recording_catalog(query->recording), err);
	return query->functions ? 0 : err->code;
}

/* Where nothing but trees of -D is shown, blocks without its functions have nothing to show. */
static int use_index(struct query *query, struct error *err)
{
	if (!query->index || !query->config.calls.drill)
		return 0;
	query->of_index = take_functions(query, recording_index_catalog(query->index), err);
	return query->of_index ? 0 : err->code;
}

/* Whether names are to be taken. */
static bool names(const struct query_config *config)
{
	return config->chosen || config->nfilters || config->calls.drill;
}

static bool on_wanted(void *arg, uint32_t func)
{
	struct query *query = arg;
	uint64_t filters;

	return functions_of(query->of_index, func, &filters) & SELECT_DRILL;
}

static bool on_full(void *arg)
{
	const struct query *query = arg;

	return query->select && select_is_full(query->select);
}

/* Of the recording what is asked for, and what else stands in those blocks. */
static int play(struct query *query, struct sink *sink)
{
	const struct call_select *calls = &query->config.calls;
	const struct recording_wants wants = {
		.from = query->from,
		.to = query->to,
		.goids = calls->goids,
		.ngoids = calls->ngoids,
		.func = query->of_index ? on_wanted : NULL,
		.full = calls->max_calls ? on_full : NULL,
		.arg = query,
	};

	return query->index ? recording_play_some(query->recording, query->index, &wants, sink)
			    : recording_play(query->recording, sink);
}

/* All of the file once more, for a query of its own: functions have other ids there. */
static int play_apart(void *arg, struct sink *sink)
{
	struct query *apart = arg;
	off_t at = lseek(apart->fd, 0, SEEK_CUR);
	struct error err = {0};
	int ret;

	if (at < 0 || lseek(apart->fd, 0, SEEK_SET))
		return -errno;
	apart->recording = recording_open(apart->fd, apart->config.path, &err);
	ret = apart->recording ? 0 : err.code;
	if (!ret && names(&apart->config))
		ret = use_functions(apart, &err);
	if (!ret)
		ret = play(apart, sink);
	functions_free(apart->functions);
	apart->functions = NULL;
	recording_close(apart->recording);
	return lseek(apart->fd, at, SEEK_SET) < 0 ? -errno : ret;
}

static int on_foresee(struct select_choice *choice, const struct select_config *config,
		      struct foresight *to)
{
	const struct query *query = query_of(choice);
	struct query apart = {.choice = query->choice,
			      .config = query->config,
			      .kinds = query->kinds,
			      .fd = query->fd,
			      .index = query->index,
			      .of_index = query->of_index,
			      .ahead = query->ahead,
			      .from = query->from,
			      .to = query->to};
	struct select_config own = *config;

	memcpy(apart.predicates, query->predicates, sizeof(apart.predicates));
	own.choice = &apart.choice;
	return foresight_learn(to, &own, play_apart, &apart);
}

/* The latest time; 0: not known. */
static uint64_t end_of(const struct query *query)
{
	struct trace_summary summary;

	if (query->index)
		return recording_index_end(query->index);
	if (!query->ahead)
		return 0;
	recording_summary(query->ahead, &summary);
	return summary.ended;
}

/* The times that are meant. */
static int find_time(struct query *query, struct error *err)
{
	const struct query_config *config = &query->config;
	struct when_span span = {
		.start = recording_head(query->recording)->start,
		.end = end_of(query),
		.wall = query->index   ? recording_index_wall(query->index)
			: query->ahead ? recording_wall(query->ahead)
				       : recording_wall(query->recording),
	};

	query->from = 0;
	query->to = UINT64_MAX;
	if (config->from.kind)
		query->from = when_resolve(&config->from, &span);
	if (config->to.kind)
		query->to = when_resolve(&config->to, &span);
	if (query->from > query->to)
		return error_set(err, -EINVAL, "--from: it is behind --to; exchange them");
	if (config->to.kind && query->to < span.start)
		return error_set(err, -EINVAL, "--to: %s begins later; choose a later time",
				 config->path);
	if (config->from.kind && span.end && query->from > span.end)
		return error_set(err, -EINVAL,
				 "--from: %s has ended by then; choose an earlier time",
				 config->path);
	return 0;
}

static int prepare(struct query *query, struct buf *notes, struct error *err)
{
	const struct query_config *config = &query->config;
	int ret = 0;

	if (config->nfilters > FUNCTIONS_FILTERS)
		return error_set(err, -E2BIG, "--filter: more than %d; use fewer",
				 FUNCTIONS_FILTERS);
	for (unsigned int i = 0; i < config->nfilters; i++)
		query->predicates[i] =
			(struct predicate){.filter = config->filters[i], .number = i + 1};
	ret = read_ahead(query, names(config) || config->from.kind || config->to.kind, err);
	if (!ret)
		ret = find_time(query, err);
	if (!ret && names(config))
		ret = use_functions(query, err);
	if (!ret)
		ret = use_index(query, err);
	if (ret || !catalog_ahead(query) || !query->functions)
		return ret;
	query->checked = true;
	return functions_check(query->functions, notes, err);
}

static bool asks(const struct query *query)
{
	const struct query_config *config = &query->config;
	const struct call_select *calls = &config->calls;

	return names(config) || calls->ngoids || calls->depth || calls->min_duration ||
	       calls->errors || calls->max_calls || config->from.kind || config->to.kind ||
	       config->stream || mark_kinds_ask(&query->kinds) ||
	       (config->min_wait && recording_head(query->recording)->waits);
}

struct query *query_new(const struct query_config *config, struct recording *recording, int fd,
			struct buf *notes, struct error *err)
{
	struct query *query = calloc(1, sizeof(*query));

	*err = (struct error){0};
	if (!query) {
		error_set(err, -ENOMEM, "%s: out of memory; close something", config->path);
		return NULL;
	}
	query->choice =
		(struct select_choice){.func = on_func, .passes = on_passes, .mark = on_mark};
	query->config = *config;
	query->recording = recording;
	query->fd = fd;
	query->to = UINT64_MAX;
	query->kinds = (struct mark_kinds){.wanted = config->marks,
					   .events = config->events,
					   .nevents = config->nevents,
					   .min_wait = config->min_wait};
	if (!asks(query) || !prepare(query, notes, err))
		return query;
	query_free(query);
	return NULL;
}

struct sink *query_sink(struct query *query, struct sink *next)
{
	const struct select_config select = {
		.calls = query->config.calls,
		.from = query->from,
		.to = query->to,
		.stream = query->config.stream,
		.filters = query->config.nfilters,
		.no_times = !query_shows_times(query),
		.choice = asks(query) ? &query->choice : NULL,
	};

	/* Of those, calls are counted anew: some may be missing. */
	if (!asks(query) && !recording_is_bounded(query->recording))
		return next;
	query->select = select_new(&select, next);
	return query->select;
}

int query_play(struct query *query, struct sink *sink)
{
	return play(query, sink);
}

void query_summary(const struct query *query, struct trace_summary *summary)
{
	recording_summary(query->recording, summary);
	if (!query->select)
		return;
	select_summary(query->select, summary);
	mark_kinds_sum(&query->kinds, summary);
}

bool query_shows_times(const struct query *query)
{
	return recording_head(query->recording)->waits &&
	       (query->kinds.wanted->waits || !mark_kinds_ask(&query->kinds));
}

int query_check(struct query *query, struct buf *notes, struct error *err)
{
	int ret = 0;

	if (!query->functions)
		return 0;
	ret = functions_error(query->functions, err);
	if (!ret && !query->checked)
		ret = functions_check(query->functions, notes, err);
	query->checked = true;
	for (size_t i = 0; i < query->config.nfilters && !ret; i++)
		ret = predicate_tell(&query->predicates[i], notes, err);
	return ret;
}
