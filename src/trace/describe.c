/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/describe.h"

#include <stdlib.h>
#include <string.h>

#include <ftrace/record.h>

#include "base/vec.h"
#include "trace/known.h"
#include "trace/origin.h"
#include "trace/reading_priv.h"

_Static_assert(TREE_CALLERS_MAX == FT_CALLERS_MAX, "callers of a root");

/* Mappings begin at whole pages, and so is the load bias. */
#define PAGE 4096

/* The record's own site tells; which of the exits it was is only known by what fits. */
static uint64_t find_bias(const struct plan *plan, const struct plan_func *func,
			  const struct tree *tree, const struct value_source *src)
{
	uint64_t known = tree->process ? tree->process->bias : 0, found = known, ip;

	memcpy(&ip, src->bytes, sizeof(ip));
	for (uint32_t i = 0; i < func->nsites; i++) {
		uint64_t bias = ip - plan->sites[func->first_site + i].addr;

		if (bias == known)
			return known;
		if (bias % PAGE == 0)
			found = bias;
	}
	return found;
}

/* The bytes at offset `at` of the tree's values: false when there are none. */
static bool find_bytes(const struct tree *tree, uint32_t at, struct value_source *src)
{
	uint32_t len;

	if (at == CALL_NONE || at > tree->nvalues || tree->nvalues - at < sizeof(len))
		return false;
	memcpy(&len, tree->values + at, sizeof(len));
	at += (uint32_t)sizeof(len);
	if (len > tree->nvalues - at || len < sizeof(struct ft_values))
		return false;
	src->bytes = tree->values + at;
	src->len = len;
	return true;
}

static bool is_shown(const struct fetch *fetch)
{
	for (size_t i = 0; i < fetch->nitems; i++)
		if (!fetch->items[i].hidden)
			return true;
	return false;
}

static struct rtypes *types_of(struct describer *describer, uint8_t index)
{
	struct rtypes **types = &describer->types[index];

	if (!*types && describer->plan->images[index].image)
		*types = rtypes_new(describer->plan->images[index].image);
	if (*types)
		rtypes_trim(*types);
	return *types;
}

/* A function has its dictionary at entry only: of one call what was read then holds to its end. */
static uint64_t find_dictionary(const struct plan_func *func, const struct tree *tree,
				const struct call *call)
{
	struct value_source entry = {.fetch = func->args};

	if (!func->args || !func->args->dictionary || (call->flags & CALL_ENTRY_UNSEEN) ||
	    !find_bytes(tree, call->args, &entry))
		return 0;
	return value_word(&entry, func->args->dictionary);
}

static bool find_source(struct describer *describer, const struct tree *tree,
			const struct call *call, const struct fetch *fetch, uint32_t at,
			struct value_source *src)
{
	const struct plan_func *func = &describer->plan->funcs[call->func];

	if (!is_shown(fetch))
		return false;
	*src = (struct value_source){.fetch = fetch};
	/* Where nothing can be read no record brings values: there are reasons to be told. */
	if (!find_bytes(tree, at, src))
		return !fetch->nops;
	src->image = describer->plan->images[func->image].image;
	src->bias = find_bias(describer->plan, func, tree, src);
	src->types = types_of(describer, func->image);
	src->dictionary = find_dictionary(func, tree, call);
	return true;
}

static bool grow(struct describer *describer)
{
	size_t cap = describer->capdescribed ? 2 * describer->capdescribed : 64;
	struct value *more = reallocarray(describer->described, cap, sizeof(*more));

	if (!more)
		return false;
	describer->described = more;
	describer->capdescribed = cap;
	return true;
}

/* One more value at the end; NULL when memory is out. Not vec_push(): what is overwritten at once need not be
 * zeroed, and most values are made a million times a second. */
static inline struct value *add_value(struct describer *describer, const struct value *is,
				      const char *name)
{
	struct value *value;

	if (__builtin_expect(describer->ndescribed == describer->capdescribed, 0) &&
	    !grow(describer))
		return NULL;
	value = &describer->described[describer->ndescribed++];
	*value = *is;
	value->name = name;
	value->span = 1;
	return value;
}

/* VALUE_SAYS_MAX bytes, good as long as the values. */
static char *room_for_text(struct describer *describer, size_t used)
{
	char **text;

	if (used < describer->ntexts)
		return describer->texts[used];
	text = vec_push(&describer->texts, &describer->ntexts, &describer->captexts);
	if (text)
		*text = malloc(VALUE_SAYS_MAX);
	if (text && !*text)
		describer->ntexts--;
	return text ? *text : NULL;
}

/* A description on its way. */
struct describing {
	struct describer *describer;
	const struct value_source *src;
	size_t texts; /* in use */
};

/* What a value says of itself becomes its last child; that the words are exact is told of the value. */
static bool add_words(struct describing *d, size_t at, const struct value *text)
{
	if (!add_value(d->describer, text, NULL))
		return false;
	d->describer->described[at].says = true;
	d->describer->described[at].exact = text->exact;
	d->describer->described[at].nchildren++;
	return true;
}

/* So does what the Error() of one says. */
static bool describe_saying(struct describing *d, const struct reading *reading, size_t at)
{
	char *room = room_for_text(d->describer, d->texts);
	struct value text;

	if (!room)
		return false;
	if (!value_says(d->src, reading, &text, room))
		return true;
	d->texts += text.text == room;
	return add_words(d, at, &text);
}

/* What a value of a known type says of itself stands for it, or (full) becomes its last child later: *text. */
static bool find_words(struct describing *d, struct reading *reading, struct value *text)
{
	char *room = room_for_text(d->describer, d->texts);
	const struct known *known = reading->known ? reading->known->known : reading->row;
	struct reading said = *reading;

	if (!room)
		return false;
	text->kind = VALUE_DEEPER;
	if (!known_say(d->src, &said, room))
		return true;
	if (reading->bare)
		*reading = said;
	else if (known_words_of(&said.is, room))
		*text = said.is;
	text->exact = known_is_exact(known);
	d->texts += said.is.text == room;
	return true;
}

static bool describe_inside(struct describing *d, const struct reading *reading,
			    struct value *words);

/* A value with all that is inside it; false when memory is out. */
static inline bool describe(struct describing *d, struct reading *reading, const char *name)
{
	struct value words = {.kind = VALUE_DEEPER};

	if (reading_is_known(reading) && !find_words(d, reading, &words))
		return false;
	return add_value(d->describer, &reading->is, name) &&
	       ((!reading->is.nchildren && reading->is.kind != VALUE_DYNAMIC &&
		 words.kind == VALUE_DEEPER) ||
		describe_inside(d, reading, &words));
}

/* The same of what is inside the value that was added last, and what it says of itself. What an interface holds says it for
 * the interface, unless that has words. */
static bool describe_inside(struct describing *d, const struct reading *reading,
			    struct value *words)
{
	struct describer *describer = d->describer;
	size_t at = describer->ndescribed - 1;
	bool object = reading->is.kind == VALUE_OBJECT, dynamic = reading->is.kind == VALUE_DYNAMIC;
	struct reading child;

	for (uint32_t i = 0; i < reading->is.nchildren; i++) {
		reading_child(d->src, reading, i, &child);
		if (dynamic && words->kind == VALUE_DEEPER && reading_is_known(&child) &&
		    !find_words(d, &child, words))
			return false;
		if (dynamic)
			reading_forget(&child);
		if (dynamic && reading->bare)
			describer->described[at].nchildren = 0;
		else if (!describe(d, &child, object ? reading_child_name(reading, i) : NULL))
			return false;
	}
	if (words->kind != VALUE_DEEPER ? !add_words(d, at, words)
					: dynamic && !describe_saying(d, reading, at))
		return false;
	describer->described[at].span = (uint32_t)(describer->ndescribed - at);
	return true;
}

static const struct values *describe_items(struct describer *describer,
					   const struct value_source *src)
{
	static const struct value not_read = {
		.name = "?", .type = "?", .kind = VALUE_ERROR, .why = VALUE_NOT_READ, .span = 1};
	struct describing d = {.describer = describer, .src = src};
	const struct fetch *fetch = src->fetch;
	struct reading reading;

	describer->ndescribed = 0;
	describer->values.nitems = 0;
	for (size_t i = 0; i < fetch->nitems; i++) {
		if (fetch->items[i].hidden)
			continue;
		reading_item(src, i, &reading);
		if (!describe(&d, &reading, fetch->items[i].name)) {
			describer->values =
				(struct values){.first = &not_read, .nitems = 1, .len = 1};
			return &describer->values;
		}
		describer->values.nitems++;
	}
	describer->values.first = describer->described;
	describer->values.len =
		fetch->len > describer->values.nitems ? fetch->len : describer->values.nitems;
	return &describer->values;
}

static struct describer *describer_of(struct tree_source *source)
{
	return (struct describer *)source;
}

static const struct values *answer(struct describer *describer, const struct tree *tree,
				   const struct call *call, const struct fetch *fetch, uint32_t at)
{
	struct value_source src;

	return find_source(describer, tree, call, fetch, at, &src) ? describe_items(describer, &src)
								   : NULL;
}

/* Most calls have no values: they are done with at once. */
static const struct values *args(struct tree_source *source, const struct tree *tree,
				 const struct call *call)
{
	struct describer *describer = describer_of(source);
	const struct plan *plan = describer->plan;
	const struct fetch *fetch = call->func < plan->nfuncs ? plan->funcs[call->func].args : NULL;

	if (!fetch || (call->flags & CALL_ENTRY_UNSEEN))
		return NULL;
	return answer(describer, tree, call, fetch, call->args);
}

static const struct values *results(struct tree_source *source, const struct tree *tree,
				    const struct call *call)
{
	struct describer *describer = describer_of(source);
	const struct plan *plan = describer->plan;
	const struct fetch *fetch =
		call->func < plan->nfuncs ? plan->funcs[call->func].results : NULL;

	if (!fetch || call->how != CALL_RETURN)
		return NULL;
	return answer(describer, tree, call, fetch, call->results);
}

static const struct caller *caller_at(const struct describer *describer, const struct call *call,
				      uint64_t addr)
{
	const struct plan *plan = describer->plan;

	if (call->func >= plan->nfuncs || !describer->callers)
		return NULL;
	return callers_find(describer->callers, plan->funcs[call->func].image, addr);
}

static const struct caller *caller(struct tree_source *source, const struct call *call)
{
	return caller_at(describer_of(source), call, call->caller);
}

/* Their addresses are kept as values are: their length in bytes, then they themselves. */
static const struct caller *callers(struct tree_source *source, const struct tree *tree,
				    const struct call *call, uint32_t i)
{
	const unsigned char *at;
	uint64_t addr;
	uint32_t len;

	if (call->callers == CALL_NONE)
		return NULL;
	at = tree->values + call->callers;
	memcpy(&len, at, sizeof(len));
	if (i >= len / sizeof(addr))
		return NULL;
	memcpy(&addr, at + sizeof(len) + i * sizeof(addr), sizeof(addr));
	return caller_at(describer_of(source), call, addr);
}

static const struct mark_detail *mark(struct tree_source *source, const struct tree *tree,
				      const struct mark *mark)
{
	return mark_source_tell(&describer_of(source)->marks, tree, mark);
}

static const struct goroutine *goroutine(struct tree_source *source, const struct tree *tree)
{
	struct describer *describer = describer_of(source);

	return origin_tell(describer->plan, describer->callers, tree, &describer->goroutine)
		       ? &describer->goroutine
		       : NULL;
}

void describer_init(struct describer *describer, const struct plan *plan, struct callers *found)
{
	*describer = (struct describer){
		.source = {.args = args,
			   .results = results,
			   .caller = caller,
			   .callers = callers,
			   .mark = mark,
			   .goroutine = goroutine},
		.marks = {.plan = plan, .callers = found},
		.plan = plan,
		.callers = found,
	};
}

void describer_release(struct describer *describer)
{
	for (size_t i = 0; i < FT_MAX_IMAGES; i++)
		rtypes_free(describer->types[i]);
	for (size_t i = 0; i < describer->ntexts; i++)
		free(describer->texts[i]);
	mark_source_release(&describer->marks);
	free(describer->texts);
	free(describer->described);
	*describer = (struct describer){0};
}
