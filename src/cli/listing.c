/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "out/list.h"

/* One inlined call of a function that also has a body of its own. */
struct place {
	const char *func;
	struct list_place at;
};

struct places {
	struct place *items;
	size_t nitems, capitems;
	struct list_place *out; /* what the last call returned */
	size_t capout;
};

static int by_func(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = strcmp(x->func, y->func);

	if (!order)
		order = strcmp(x->at.file, y->at.file);
	if (!order)
		order = (x->at.line > y->at.line) - (x->at.line < y->at.line);
	return order;
}

static int note_place(const struct image_inline *call, void *arg)
{
	struct places *places = arg;
	struct place *place = vec_push(&places->items, &places->nitems, &places->capitems);

	if (!place)
		return -ENOMEM;
	*place = (struct place){call->func, {call->file, call->line}};
	return 0;
}

static int compare_func(const void *key, const void *item)
{
	const struct place *place = item;

	return strcmp(key, place->func);
}

static size_t inlined_at(const struct plan *plan, uint32_t func, const struct list_place **out,
			 void *arg)
{
	struct places *places = arg;
	const char *name = plan->funcs[func].name;
	const struct place *found, *end = places->items + places->nitems;
	size_t count = 0;

	if (!places->nitems)
		return 0;
	found = bsearch(name, places->items, places->nitems, sizeof(*found), compare_func);
	if (!found)
		return 0;
	while (found > places->items && !strcmp(found[-1].func, name))
		found--;
	for (; found < end && !strcmp(found->func, name); found++) {
		struct list_place *slot;

		/* One place may hold several copies, when its own function was inlined too. */
		if (count && !strcmp(places->out[count - 1].file, found->at.file) &&
		    places->out[count - 1].line == found->at.line)
			continue;
		slot = vec_push(&places->out, &count, &places->capout);
		if (!slot)
			break;
		*slot = found->at;
	}
	*out = places->out;
	return count;
}

int listing_print(const struct options *opt, const struct targets *targets, struct error *err)
{
	struct places places = {0};
	struct writer writer;
	struct list_config config = {
		.writer = &writer,
		.plan = targets->plan,
		.inlined_at = inlined_at,
		.arg = &places,
	};
	int ret = 0;

	if (opt->output)
		ret = writer_open(&writer, opt->output);
	else
		writer_init(&writer, STDOUT_FILENO);
	if (ret) {
		error_set(err, ret, "%s: %s; choose another file with -o", opt->output,
			  strerror(-ret));
		return 1;
	}
	for (size_t i = 0; i < targets->plan->nimages; i++)
		image_each_inline(targets->plan->images[i].image, note_place, &places);
	if (places.nitems)
		qsort(places.items, places.nitems, sizeof(*places.items), by_func);
	ret = opt->jsonl ? list_jsonl(&config) : list_text(&config);
	if (!ret)
		ret = writer_close(&writer);
	else
		writer_close(&writer);
	free(places.items);
	free(places.out);
	if (ret && ret != -EPIPE) {
		error_set(err, ret, "%s: %s; make room, or choose another file with -o",
			  opt->output ? opt->output : "stdout", strerror(-ret));
		return 1;
	}
	return 0;
}
