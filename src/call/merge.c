/* SPDX-License-Identifier: GPL-2.0-only */
#include "call/merge.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "call/one_catalog.h"

enum input_state { INPUT_READS, INPUT_WAITS, INPUT_ENDED };

/* One of the traces. */
struct input {
	struct sink sink;
	struct merge *merge;
	const struct sink_config *config;
	size_t index;
	uint32_t host; /* its number among the hosts */
	enum input_state state;
	int64_t at;      /* Unix time of what waits */
	uint32_t *funcs; /* ids in the catalog of all, by its own: 1 + id; 0: not known as yet */
	size_t nfuncs;
	struct map processes; /* {pid, run} -> struct process * */

	/* A tree on its way: the copy, and what it is of. What a recording's source is asked of it finds by what calls and marks say,
	 * wherever they are; callers are numbers there. */
	struct tree copy;
	struct tree_source source;
	const struct tree *tree;
	struct goroutine goroutine;
};

struct merge {
	pthread_mutex_t lock; /* whoever plays has it, but while it waits: one at a time */
	pthread_cond_t changed;
	struct sink *next;
	int64_t realtime;
	struct one_catalog catalog;
	struct input *inputs;
	size_t count;
	int error;
};

static struct input *input_of(struct sink *sink)
{
	return (struct input *)sink;
}

static const struct sink_ops input_ops;

struct merge *merge_new(size_t count, int64_t realtime)
{
	struct merge *merge = calloc(1, sizeof(*merge));

	if (merge)
		merge->inputs = calloc(count, sizeof(*merge->inputs));
	if (!merge || !merge->inputs) {
		free(merge);
		return NULL;
	}
	pthread_mutex_init(&merge->lock, NULL);
	pthread_cond_init(&merge->changed, NULL);
	merge->count = count;
	merge->realtime = realtime;
	return merge;
}

static void release_input(struct input *input)
{
	struct map_slot *slot;
	size_t at = 0;

	while ((slot = map_next(&input->processes, &at)))
		free((void *)(uintptr_t)slot->value);
	map_release(&input->processes);
	free(input->funcs);
	free(input->copy.calls);
	free(input->copy.marks);
}

void merge_free(struct merge *merge)
{
	if (!merge)
		return;
	for (size_t i = 0; i < merge->count; i++)
		release_input(&merge->inputs[i]);
	free(merge->inputs);
	one_catalog_release(&merge->catalog);
	pthread_cond_destroy(&merge->changed);
	pthread_mutex_destroy(&merge->lock);
	free(merge);
}

const struct catalog *merge_catalog(const struct merge *merge)
{
	return &merge->catalog.catalog;
}

void merge_set_next(struct merge *merge, struct sink *next)
{
	merge->next = next;
}

/* Whether nobody else has something older, or may come with it. */
static bool is_next(const struct input *input)
{
	const struct merge *merge = input->merge;

	for (size_t i = 0; i < merge->count; i++) {
		const struct input *other = &merge->inputs[i];

		if (other == input || other->state == INPUT_ENDED)
			continue;
		if (other->state == INPUT_READS || other->at < input->at ||
		    (other->at == input->at && other->index < input->index))
			return false;
	}
	return true;
}

/* Waits for its turn; false when one of them has failed. */
static bool is_turn(struct input *input, uint64_t time)
{
	struct merge *merge = input->merge;

	input->state = INPUT_WAITS;
	input->at = sink_unix_time(input->config, time);
	if (!is_next(input))
		pthread_cond_broadcast(&merge->changed);
	while (!merge->error && !is_next(input))
		pthread_cond_wait(&merge->changed, &merge->lock);
	input->state = INPUT_READS;
	return !merge->error;
}

/* All of them end with the first error. */
static int result(struct input *input, int err)
{
	struct merge *merge = input->merge;

	if (err && !merge->error) {
		merge->error = err;
		pthread_cond_broadcast(&merge->changed);
	}
	return merge->error;
}

void merge_begin(struct merge *merge)
{
	pthread_mutex_lock(&merge->lock);
}

void merge_end(struct merge *merge, size_t index)
{
	merge->inputs[index].state = INPUT_ENDED;
	pthread_cond_broadcast(&merge->changed);
	pthread_mutex_unlock(&merge->lock);
}

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* 1 + the function's id in the catalog of all. */
static uint32_t func_of(struct input *input, uint32_t id)
{
	const struct catalog *catalog = input->config->catalog;

	if (id >= catalog->nfuncs)
		return 0;
	if (id >= input->nfuncs) {
		uint32_t *more = reallocarray(input->funcs, catalog->nfuncs, sizeof(*more));

		if (!more)
			return 0;
		memset(more + input->nfuncs, 0, (catalog->nfuncs - input->nfuncs) * sizeof(*more));
		input->funcs = more;
		input->nfuncs = catalog->nfuncs;
	}
	if (!input->funcs[id])
		input->funcs[id] = one_catalog_func(&input->merge->catalog, catalog, id);
	return input->funcs[id];
}

/* Of the one clock; 0, which means nothing, stays. */
static uint64_t time_of(const struct input *input, uint64_t time)
{
	return time ? (uint64_t)(sink_unix_time(input->config, time) - input->merge->realtime) : 0;
}

/* Those of the first host are as they are. */
static uint32_t pid_of(const struct input *input, uint32_t pid)
{
	return pid + input->host * MERGE_PIDS;
}

/* What is known of it now; NULL when memory is out. */
static struct process *process_of(struct input *input, const struct process *process)
{
	uint64_t *place =
		map_put(&input->processes, (struct map_key){.a = process->pid, .b = process->run});
	struct process *copy;

	if (!place)
		return NULL;
	if (!*place)
		*place = (uintptr_t)malloc(sizeof(*copy));
	copy = (struct process *)(uintptr_t)*place;
	if (!copy)
		return NULL;
	*copy = *process;
	copy->pid = pid_of(input, process->pid);
	copy->run = process->run * (uint32_t)input->merge->count + (uint32_t)input->index;
	copy->host = input->config->host;
	return copy;
}

static struct input *of_source(struct tree_source *source)
{
	return (struct input *)((char *)source - offsetof(struct input, source));
}

static const struct values *tell_args(struct tree_source *source, const struct tree *tree,
				      const struct call *call)
{
	(void)tree;
	return tree_args(of_source(source)->tree, call);
}

static const struct values *tell_results(struct tree_source *source, const struct tree *tree,
					 const struct call *call)
{
	(void)tree;
	return tree_results(of_source(source)->tree, call);
}

static const struct caller *tell_caller(struct tree_source *source, const struct call *call)
{
	const struct input *input = of_source(source);
	struct tree_source *own = input->tree->source;
	struct call of = *call;

	of.caller /= input->merge->count;
	return own->caller(own, &of);
}

static const struct caller *tell_callers(struct tree_source *source, const struct tree *tree,
					 const struct call *call, uint32_t i)
{
	struct input *input = of_source(source);
	struct tree_source *own = input->tree->source;

	(void)tree;
	return own->callers(own, input->tree, call, i);
}

static const struct mark_detail *tell_mark(struct tree_source *source, const struct tree *tree,
					   const struct mark *mark)
{
	(void)tree;
	return tree_mark_detail(of_source(source)->tree, mark);
}

static const struct goroutine *tell_goroutine(struct tree_source *source, const struct tree *tree)
{
	struct input *input = of_source(source);
	const struct goroutine *own = tree_goroutine(input->tree);

	(void)tree;
	if (!own)
		return NULL;
	input->goroutine = *own;
	input->goroutine.start = time_of(input, own->start);
	input->goroutine.call = time_of(input, own->call);
	input->goroutine.root_start = time_of(input, own->root_start);
	return &input->goroutine;
}

static bool copy_call(struct input *input, const struct call *from, struct call *to)
{
	uint32_t func = func_of(input, from->func);

	*to = *from;
	to->func = func - 1;
	to->start = time_of(input, from->start);
	to->end = time_of(input, from->end);
	/* Of different traces different ones; 0, which is none, stays. */
	to->id = from->id ? from->id * input->merge->count + input->index : 0;
	to->caller = from->caller ? from->caller * input->merge->count + input->index : 0;
	return func;
}

static bool copy_mark(struct input *input, const struct mark *from, struct mark *to)
{
	uint32_t func = from->what ? func_of(input, from->what) : 1;

	*to = *from;
	to->what = func - 1;
	to->start = time_of(input, from->start);
	to->end = time_of(input, from->end);
	to->pid = from->pid ? pid_of(input, from->pid) : 0;
	return func;
}

/* Room for as many of them. */
static bool make_room(struct input *input, const struct tree *tree)
{
	struct tree *copy = &input->copy;

	if (tree->ncalls > copy->capcalls) {
		struct call *more = reallocarray(copy->calls, tree->ncalls, sizeof(*more));

		if (!more)
			return false;
		copy->calls = more;
		copy->capcalls = tree->ncalls;
	}
	if (tree->nmarks > copy->capmarks) {
		struct mark *more = reallocarray(copy->marks, tree->nmarks, sizeof(*more));

		if (!more)
			return false;
		copy->marks = more;
		copy->capmarks = tree->nmarks;
	}
	return true;
}

/* The tree as it goes on; NULL when memory is out. */
static const struct tree *copy_tree(struct input *input, const struct tree *tree)
{
	struct tree *copy = &input->copy;
	bool good = make_room(input, tree);

	input->tree = tree;
	copy->process = tree->process ? process_of(input, tree->process) : NULL;
	copy->source = tree->source ? &input->source : NULL;
	copy->goid = tree->goid;
	copy->curg = tree->curg;
	copy->origin = tree->origin;
	copy->times = tree->times;
	copy->ncalls = tree->ncalls;
	copy->nmarks = tree->nmarks;
	for (size_t i = 0; good && i < tree->ncalls; i++)
		good = copy_call(input, &tree->calls[i], &copy->calls[i]);
	for (size_t i = 0; good && i < tree->nmarks; i++)
		good = copy_mark(input, &tree->marks[i], &copy->marks[i]);
	return good && (copy->process || !tree->process) ? copy : NULL;
}

static int input_process(struct sink *sink, const struct process *process)
{
	struct input *input = input_of(sink);
	/* What comes of it comes later, and waits then. */
	struct process *copy = process_of(input, process);

	return result(input, copy ? sink_process(input->merge->next, copy) : -ENOMEM);
}

/* The last that is known of a root call. */
static uint64_t ends(const struct tree *tree)
{
	const struct call *root = &tree->calls[0];

	return call_is_timed(root) ? root->end : root->start;
}

static int input_root(struct sink *sink, const struct tree *tree)
{
	struct input *input = input_of(sink);
	const struct tree *copy;

	if (!is_turn(input, ends(tree)))
		return result(input, 0);
	copy = copy_tree(input, tree);
	return result(input, copy ? sink_root(input->merge->next, copy) : -ENOMEM);
}

static int input_enter(struct sink *sink, const struct tree *tree, uint32_t call)
{
	struct input *input = input_of(sink);
	const struct tree *copy;

	if (!is_turn(input, tree->calls[call].start))
		return result(input, 0);
	copy = copy_tree(input, tree);
	return result(input, copy ? sink_enter(input->merge->next, copy, call) : -ENOMEM);
}

static int input_leave(struct sink *sink, const struct tree *tree, uint32_t call)
{
	const struct call *of = &tree->calls[call];
	struct input *input = input_of(sink);
	const struct tree *copy;

	if (!is_turn(input, call_is_timed(of) ? of->end : of->start))
		return result(input, 0);
	copy = copy_tree(input, tree);
	return result(input, copy ? sink_leave(input->merge->next, copy, call) : -ENOMEM);
}

static int input_mark(struct sink *sink, const struct tree *tree, const struct mark *mark)
{
	struct input *input = input_of(sink);
	const struct tree *copy = NULL;
	struct mark own;
	bool good;

	if (!is_turn(input, mark->end))
		return result(input, 0);
	if (tree)
		copy = copy_tree(input, tree);
	good = copy_mark(input, mark, &own) && (copy || !tree);
	return result(input, good ? sink_mark(input->merge->next, copy, &own) : -ENOMEM);
}

static void input_free(struct sink *sink)
{
	(void)sink;
}

static const struct sink_ops input_ops = {
	.name = "merge",
	.process = input_process,
	.root = input_root,
	.enter = input_enter,
	.leave = input_leave,
	.mark = input_mark,
	.free = input_free,
};

/* Hosts are numbered in the order of the inputs. */
static uint32_t host_of(const struct merge *merge, size_t index, const char *host)
{
	uint32_t next = 0;

	for (size_t i = 0; i < index; i++) {
		const struct input *input = &merge->inputs[i];

		if (is_same(input->config->host, host))
			return input->host;
		if (input->host >= next)
			next = input->host + 1;
	}
	return next;
}

struct sink *merge_input(struct merge *merge, size_t index, const struct sink_config *config)
{
	struct input *input = &merge->inputs[index];

	input->host = host_of(merge, index, config->host);
	input->sink.ops = &input_ops;
	input->merge = merge;
	input->config = config;
	input->index = index;
	input->source = (struct tree_source){
		.args = tell_args,
		.results = tell_results,
		.caller = tell_caller,
		.callers = tell_callers,
		.mark = tell_mark,
		.goroutine = tell_goroutine,
	};
	return &input->sink;
}
