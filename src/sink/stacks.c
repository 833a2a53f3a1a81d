/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/stacks.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/vec.h"

void stacks_release(struct stacks *stacks)
{
	free(stacks->nodes);
	free(stacks->sums);
	free(stacks->path);
	free(stacks->ended);
	map_release(&stacks->index);
	map_release(&stacks->below);
	*stacks = (struct stacks){0};
}

/* The node of a function below another one; STACK_ROOT when memory is out. */
static uint32_t node_of(struct stacks *stacks, uint32_t caller, uint32_t func, uint64_t goid)
{
	struct map_key key = {.a = (uint64_t)caller << 32 | func, .b = goid};
	uint64_t *place = map_put(&stacks->index, key);
	struct stack_node *node;

	if (!place)
		return STACK_ROOT;
	if (*place)
		return (uint32_t)(*place - 1);
	node = stacks->count < STACK_ROOT - 1
		       ? vec_push(&stacks->nodes, &stacks->count, &stacks->cap)
		       : NULL;
	if (!node) {
		map_delete(&stacks->index, key);
		return STACK_ROOT;
	}
	*node = (struct stack_node){.func = func, .caller = caller, .goid = goid};
	*place = stacks->count;
	return (uint32_t)(stacks->count - 1);
}

static uint64_t minus(uint64_t all, uint64_t part)
{
	return all > part ? all - part : 0;
}

/* What the call took, all below it included. */
static struct stack_sum sum_of(const struct tree *tree, const struct call *call)
{
	const struct call_times *times = tree_times(tree, call);
	struct stack_sum sum = {0};

	if (call_is_timed(call) && !(call->flags & CALL_ENTRY_UNSEEN))
		sum.self = minus(call->end, call->start);
	if (times) {
		sum.running = times->ns[STATE_RUNNING];
		sum.waiting = call_times_wait(times);
	}
	return sum;
}

/* Adds a call that took `all`, of which `below` was in calls right below it. */
static void count(struct stack_node *node, const struct stack_sum *all,
		  const struct stack_sum *below)
{
	node->sum.calls++;
	node->sum.self += minus(all->self, below->self);
	node->sum.running += minus(all->running, below->running);
	node->sum.waiting += minus(all->waiting, below->waiting);
}

static void add(struct stack_sum *to, const struct stack_sum *sum)
{
	to->self += sum->self;
	to->running += sum->running;
	to->waiting += sum->waiting;
}

static bool make_room(struct stacks *stacks, size_t calls)
{
	uint32_t *path;
	struct stack_sum *ended;

	if (calls <= stacks->capcalls)
		return true;
	path = reallocarray(stacks->path, calls, sizeof(*path));
	if (path)
		stacks->path = path;
	ended = reallocarray(stacks->ended, calls, sizeof(*ended));
	if (ended)
		stacks->ended = ended;
	if (path && ended)
		stacks->capcalls = calls;
	return path && ended;
}

static uint64_t goid_of(const struct stacks *stacks, const struct tree *tree)
{
	return stacks->by_goroutine ? tree->goid : 0;
}

/* The node of each call of the tree, callers first. */
static bool find_path(struct stacks *stacks, const struct tree *tree)
{
	if (!make_room(stacks, tree->ncalls))
		return false;
	for (size_t i = 0; i < tree->ncalls; i++) {
		const struct call *call = &tree->calls[i];
		uint32_t caller =
			call->parent == CALL_NONE ? STACK_ROOT : stacks->path[call->parent];

		stacks->path[i] = node_of(stacks, caller, call->func, goid_of(stacks, tree));
		if (stacks->path[i] == STACK_ROOT)
			return false;
		stacks->ended[i] = (struct stack_sum){0};
	}
	return true;
}

int stacks_add_tree(struct stacks *stacks, const struct tree *tree)
{
	if (!find_path(stacks, tree))
		return -ENOMEM;
	/* Callees stand behind their callers. */
	for (size_t i = tree->ncalls; i-- > 0;) {
		const struct call *call = &tree->calls[i];
		struct stack_sum all = sum_of(tree, call);

		count(&stacks->nodes[stacks->path[i]], &all, &stacks->ended[i]);
		if (call->parent != CALL_NONE)
			add(&stacks->ended[call->parent], &all);
	}
	return 0;
}

/* What ended below a streamed call, taken off the list. */
static struct stack_sum take_below(struct stacks *stacks, uint64_t id)
{
	struct map_key key = {.a = id};
	const uint64_t *place = map_find(&stacks->below, key);
	struct stack_sum sum = {0};

	if (!place)
		return sum;
	sum = stacks->sums[*place - 1];
	stacks->sums[*place - 1].calls = stacks->free;
	stacks->free = *place;
	map_delete(&stacks->below, key);
	return sum;
}

/* 1 + the index of a sum that is zero; 0 when memory is out. */
static uint64_t new_sum(struct stacks *stacks)
{
	uint64_t place = stacks->free;

	if (place)
		stacks->free = stacks->sums[place - 1].calls;
	else if (vec_push(&stacks->sums, &stacks->nsums, &stacks->capsums))
		place = stacks->nsums;
	if (place)
		stacks->sums[place - 1] = (struct stack_sum){0};
	return place;
}

static int note_below(struct stacks *stacks, uint64_t id, const struct stack_sum *all)
{
	uint64_t *place = map_put(&stacks->below, (struct map_key){.a = id});

	if (!place)
		return -ENOMEM;
	if (!*place)
		*place = new_sum(stacks);
	if (!*place)
		return -ENOMEM;
	add(&stacks->sums[*place - 1], all);
	return 0;
}

int stacks_add_call(struct stacks *stacks, const struct tree *tree, uint32_t call)
{
	const struct call *over = &tree->calls[call];
	struct stack_sum all = sum_of(tree, over), below = take_below(stacks, over->id);

	if (!find_path(stacks, tree))
		return -ENOMEM;
	count(&stacks->nodes[stacks->path[call]], &all, &below);
	if (over->parent == CALL_NONE)
		return 0;
	return note_below(stacks, tree->calls[over->parent].id, &all);
}
