/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/omitted.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "plan/nearest.h"

/* A selected function that was inlined, and where. */
struct inlined {
	const char *name;
	const char *file; /* of the first place */
	int line;
	size_t into; /* the machine function there */
	size_t places;
};

struct inlined_set {
	struct naming *naming;
	size_t which; /* pattern, or NAMING_ALL */
	const struct image *image;
	struct inlined *items;
	size_t nitems, capitems;
	const char *last; /* the previous name, which is often the next one too */
	bool last_selected;
};

static int note_inlined(const struct image_inline *call, void *arg)
{
	struct inlined_set *set = arg;
	struct inlined *item;

	if (set->last != call->func) {
		set->last = call->func;
		set->last_selected = naming_selects(set->naming, call->func, set->which, 0);
	}
	if (!set->last_selected)
		return 0;
	item = vec_push(&set->items, &set->nitems, &set->capitems);
	if (!item)
		return -ENOMEM;
	*item = (struct inlined){call->func, call->file, call->line, call->into, 1};
	return 0;
}

int omitted_compare_places(const char *file_a, int line_a, const char *file_b, int line_b)
{
	int order = (*file_a == '<') - (*file_b == '<');

	if (!order)
		order = strcmp(file_a, file_b);
	if (!order)
		order = (line_a > line_b) - (line_a < line_b);
	return order;
}

static int by_name_and_place(const void *a, const void *b)
{
	const struct inlined *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : omitted_compare_places(x->file, x->line, y->file, y->line);
}

static void merge_places(struct inlined_set *set)
{
	size_t kept = 0;

	qsort(set->items, set->nitems, sizeof(*set->items), by_name_and_place);
	for (size_t i = 0; i < set->nitems; i++) {
		const struct inlined *item = &set->items[i];

		/* One place may hold several copies, when its own function was inlined too. */
		if (!i || strcmp(item->name, set->items[kept - 1].name) != 0)
			set->items[kept++] = *item;
		else if (omitted_compare_places(item->file, item->line, item[-1].file,
						item[-1].line))
			set->items[kept - 1].places++;
	}
	set->nitems = kept;
}

static int find_inlined(struct inlined_set *set, const struct plan *plan, uint8_t image,
			size_t which)
{
	const struct plan_image *pi = &plan->images[image];
	int ret;

	*set = (struct inlined_set){.naming = pi->naming, .which = which, .image = pi->image};
	ret = image_each_inline(set->image, note_inlined, set);
	if (!ret && set->nitems)
		merge_places(set);
	return ret;
}

/* A wrapper has no source line; its name is told, so that it can be traced instead. */
static int place_text(const struct inlined_set *set, const struct inlined *item, char *text,
		      size_t size)
{
	const char *slash = strrchr(item->file, '/');
	struct image_func func;

	if (*item->file == '<' && !image_func(set->image, item->into, false, &func))
		return snprintf(text, size, "inlined in %s", func.name);
	return snprintf(text, size, "inlined at %s:%d", slash ? slash + 1 : item->file, item->line);
}

static void inlined_text(const struct inlined_set *set, const struct inlined *item, char *text,
			 size_t size)
{
	int used = place_text(set, item, text, size);

	if (item->places > 1 && used > 0 && (size_t)used < size)
		used += snprintf(text + used, size - (size_t)used, " and %zu other place%s",
				 item->places - 1, item->places > 2 ? "s" : "");
	if (used > 0 && (size_t)used < size)
		snprintf(text + used, size - (size_t)used,
			 "; build with -gcflags=-l, or trace its callers");
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the image's functions that are traced, in order, or NULL. The caller frees the array. */
static const char **traced_names(const struct plan *plan, uint8_t image, size_t *count)
{
	const char **names = calloc(plan->nfuncs + 1, sizeof(*names));

	*count = 0;
	for (size_t i = 0; i < plan->nfuncs && names; i++)
		if (plan->funcs[i].image == image)
			names[(*count)++] = plan->funcs[i].name;
	if (names)
		qsort(names, *count, sizeof(*names), by_text);
	return names;
}

int omitted_inlined(struct plan *plan, uint8_t image)
{
	const char **names;
	struct inlined_set set;
	size_t count;
	int ret = find_inlined(&set, plan, image, NAMING_ALL);

	names = traced_names(plan, image, &count);
	if (!ret && !names)
		ret = -ENOMEM;
	for (size_t i = 0; i < set.nitems && !ret; i++) {
		char text[512];

		/* Also compiled as a function of its own: traced there. */
		if (bsearch(&set.items[i].name, names, count, sizeof(*names), by_text))
			continue;
		inlined_text(&set, &set.items[i], text, sizeof(text));
		ret = plan_skip(plan, image, set.items[i].name, text);
	}
	free(names);
	free(set.items);
	return ret;
}

static bool selects_any(const struct plan_image *pi, size_t which, unsigned int despite)
{
	for (size_t i = 0; i < image_func_count(pi->image); i++) {
		struct image_func func;

		if (!image_func(pi->image, i, false, &func) &&
		    naming_selects(pi->naming, func.name, which, despite))
			return true;
	}
	return false;
}

/* The options that leave nothing of what the patterns select, for a message; NULL: these options are not why. */
static const char *leaving_out(const struct plan_image *pi, const struct selection *select,
			       size_t which)
{
	if (!select->nexcluded && !select->exclude_vendor)
		return NULL;
	if (selects_any(pi, which, 0) ||
	    !selects_any(pi, which, NAMING_DESPITE_N | NAMING_DESPITE_X))
		return NULL;
	if (!selects_any(pi, which, NAMING_DESPITE_X))
		return "-N leaves";
	return selects_any(pi, which, NAMING_DESPITE_N) ? "-N and -x leave" : "-x leaves";
}

/* What the patterns are, for a message. */
static const char *wanted_text(const struct selection *select, size_t which, char *text,
			       size_t size)
{
	struct selection alone = {0};

	if (which == NAMING_ALL)
		return selection_text(select, text, size);
	if (which < select->nglobs) {
		alone.globs = &select->globs[which];
		alone.nglobs = 1;
	} else {
		alone.regexps = &select->regexps[which - select->nglobs];
		alone.nregexps = 1;
	}
	return selection_text(&alone, text, size);
}

static int say_nearest(const struct plan_image *pi, const struct selection *select, size_t which,
		       const char *wanted, struct error *err)
{
	const char *path = image_info(pi->image)->path;
	size_t glob = which == NAMING_ALL ? 0 : which;
	struct buf text = {0};

	if (glob < select->nglobs)
		nearest_names(&text, select->globs[glob].text, naming_source(pi->naming),
			      pi->names);
	if (text.len)
		error_set(err, -ENODATA, "%s: no function matches %s%s", path, wanted,
			  buf_str(&text));
	else
		error_set(err, -ENODATA,
			  "%s: no function matches %s; \"ftrace list -u '*' %s\" shows all names",
			  path, wanted, path);
	buf_release(&text);
	return -ENODATA;
}

int omitted_all(const struct plan *plan, uint8_t image, const struct selection *select,
		size_t which, struct error *err)
{
	const struct plan_image *pi = &plan->images[image];
	const char *path = image_info(pi->image)->path;
	struct inlined_set set;
	char wanted[256], text[512];
	const char *options;

	for (size_t i = 0; i < plan->nskipped; i++)
		if (plan->skipped[i].image == image &&
		    naming_selects(pi->naming, plan->skipped[i].name, which, 0))
			return error_set(err, -ENODATA, "%s: %s: %s", path, plan->skipped[i].name,
					 plan->skipped[i].reason);
	if (!find_inlined(&set, plan, image, which) && set.nitems) {
		inlined_text(&set, &set.items[0], text, sizeof(text));
		error_set(err, -ENODATA, "%s: %s: %s", path, set.items[0].name, text);
		free(set.items);
		return -ENODATA;
	}
	free(set.items);
	wanted_text(select, which, wanted, sizeof(wanted));
	options = leaving_out(pi, select, which);
	if (options)
		return error_set(err, -ENODATA, "%s: %s out all that matches %s; narrow %s", path,
				 options, wanted, strstr(options, "and") ? "them" : "it");
	return say_nearest(pi, select, which, wanted, err);
}
