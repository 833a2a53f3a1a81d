/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/narrow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* Of a call. */
#define IS_THERE   0x01 /* it is in the time that is asked for, and its function and filter want it */
#define IS_DRILLED 0x02 /* it is below a call of -D, or one */
#define IS_SHOWN   0x04 /* both, and not too deep */
#define IS_KEPT    0x08 /* long enough, or something below it is */
#define HAS_FAILED 0x10 /* it, or a call below it */

void narrow_release(struct narrowing *narrowing)
{
	free(narrowing->tree.calls);
	free(narrowing->tree.times);
	free(narrowing->tree.marks);
	free(narrowing->verdicts);
	*narrowing = (struct narrowing){0};
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t narrow_last(const struct call *call, uint64_t latest)
{
	if (call->how == CALL_OPEN)
		return UINT64_MAX;
	/* A process's end is known, and a lost exit is not: `end` is 0 then. */
	return later(call->flags & CALL_ENTRY_UNSEEN ? 0 : call->start, later(call->end, latest));
}

static uint64_t first_of(const struct call *call)
{
	return call->flags & CALL_ENTRY_UNSEEN ? call->end : call->start;
}

uint16_t narrow_cut(const struct select_config *config, const struct call *call, uint64_t last)
{
	return (uint16_t)((first_of(call) < config->from ? CALL_CUT_FROM : 0) |
			  (last > config->to ? CALL_CUT_TO : 0));
}

bool narrow_has_failed(const struct tree *tree, const struct call *call)
{
	const struct values *results;
	const struct value *value;

	if (call->flags & CALL_PANIC)
		return true;
	if (!call_is_timed(call) || call->how == CALL_TAIL || call->how == CALL_UNWOUND)
		return false;
	if (call->flags & CALL_ERROR)
		return true;
	results = tree_results(tree, call);
	value = results ? results->first : NULL;
	/* Any result that is an error counts, wherever it stands. */
	for (uint32_t i = 0; results && i < results->nitems; i++, value = value_next(value))
		if (value->type && !strcmp(value->type, "error") && value->kind != VALUE_NULL &&
		    value->kind != VALUE_ERROR && value->kind != VALUE_DEEPER)
			return true;
	return false;
}

/* When each call ended, from the last one back. */
static void find_ends(struct verdict *verdicts, const struct tree *tree)
{
	for (size_t i = 0; i < tree->ncalls; i++)
		verdicts[i].last = 0;
	for (size_t i = 0; i < tree->nmarks; i++)
		if (tree->marks[i].call < tree->ncalls)
			verdicts[tree->marks[i].call].last =
				later(verdicts[tree->marks[i].call].last, tree->marks[i].end);
	for (size_t i = tree->ncalls; i-- > 0;) {
		uint64_t last = narrow_last(&tree->calls[i], verdicts[i].last);
		uint32_t parent = tree->calls[i].parent;

		verdicts[i].last = last;
		if (parent != CALL_NONE && last != UINT64_MAX)
			verdicts[parent].last = later(verdicts[parent].last, last);
	}
}

static bool is_there(const struct select_config *config, const struct tree *tree,
		     const struct call *call, uint64_t last, unsigned int func)
{
	return narrow_is_in_time(config, first_of(call), last) && func & SELECT_FUNC &&
	       (!(func & SELECT_FILTERED) || config->choice->passes(config->choice, tree, call));
}

/* Callers stand before what they call: what holds for them is known. */
static void judge(struct verdict *verdicts, const struct select_config *config,
		  const struct tree *tree, uint64_t until)
{
	for (uint32_t i = 0; i < tree->ncalls; i++) {
		const struct call *call = &tree->calls[i];
		const struct verdict *caller =
			call->parent == CALL_NONE ? NULL : &verdicts[call->parent];
		unsigned int func = config->choice
					    ? config->choice->func(config->choice, call->func)
					    : SELECT_FUNC;
		struct verdict *own = &verdicts[i];

		own->is = caller ? caller->is & IS_DRILLED : 0;
		own->near = !caller                 ? CALL_NONE
			    : caller->is & IS_SHOWN ? call->parent
						    : caller->near;
		own->level = own->near == CALL_NONE ? 0 : verdicts[own->near].level + 1;
		if (first_of(call) > until || !is_there(config, tree, call, own->last, func))
			continue;
		own->is |= IS_THERE;
		if (!config->calls.drill || func & SELECT_DRILL)
			own->is |= IS_DRILLED;
		if (own->is & IS_DRILLED &&
		    (!config->calls.depth || own->level < config->calls.depth))
			own->is |= IS_SHOWN;
	}
}

/* From the last one back: whoever has something below it that is kept is kept, too. */
static void keep(struct verdict *verdicts, const struct select_config *config,
		 const struct tree *tree)
{
	for (size_t i = tree->ncalls; i-- > 0;) {
		const struct call *call = &tree->calls[i];
		struct verdict *own = &verdicts[i];
		struct verdict *near = own->near == CALL_NONE ? NULL : &verdicts[own->near];

		if (config->calls.errors && own->is & IS_THERE && own->is & IS_DRILLED &&
		    narrow_has_failed(tree, call))
			own->is |= HAS_FAILED;
		if (own->is & IS_SHOWN && !narrow_is_short(config, call))
			own->is |= IS_KEPT;
		if (near)
			near->is |= own->is & (HAS_FAILED | IS_KEPT);
	}
}

static int reserve(struct narrowing *narrowing, const struct tree *tree)
{
	struct tree *left = &narrowing->tree;
	struct verdict *verdicts;
	struct call *calls;
	struct call_times *times;

	if (tree->ncalls <= narrowing->capverdicts)
		return 0;
	verdicts = reallocarray(narrowing->verdicts, tree->ncalls, sizeof(*verdicts));
	if (verdicts)
		narrowing->verdicts = verdicts;
	calls = reallocarray(left->calls, tree->ncalls, sizeof(*calls));
	if (calls)
		left->calls = calls;
	times = reallocarray(left->times, tree->ncalls, sizeof(*times));
	if (times)
		left->times = times;
	if (!verdicts || !calls || !times)
		return -ENOMEM;
	narrowing->capverdicts = tree->ncalls;
	return 0;
}

static void put_calls(struct narrowing *narrowing, const struct select_config *config,
		      const struct tree *tree)
{
	struct tree *left = &narrowing->tree;

	for (size_t i = 0; i < tree->ncalls; i++) {
		struct verdict *own = &narrowing->verdicts[i];
		struct call *call = &left->calls[left->ncalls];

		own->at = 0;
		if (!(own->is & IS_KEPT))
			continue;
		*call = tree->calls[i];
		call->level = own->level;
		call->parent =
			own->near == CALL_NONE ? CALL_NONE : narrowing->verdicts[own->near].at - 1;
		call->flags = (uint16_t)((call->flags & ~CALL_FAILED_IN) |
					 (own->is & HAS_FAILED ? CALL_FAILED_IN : 0) |
					 narrow_cut(config, call, own->last));
		left->times[left->ncalls] =
			tree->times && !config->no_times ? tree->times[i] : (struct call_times){0};
		own->at = (uint32_t)++left->ncalls;
	}
}

/* The call that a mark of call `call` hangs on among what is left; CALL_NONE: none. */
static uint32_t hang(const struct verdict *verdicts, uint32_t call)
{
	while (call != CALL_NONE && !verdicts[call].at)
		call = verdicts[call].near;
	return call == CALL_NONE ? CALL_NONE : verdicts[call].at - 1;
}

/* Two of them in the same place, one behind the other. */
static bool add_up(struct tree *tree, const struct mark *mark)
{
	struct mark *last = tree->nmarks ? &tree->marks[tree->nmarks - 1] : NULL;

	if (!last || !mark->kind->adds_up || last->kind != mark->kind ||
	    last->before != mark->before || last->goid != mark->goid)
		return false;
	last->result += mark->result;
	last->end = later(last->end, mark->end);
	return true;
}

static int put_marks(struct narrowing *narrowing, const struct select_config *config,
		     const struct tree *tree)
{
	struct tree *left = &narrowing->tree;
	uint32_t before = 0;
	size_t call = 0;

	for (size_t i = 0; i < tree->nmarks; i++) {
		struct mark mark = tree->marks[i], *slot;

		for (; call < mark.before && call < tree->ncalls; call++)
			before += narrowing->verdicts[call].at != 0;
		mark.before = before;
		if (!narrow_is_in_time(config, mark.start, mark.end))
			continue;
		if (!mark.kind->apart) {
			mark.call = mark.call < tree->ncalls ? hang(narrowing->verdicts, mark.call)
							     : CALL_NONE;
			if (mark.call == CALL_NONE ||
			    (config->choice &&
			     !config->choice->mark(config->choice, tree, &tree->marks[i])))
				continue;
		}
		if (add_up(left, &mark))
			continue;
		slot = vec_push(&left->marks, &left->nmarks, &left->capmarks);
		if (!slot)
			return -ENOMEM;
		*slot = mark;
	}
	return 0;
}

int narrow(struct narrowing *narrowing, const struct select_config *config, const struct tree *tree,
	   uint64_t until)
{
	struct tree *left = &narrowing->tree;

	if (reserve(narrowing, tree))
		return -ENOMEM;
	left->process = tree->process;
	left->source = tree->source;
	left->goid = tree->goid;
	left->curg = tree->curg;
	left->origin = tree->origin;
	left->values = tree->values;
	left->nvalues = tree->nvalues;
	left->ncalls = left->nmarks = narrowing->next_mark = 0;
	find_ends(narrowing->verdicts, tree);
	judge(narrowing->verdicts, config, tree, until);
	keep(narrowing->verdicts, config, tree);
	put_calls(narrowing, config, tree);
	return put_marks(narrowing, config, tree);
}

/* Whether a mark belongs to the root call whose tree goes up to `end`. What stands in no call and behind the last one may come
 * after it. */
static bool is_in(const struct mark *mark, const struct call *root, size_t end)
{
	if (mark->before != end)
		return mark->before < end;
	return mark->call != CALL_NONE || !call_is_timed(root) || mark->start <= root->end;
}

size_t narrow_part(struct narrowing *narrowing, size_t first, struct tree *part)
{
	struct tree *left = &narrowing->tree;
	struct call *root = &left->calls[first];
	size_t end = first + 1, *at = &narrowing->next_mark;

	*part = *left;
	while (end < left->ncalls && left->calls[end].level)
		left->calls[end++].parent -= (uint32_t)first;
	part->calls = root;
	part->times = left->times + first;
	part->ncalls = end - first;
	part->marks = left->nmarks ? left->marks + *at : NULL;
	part->nmarks = 0;
	for (; *at < left->nmarks && is_in(&left->marks[*at], root, end); ++*at) {
		struct mark *mark = &left->marks[*at];

		mark->before -= (uint32_t)first;
		if (mark->call != CALL_NONE)
			mark->call -= (uint32_t)first;
		part->nmarks++;
	}
	return end;
}

const struct mark *narrow_mark(struct narrowing *narrowing, size_t first)
{
	struct tree *left = &narrowing->tree;
	size_t at = narrowing->next_mark;

	if (at == left->nmarks || left->marks[at].before > first)
		return NULL;
	/* Those of calls are behind the first one. */
	if (left->marks[at].call != CALL_NONE)
		return NULL;
	narrowing->next_mark++;
	return &left->marks[at];
}
