/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is told of where a goroutine comes from. Apart from what makes origins of records, so that whoever describes trees links
 * without that.
 */
#include <string.h>

#include "trace/origin.h"

/* The bytes that were kept; false when they do not hold together. */
static bool find(const struct tree *tree, struct origin *origin)
{
	uint32_t at = tree->origin - 1;

	if (!tree->origin || at > tree->nvalues ||
	    tree->nvalues - at < sizeof(uint32_t) + sizeof(*origin))
		return false;
	memcpy(origin, tree->values + at + sizeof(uint32_t), sizeof(*origin));
	return true;
}

/* Where the function begins that a wrapper of the compiler was made for; `runs` where it is none, or that is not known. */
static uint64_t unwrap(const struct image *img, const struct origin *origin)
{
	ssize_t index = img ? image_find(img, origin->runs) : -1, called;
	struct image_func func;
	uint64_t wrapped;

	if (index < 0 || image_func(img, (size_t)index, false, &func) || !func.wrapper)
		return origin->runs;
	if (!image_wrapped(img, (size_t)index, &wrapped))
		return wrapped;
	called = image_find(img, origin->called);
	return called >= 0 && !image_func(img, (size_t)called, false, &func) &&
			       func.entry == origin->called
		       ? origin->called
		       : origin->runs;
}

bool origin_tell(const struct plan *plan, struct callers *callers, const struct tree *tree,
		 struct goroutine *to)
{
	const struct caller *runs;
	struct origin origin;

	if (!find(tree, &origin) || origin.image >= plan->nimages || !callers)
		return false;
	*to = (struct goroutine){
		.has_parent = origin.known & ORIGIN_PARENT,
		.has_start = origin.known & ORIGIN_START,
		.inside = origin.known & ORIGIN_INSIDE,
		.parent = origin.parent,
		.linked = origin.known & ORIGIN_LINKED,
		.start = origin.start,
		.call = origin.call,
		.root_goid = origin.root_goid,
		.root_start = origin.root_start,
	};
	/* As if it returned behind its first byte. */
	runs = callers_find(callers, origin.image,
			    1 + unwrap(plan->images[origin.image].image, &origin));
	to->func = runs ? runs->func : NULL;
	/* What the runtime starts it with is nobody's go statement. */
	if (tree->goid != GOROUTINE_MAIN)
		to->created = callers_find(callers, origin.image, origin.created);
	return true;
}
