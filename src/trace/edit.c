/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void edit_reset(struct tree *tree)
{
	tree->ncalls = tree->nvalues = tree->nmarks = 0;
}

uint32_t edit_keep(struct tree *tree, const void *bytes, size_t size)
{
	size_t need = size + sizeof(uint32_t);
	uint32_t at = (uint32_t)tree->nvalues, len = (uint32_t)size;

	if (!size || tree->nvalues + need > UINT32_MAX / 2)
		return CALL_NONE;
	if (!tree->values || tree->nvalues + need > tree->capvalues) {
		size_t cap = tree->capvalues < 1024 ? 0 : tree->capvalues / 2 * 3;
		unsigned char *more;

		/* Many goroutines are open in a call or two: the first take what they need. */
		if (cap < tree->nvalues + need)
			cap = tree->nvalues + need;
		more = realloc(tree->values, cap);
		if (!more)
			return CALL_NONE;
		tree->values = more;
		tree->capvalues = cap;
	}
	memcpy(tree->values + at, &len, sizeof(len));
	memcpy(tree->values + at + sizeof(len), bytes, len);
	tree->nvalues += need;
	return at;
}

struct call *edit_add(struct tree *tree, bool timed)
{
	size_t cap = tree->capcalls;
	struct call *call = vec_push(&tree->calls, &tree->ncalls, &tree->capcalls);
	struct call_times *more;

	if (!call || !timed)
		return call;
	if (!tree->times || tree->capcalls != cap) {
		more = reallocarray(tree->times, tree->capcalls, sizeof(*more));
		if (!more) {
			/* There is no room beside the new ones: none of them is used. */
			tree->ncalls--;
			tree->capcalls = tree->times ? cap : tree->capcalls;
			return NULL;
		}
		tree->times = more;
	}
	tree->times[tree->ncalls - 1] = (struct call_times){0};
	return call;
}

/* Marks of what goes hang on `parent`; whether there are any. */
static bool hang_marks(struct tree *tree, uint32_t from, uint32_t parent)
{
	bool any = false;

	for (size_t i = 0; i < tree->nmarks; i++) {
		struct mark *mark = &tree->marks[i];

		if (mark->before > from)
			mark->before = from;
		if (mark->call == CALL_NONE || mark->call < from)
			continue;
		mark->call = parent;
		any |= mark->bytes != CALL_NONE;
	}
	return any;
}

void edit_cut(struct tree *tree, uint32_t index, uint32_t values)
{
	/* What stays of the marks stands behind the values of the call. */
	if (!hang_marks(tree, index, tree->calls[index].parent))
		tree->nvalues = values;
	tree->ncalls = index;
}

/* The numbers that marks have of calls behind one that is taken out. */
static void renumber_marks(struct tree *tree, uint32_t index, uint32_t parent)
{
	for (size_t i = 0; i < tree->nmarks; i++) {
		struct mark *mark = &tree->marks[i];

		if (mark->before > index)
			mark->before--;
		if (mark->call == index)
			mark->call = parent;
		else if (mark->call != CALL_NONE && mark->call > index)
			mark->call--;
	}
}

void edit_take_out(struct tree *tree, uint32_t index)
{
	uint32_t parent = tree->calls[index].parent;
	size_t behind = tree->ncalls - index - 1;

	memmove(&tree->calls[index], &tree->calls[index + 1], behind * sizeof(*tree->calls));
	if (tree->times)
		memmove(&tree->times[index], &tree->times[index + 1],
			behind * sizeof(*tree->times));
	tree->ncalls--;
	for (size_t i = index; i < tree->ncalls; i++) {
		struct call *call = &tree->calls[i];

		call->level--;
		call->parent = call->parent == index ? parent : call->parent - 1;
	}
	renumber_marks(tree, index, parent);
}

/* Marks of its calls; they stand together, `*at` goes on. */
static void slice_marks(struct tree *tree, struct tree *part, uint32_t first, size_t *at)
{
	part->marks = tree->marks + *at;
	part->nmarks = 0;
	while (*at < tree->nmarks && tree->marks[*at].call < first + part->ncalls) {
		struct mark *mark = &tree->marks[(*at)++];

		mark->call -= first;
		mark->before -= first;
		part->nmarks++;
	}
}

size_t edit_slice(struct tree *tree, size_t first, size_t *mark, struct tree *part)
{
	size_t end = first + 1;

	*part = *tree;
	while (end < tree->ncalls && tree->calls[end].level)
		tree->calls[end++].parent -= (uint32_t)first;
	part->calls = &tree->calls[first];
	part->ncalls = end - first;
	if (tree->times)
		part->times = &tree->times[first];
	slice_marks(tree, part, (uint32_t)first, mark);
	return end;
}

void edit_drop_marks(struct tree *tree)
{
	size_t kept = 0;

	for (size_t i = 0; i < tree->nmarks; i++)
		if (tree->marks[i].call != CALL_NONE)
			tree->marks[kept++] = tree->marks[i];
	tree->nmarks = kept;
}

/* Whether `a` stands behind `b`. */
static bool is_behind(const struct mark *a, const struct mark *b)
{
	return a->before > b->before || (a->before == b->before && a->start > b->start);
}

struct mark *edit_add_mark(struct tree *tree, const struct mark *mark)
{
	struct mark *slot = vec_push(&tree->marks, &tree->nmarks, &tree->capmarks);

	if (!slot)
		return NULL;
	while (slot > tree->marks && is_behind(slot - 1, mark)) {
		*slot = slot[-1];
		slot--;
	}
	*slot = *mark;
	return slot;
}
