/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"
#include "call/selecting.h"

/* A whole tree on its way out, call by call. */
struct leaving {
	struct selecting *s;
	struct tree *tree;
	uint32_t last; /* the innermost call that has not been left; CALL_NONE */
	size_t mark;   /* the next one */
};

/* Marks go out where they stand, so far as they began before `until`. */
static int leave_marks(struct leaving *l, size_t before, uint64_t until)
{
	struct tree *tree = l->tree;
	int err = 0;

	for (; l->mark < tree->nmarks && tree->marks[l->mark].before <= before &&
	       tree->marks[l->mark].start < until && !err;
	     l->mark++) {
		struct mark *mark = &tree->marks[l->mark];

		mark->streamed = !mark->kind->apart;
		selecting_count_mark(l->s, mark);
		err = sink_mark(l->s->next, mark->kind->apart ? NULL : tree, mark);
	}
	return err;
}

/* Calls are left from the last one up to, and not including, `until`; call number `next` comes then. */
static int leave_calls(struct leaving *l, uint32_t until, size_t next)
{
	int err = 0;

	while (l->last != until && l->last != CALL_NONE && !err) {
		struct call *call = &l->tree->calls[l->last];

		err = leave_marks(l, next, call_is_timed(call) ? call->end : UINT64_MAX);
		selecting_count(l->s, call);
		if (!err)
			err = sink_leave(l->s->next, l->tree, l->last);
		l->last = call->parent;
	}
	return err;
}

int selecting_stream(struct selecting *s, struct tree *part)
{
	struct leaving l = {.s = s, .tree = part, .last = CALL_NONE};
	int err = 0;

	for (uint32_t i = 0; i < part->ncalls && !err; i++) {
		struct call *call = &part->calls[i];

		err = leave_calls(&l, call->parent, i);
		if (!err)
			err = leave_marks(&l, i, UINT64_MAX);
		call->id = ++s->last_id;
		call->flags |= CALL_ENTERED | CALL_STREAMED;
		if (!err)
			err = sink_enter(s->next, part, i);
		l.last = i;
	}
	if (!err)
		err = leave_calls(&l, CALL_NONE, part->ncalls);
	return err ? err : leave_marks(&l, UINT32_MAX, UINT64_MAX);
}

struct selected_call *selecting_find(const struct selecting *s, uint64_t id)
{
	const uint64_t *place = map_find(&s->open_calls, (struct map_key){.a = id});

	return place && *place ? &s->held[*place - 1] : NULL;
}

static struct selected_call *add(struct selecting *s, uint64_t id)
{
	uint64_t *place = map_put(&s->open_calls, (struct map_key){.a = id});
	struct selected_call *call;

	if (!place)
		return NULL;
	if (!*place && s->free) {
		*place = s->free;
		s->free = s->held[*place - 1].free;
	} else if (!*place) {
		if (!vec_push(&s->held, &s->nheld, &s->capheld))
			return NULL;
		*place = s->nheld;
	}
	call = &s->held[*place - 1];
	*call = (struct selected_call){0};
	return call;
}

void selecting_forget(struct selecting *s, uint64_t id)
{
	struct map_key key = {.a = id};
	const uint64_t *place = map_find(&s->open_calls, key);

	if (!place || !*place)
		return;
	s->held[*place - 1].free = s->free;
	s->free = *place;
	map_delete(&s->open_calls, key);
}

static unsigned int func_of(const struct selecting *s, const struct call *call)
{
	struct select_choice *choice = s->config.choice;

	return choice ? choice->func(choice, call->func) : SELECT_FUNC;
}

/* The shown calls among the callers of a call. */
static uint32_t level_of(const struct selecting *s, const struct tree *tree, uint32_t call)
{
	uint32_t level = 0;

	for (uint32_t i = 0; i < call; i++) {
		const struct selected_call *state = selecting_find(s, tree->calls[i].id);

		level += state && state->shown;
	}
	return level;
}

/* Whether the root call of the shown tree that it is in is one in which a call failed. */
static bool fails(const struct selecting *s, const struct tree *tree, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++) {
		const struct selected_call *state = selecting_find(s, tree->calls[i].id);

		if (state && state->shown)
			return true;
	}
	return foresight_has(s->foresight, FORESEE_FAILED, tree->calls[index].id);
}

static bool is_kept(const struct selecting *s, const struct tree *tree, uint32_t index)
{
	const struct foresight *foresight = s->foresight;

	if (!foresight || !foresight->knows[FORESEE_KEPT])
		return true;
	return foresight_has(foresight, FORESEE_KEPT, tree->calls[index].id) &&
	       (!s->config.calls.errors || fails(s, tree, index));
}

static bool is_there(const struct selecting *s, const struct call *call, unsigned int func)
{
	if (!(func & SELECT_FUNC) || call->start > s->config.to || call->start > s->until)
		return false;
	return !s->foresight || !s->foresight->knows[FORESEE_PASSED] ||
	       foresight_has(s->foresight, FORESEE_PASSED, call->id);
}

struct selected_call *selecting_judge(struct selecting *s, const struct tree *tree, uint32_t index)
{
	const struct select_config *config = &s->config;
	const struct call *call = &tree->calls[index];
	const struct selected_call *caller =
		call->parent == CALL_NONE ? NULL : selecting_find(s, tree->calls[call->parent].id);
	bool drilled = caller && caller->drilled;
	unsigned int func = func_of(s, call);
	struct selected_call *state = add(s, call->id);

	if (!state)
		return NULL;
	state->there = is_there(s, call, func);
	state->filtered = func & SELECT_FILTERED;
	state->drilled = drilled || (state->there && (!config->calls.drill || func & SELECT_DRILL));
	state->shown = state->there && state->drilled &&
		       (!config->calls.depth || level_of(s, tree, index) < config->calls.depth) &&
		       is_kept(s, tree, index);
	return state;
}

/* Whether its end may leave it out, as far as is known. */
static bool is_undecided(const struct selecting *s, const struct selected_call *state)
{
	const struct select_config *config = &s->config;

	return !s->foresight &&
	       (config->calls.min_duration || config->calls.errors || state->filtered);
}

bool selecting_passes(const struct selecting *s, const struct tree *tree, uint32_t index)
{
	const struct select_config *config = &s->config;
	const struct call *call = &tree->calls[index];
	unsigned int func = func_of(s, call);

	return func & SELECT_FUNC && narrow_is_in_time(config, call->start, narrow_last(call, 0)) &&
	       (!(func & SELECT_FILTERED) || config->choice->passes(config->choice, tree, call));
}

/* Of one that the next sink was not told of, when it ends. */
static bool passes_at_end(const struct selecting *s, const struct tree *tree, uint32_t index)
{
	const struct select_config *config = &s->config;
	const struct call *call = &tree->calls[index];

	if (s->until != UINT64_MAX && call->how != CALL_OPEN)
		return false;
	if (s->foresight)
		return narrow_is_in_time(config, call->start, narrow_last(call, 0));
	return selecting_passes(s, tree, index) && !narrow_is_short(config, call) &&
	       (!config->calls.errors || narrow_has_failed(tree, call));
}

static bool reserve(struct tree *chain, size_t count)
{
	struct call *calls;
	struct call_times *times;

	if (count <= chain->capcalls)
		return true;
	calls = reallocarray(chain->calls, count, sizeof(*calls));
	if (calls)
		chain->calls = calls;
	times = reallocarray(chain->times, count, sizeof(*times));
	if (times)
		chain->times = times;
	if (calls && times)
		chain->capcalls = count;
	return calls && times;
}

/* The next sink is told of the newest call of the chain. */
static int tell(struct selecting *s, struct selected_call *state)
{
	struct tree *chain = &s->chain;
	struct call *call = &chain->calls[chain->ncalls - 1];
	int err = selecting_announce(s, chain->process);

	call->id = state->id = ++s->last_id;
	return err ? err : sink_enter(s->next, chain, (uint32_t)chain->ncalls - 1);
}

/* The chain of the shown calls up to `call`; those that the next sink does not know are told to it. */
static int tell_up_to(struct selecting *s, const struct tree *tree, uint32_t call)
{
	struct tree *chain = &s->chain;
	int err = 0;

	if (!reserve(chain, (size_t)call + 1))
		return -ENOMEM;
	chain->process = tree->process;
	chain->source = tree->source;
	chain->goid = tree->goid;
	chain->curg = tree->curg;
	chain->origin = tree->origin;
	chain->values = tree->values;
	chain->nvalues = tree->nvalues;
	chain->ncalls = 0;
	for (uint32_t i = 0; i <= call && !err; i++) {
		struct selected_call *state = selecting_find(s, tree->calls[i].id);
		uint32_t at = (uint32_t)chain->ncalls;
		struct call *copy = &chain->calls[at];

		if (!state || !state->shown)
			continue;
		*copy = tree->calls[i];
		copy->id = state->id;
		copy->level = at;
		copy->parent = at ? at - 1 : CALL_NONE;
		copy->flags |= CALL_ENTERED | CALL_STREAMED;
		if (copy->start < s->config.from)
			copy->flags |= CALL_CUT_FROM;
		chain->times[at] = tree->times && !s->config.no_times ? tree->times[i]
								      : (struct call_times){0};
		chain->ncalls++;
		if (!state->id)
			err = tell(s, state);
	}
	return err;
}

/* With the first streamed call: what becomes of all of them, where that has to be known and can be. */
static int foresee(struct selecting *s)
{
	struct select_choice *choice = s->config.choice;

	if (s->foresight || !choice || !choice->foresee ||
	    (!foresight_needs_passed(&s->config) && !foresight_needs_kept(&s->config)))
		return 0;
	s->foresight = &s->foreseen;
	return choice->foresee(choice, &s->config, &s->foreseen);
}

int selecting_enter(struct sink *sink, const struct tree *tree, uint32_t index)
{
	struct selecting *s = selecting_of(sink);
	const struct call *call = &tree->calls[index];
	const struct selected_call *state;
	int err = foresee(s);

	if (err || !selecting_wants(s, tree->goid, tree->curg))
		return err;
	state = selecting_judge(s, tree, index);
	if (!state)
		return -ENOMEM;
	/* What began before the time that is asked for is told with what is in it. */
	if (!state->shown || call->start < s->config.from || is_undecided(s, state))
		return 0;
	return tell_up_to(s, tree, index);
}

static int leave(struct selecting *s, const struct tree *tree, uint32_t index)
{
	const struct call *call = &tree->calls[index];
	struct tree *chain = &s->chain;
	struct call *copy;
	int err = tell_up_to(s, tree, index);

	if (err)
		return err;
	copy = &chain->calls[chain->ncalls - 1];
	copy->flags |= narrow_cut(&s->config, call, narrow_last(call, 0));
	selecting_count(s, copy);
	if (!copy->level)
		selecting_count_root(s, copy);
	return sink_leave(s->next, chain, (uint32_t)chain->ncalls - 1);
}

int selecting_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct selecting *s = selecting_of(sink);
	uint64_t id = tree->calls[call].id;
	const struct selected_call *state = selecting_find(s, id);
	int err = 0;

	if (!selecting_wants(s, tree->goid, tree->curg))
		return 0;
	if (!state)
		state = selecting_judge(s, tree, call);
	if (!state)
		return -ENOMEM;
	if (state->shown && (state->id || passes_at_end(s, tree, call)))
		err = leave(s, tree, call);
	selecting_forget(s, id);
	return err;
}

int selecting_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct selecting *s = selecting_of(sink);
	struct select_choice *choice = s->config.choice;
	struct mark copy = *mark;
	uint32_t at = mark->call;
	int err;

	if (!tree || mark->kind->apart || at == CALL_NONE)
		return selecting_lone(s, mark);
	if (!selecting_wants(s, tree->goid, tree->curg) ||
	    !narrow_is_in_time(&s->config, mark->start, mark->end) ||
	    (choice && !choice->mark(choice, tree, mark)))
		return 0;
	/* It hangs on the nearest caller that is shown; what was in that while it is in the time makes that be, too. */
	while (at != CALL_NONE) {
		const struct selected_call *state = selecting_find(s, tree->calls[at].id);

		if (state && state->shown && (state->id || !is_undecided(s, state)))
			break;
		at = tree->calls[at].parent;
	}
	if (at == CALL_NONE)
		return 0;
	err = tell_up_to(s, tree, at);
	copy.call = copy.before = (uint32_t)s->chain.ncalls - 1;
	selecting_count_mark(s, &copy);
	return err ? err : sink_mark(s->next, &s->chain, &copy);
}
