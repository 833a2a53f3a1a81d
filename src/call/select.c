/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/select.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "call/selecting.h"

bool selecting_wants(const struct selecting *s, uint64_t goid, uint64_t curg)
{
	const struct call_select *select = &s->config.calls;

	for (size_t i = 0; i < select->ngoids; i++)
		if (select->goids[i] == goid || (!goid && select->goids[i] == curg))
			return true;
	return !select->ngoids;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Whether it still runs what it ran when the next sink was told of it. */
static bool is_same(const struct process *a, const struct process *b)
{
	return a->image == b->image && a->nspid == b->nspid && same_text(a->exe, b->exe) &&
	       same_text(a->build_id, b->build_id);
}

static struct selected_process *process_known(struct selecting *s, const struct process *process)
{
	uint64_t *place = map_put(&s->processes, (struct map_key){.a = process->pid});
	struct selected_process *known;

	if (!place)
		return NULL;
	if (!*place) {
		known = vec_push(&s->known, &s->nknown, &s->capknown);
		if (!known)
			return NULL;
		*known = (struct selected_process){0};
		*place = s->nknown;
	}
	known = &s->known[*place - 1];
	known->process = process;
	return known;
}

int selecting_announce(struct selecting *s, const struct process *process)
{
	struct selected_process *known;

	if (!process)
		return 0;
	known = process_known(s, process);
	if (!known)
		return -ENOMEM;
	if (known->announced && is_same(&known->told, process))
		return 0;
	known->announced = true;
	known->told = *process;
	return sink_process(s->next, process);
}

/* It is told with the first call of it that is shown. */
static int on_process(struct sink *sink, const struct process *process)
{
	struct selected_process *known = process_known(selecting_of(sink), process);

	if (!known)
		return -ENOMEM;
	known->announced = false;
	return 0;
}

void selecting_count(struct selecting *s, const struct call *call)
{
	s->calls++;
	s->unwound += call->how == CALL_UNWOUND;
	s->open += call->how == CALL_OPEN;
}

void selecting_count_mark(struct selecting *s, const struct mark *mark)
{
	if (mark->kind->counted < MARK_COUNTS)
		s->marks[mark->kind->counted]++;
}

void selecting_count_root(struct selecting *s, const struct call *root)
{
	uint64_t most = s->config.calls.max_calls;

	if (root->how == CALL_OPEN || root->how == CALL_EXIT)
		return;
	s->roots++;
	if (most && s->roots == most)
		s->until = narrow_last(root, 0);
}

int selecting_lone(struct selecting *s, const struct mark *mark)
{
	const uint64_t *place = map_find(&s->processes, (struct map_key){.a = mark->pid});
	int err = 0;

	if (!narrow_is_in_time(&s->config, mark->start, mark->end) || mark->start > s->until ||
	    (mark->goid_known && !selecting_wants(s, mark->goid, 0)))
		return 0;
	if (place)
		err = selecting_announce(s, s->known[*place - 1].process);
	selecting_count_mark(s, mark);
	return err ? err : sink_mark(s->next, NULL, mark);
}

/* Marks of a tree that is not shown: what was about one of its calls goes with it. */
static int hand_on_marks(struct selecting *s, const struct tree *tree)
{
	int err = 0;

	for (size_t i = 0; i < tree->nmarks && !err; i++)
		if (tree->marks[i].kind->apart)
			err = selecting_lone(s, &tree->marks[i]);
	return err;
}

static int hand_on(struct selecting *s, struct tree *part)
{
	int err;

	if (s->config.calls.errors && !(part->calls[0].flags & CALL_FAILED_IN))
		return hand_on_marks(s, part);
	if (s->until != UINT64_MAX && part->calls[0].how != CALL_OPEN)
		return hand_on_marks(s, part);
	err = selecting_announce(s, part->process);
	if (err)
		return err;
	if (s->config.stream) {
		err = selecting_stream(s, part);
	} else {
		for (size_t i = 0; i < part->ncalls; i++) {
			part->calls[i].id = ++s->last_id;
			selecting_count(s, &part->calls[i]);
		}
		for (size_t i = 0; i < part->nmarks; i++)
			selecting_count_mark(s, &part->marks[i]);
		err = sink_root(s->next, part);
	}
	selecting_count_root(s, &part->calls[0]);
	return err;
}

static int on_root(struct sink *sink, const struct tree *tree)
{
	struct selecting *s = selecting_of(sink);
	const struct mark *mark;
	struct tree part;
	size_t ncalls;
	int err;

	if (!selecting_wants(s, tree->goid, tree->curg))
		return 0;
	err = narrow(&s->narrowing, &s->config, tree, s->until);
	ncalls = s->narrowing.tree.ncalls;
	for (size_t first = 0; first < ncalls && !err;) {
		while (!err && (mark = narrow_mark(&s->narrowing, first)))
			err = selecting_lone(s, mark);
		first = narrow_part(&s->narrowing, first, &part);
		if (!err)
			err = hand_on(s, &part);
	}
	while (!err && (mark = narrow_mark(&s->narrowing, ncalls)))
		err = selecting_lone(s, mark);
	return err;
}

static int on_begin(struct sink *sink)
{
	return sink_begin(selecting_of(sink)->next);
}

static int on_idle(struct sink *sink)
{
	return sink_idle(selecting_of(sink)->next);
}

void select_summary(const struct sink *select, struct trace_summary *summary)
{
	const struct selecting *s = (const struct selecting *)select;

	summary->calls = s->calls;
	summary->unwound = s->unwound;
	summary->open = s->open;
	memcpy(summary->marks, s->marks, sizeof(summary->marks));
}

bool select_is_full(const struct sink *select)
{
	return ((const struct selecting *)select)->until != UINT64_MAX;
}

static int on_end(struct sink *sink, const struct trace_summary *summary)
{
	struct trace_summary own = *summary;

	select_summary(sink, &own);
	return sink_end(selecting_of(sink)->next, &own);
}

static const char *on_note(struct sink *sink)
{
	return sink_note(selecting_of(sink)->next);
}

void selecting_release(struct selecting *s)
{
	map_release(&s->processes);
	map_release(&s->open_calls);
	foresight_release(&s->foreseen);
	narrow_release(&s->narrowing);
	free(s->known);
	free(s->held);
	free(s->chain.calls);
	free(s->chain.times);
}

static void on_free(struct sink *sink)
{
	struct selecting *s = selecting_of(sink);

	sink_free(s->next);
	selecting_release(s);
	free(s);
}

static const struct sink_ops select_ops = {
	.name = "select",
	.begin = on_begin,
	.process = on_process,
	.root = on_root,
	.enter = selecting_enter,
	.leave = selecting_leave,
	.mark = selecting_mark,
	.idle = on_idle,
	.end = on_end,
	.note = on_note,
	.free = on_free,
};

struct sink *select_new(const struct select_config *config, struct sink *next)
{
	struct selecting *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->sink.ops = &select_ops;
	s->config = *config;
	s->next = next;
	s->until = UINT64_MAX;
	return &s->sink;
}
