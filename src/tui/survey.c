/* SPDX-License-Identifier: GPL-2.0-only */
#include "tui/survey.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call/summing.h"

/* Calls come by here first; those that are to be seen go on into the table, and from there to `slowest`. */
struct survey {
	struct sink sink;
	struct sink slowest_sink;
	struct rows *rows;
	struct stats *stats;
	struct sink *summing;
	struct slow_call *slowest; /* of each function, by id */
	size_t nslowest;
	struct slow_call of_all;
	size_t next;   /* block */
	bool streamed; /* some calls were */
};

static struct survey *survey_of(struct sink *sink)
{
	return (struct survey *)sink;
}

static struct survey *survey_of_slowest(struct sink *sink)
{
	return (struct survey *)((char *)sink - offsetof(struct survey, slowest_sink));
}

static bool is_shown(const struct survey *survey, const struct tree *tree)
{
	return !survey->rows->only || tree->goid == survey->rows->goid;
}

static int on_root(struct sink *sink, const struct tree *tree)
{
	struct survey *survey = survey_of(sink);

	return is_shown(survey, tree) ? sink_root(survey->summing, tree) : 0;
}

static int on_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct survey *survey = survey_of(sink);

	survey->streamed = true;
	return is_shown(survey, tree) ? sink_leave(survey->summing, tree, call) : 0;
}

static const struct sink_ops survey_ops = {.root = on_root, .leave = on_leave};

static int take_slowest(struct survey *survey, const struct call *call)
{
	struct slow_call slow = {.id = call->id, .block = survey->next, .there = true};

	if (!call_is_timed(call) || (call->flags & CALL_ENTRY_UNSEEN))
		return 0;
	slow.duration = call->end > call->start ? call->end - call->start : 0;
	if (call->func >= survey->nslowest) {
		size_t count = call->func + 256;
		struct slow_call *more = reallocarray(survey->slowest, count, sizeof(*more));

		if (!more)
			return -ENOMEM;
		memset(more + survey->nslowest, 0, (count - survey->nslowest) * sizeof(*more));
		survey->slowest = more;
		survey->nslowest = count;
	}
	/* Of several that took as long the first one. */
	if (!survey->slowest[call->func].there ||
	    survey->slowest[call->func].duration < slow.duration)
		survey->slowest[call->func] = slow;
	if (!survey->of_all.there || survey->of_all.duration < slow.duration)
		survey->of_all = slow;
	return 0;
}

static int slowest_root(struct sink *sink, const struct tree *tree)
{
	int err = 0;

	for (size_t i = 0; i < tree->ncalls && !err; i++)
		err = take_slowest(survey_of_slowest(sink), &tree->calls[i]);
	return err;
}

static int slowest_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	return take_slowest(survey_of_slowest(sink), &tree->calls[call]);
}

static const struct sink_ops slowest_ops = {.root = slowest_root, .leave = slowest_leave};

static bool begin(struct survey *survey)
{
	survey->stats = stats_new(recording_catalog(survey->rows->shelf->recording));
	if (survey->stats)
		survey->summing = summing_new(survey->stats, &survey->slowest_sink, false);
	return survey->summing;
}

static void end(struct survey *survey)
{
	sink_free(survey->summing);
	stats_free(survey->stats);
	free(survey->slowest);
	*survey = (struct survey){
		.sink.ops = &survey_ops, .slowest_sink.ops = &slowest_ops, .rows = survey->rows};
}

struct survey *survey_new(struct rows *rows)
{
	struct survey *survey = calloc(1, sizeof(*survey));

	if (!survey)
		return NULL;
	survey->rows = rows;
	end(survey);
	if (begin(survey))
		return survey;
	survey_free(survey);
	return NULL;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	end(survey);
	free(survey);
}

enum found survey_run(struct survey *survey)
{
	struct rows *rows = survey->rows;

	/* Of what was open where it was broken off nothing is known any more. */
	if (survey->streamed && !survey_is_whole(survey)) {
		end(survey);
		if (!begin(survey))
			return FOUND_FAILED;
	}
	while (survey->next < rows->shelf->nblocks) {
		int err;

		if (!rows_go_on(rows, survey->next))
			return FOUND_STOPPED;
		err = recording_play_block(rows->shelf->recording, survey->next, &survey->sink);
		if (err == -ENOMEM)
			return FOUND_FAILED;
		if (err)
			shelf_note_damage(rows->shelf, survey->next);
		survey->next++;
	}
	return FOUND;
}

uint64_t survey_calls(const struct survey *survey)
{
	const struct shelf *shelf = survey->rows->shelf;

	return survey_is_whole(survey) ? shelf->calls : shelf->slots[survey->next].before;
}

bool survey_is_whole(const struct survey *survey)
{
	return survey->next == survey->rows->shelf->nblocks;
}

const struct stats *survey_stats(const struct survey *survey)
{
	return survey->stats;
}

const struct slow_call *survey_slowest(const struct survey *survey, uint32_t func)
{
	const struct slow_call *slow = &survey->of_all;

	if (func != UINT32_MAX)
		slow = func < survey->nslowest ? &survey->slowest[func] : NULL;
	return slow && slow->there ? slow : NULL;
}

enum found survey_find(const struct survey *survey, const struct slow_call *slow,
		       struct place *place)
{
	const struct sheet *sheet = shelf_get(survey->rows->shelf, slow->block);

	if (!sheet)
		return FOUND_FAILED;
	for (uint32_t node = 0; node < sheet->nnodes; node++) {
		const struct call *call = sheet_call(sheet, node);

		if (call && call->id == slow->id && sheet->nodes[node].kind != NODE_OPENING) {
			*place = (struct place){slow->block, node};
			return FOUND;
		}
	}
	return FOUND_NOTHING;
}
