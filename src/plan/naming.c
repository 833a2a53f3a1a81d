/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/naming.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/glob.h"
#include "base/symbol.h"
#include "base/vec.h"
#include "plan/regexp.h"

/* So many packages are named. */
#define PACKAGES_TOLD 3

struct package {
	const char *path; /* the beginning of a symbol */
	size_t len;
};

/* A glob, or a regular expression, which has no form. */
struct wish {
	char *text;
	enum written_form form, before;
	size_t hits;
	const char *first; /* of those, when the form is one that is told */
	struct package *packages;
	size_t npackages, cappackages;
};

struct naming {
	const struct selection *select;
	const struct name_source *source;
	struct image_names image; /* where it is that of an executable */
	struct written_symbol *at;
	struct wish *wishes; /* as naming.h counts them, and behind them those of -N */
	size_t nselect, count;
	size_t nglobs;
	size_t known; /* names of the source that were looked at */
};

/* A regular expression, which is held against nothing but whole names. */
static bool is_regexp(const struct naming *naming, size_t which)
{
	return which >= naming->nglobs && which < naming->nselect;
}

static bool is_undecided(const struct naming *naming, size_t which, enum written_form limit)
{
	return !is_regexp(naming, which) && naming->wishes[which].form >= limit;
}

/* Holds a name of the executable against every glob, in forms that are nearer than the one that it is taken in by now,
 * and nearer than `limit`. */
static void decide(struct naming *naming, const char *symbol, enum written_form limit)
{
	written_symbol_set(naming->at, symbol);
	for (size_t i = 0; i < naming->count; i++) {
		struct wish *wish = &naming->wishes[i];

		for (enum written_form form = 0;
		     !is_regexp(naming, i) && form < wish->form && form < limit; form++)
			if (written_matches(naming->at, wish->text, form))
				wish->form = form;
	}
}

struct deciding {
	struct naming *naming;
	enum written_form limit;
	const char *last; /* the previous name, which is often the next one too */
};

static int decide_inlined(const struct image_inline *call, void *arg)
{
	struct deciding *deciding = arg;

	if (deciding->last != call->func)
		decide(deciding->naming, call->func, deciding->limit);
	deciding->last = call->func;
	return 0;
}

/* Names from number `from` on. */
static void decide_from(struct naming *naming, size_t from, enum written_form limit)
{
	for (size_t i = from; i < naming->known; i++) {
		const char *name = naming->source->name(naming->source, i);

		if (name)
			decide(naming, name, limit);
	}
}

static void decide_all(struct naming *naming, enum written_form limit)
{
	struct deciding deciding = {naming, limit, NULL};
	bool any = false;

	decide_from(naming, 0, limit);
	for (size_t i = 0; i < naming->count; i++)
		any |= is_undecided(naming, i, limit);
	if (any && naming->source->inlined)
		naming->source->inlined(naming->source, decide_inlined, &deciding);
}

static bool add_wish(struct naming *naming, const char *text)
{
	struct wish *wish = &naming->wishes[naming->count++];

	wish->form = WRITTEN_NOTHING;
	wish->text = strdup(text);
	return wish->text;
}

static bool add_wishes(struct naming *naming, const struct selection *select)
{
	bool added = true;

	for (size_t i = 0; i < select->nglobs; i++)
		added &= add_wish(naming, select->globs[i].text);
	for (size_t i = 0; i < select->nregexps; i++)
		added &= add_wish(naming, select->regexps[i]);
	for (size_t i = 0; i < select->nexcluded; i++)
		added &= add_wish(naming, select->excluded[i]);
	return added;
}

struct naming *naming_new(const struct selection *select, const struct image *img,
			  const struct short_names *names)
{
	struct image_names image;
	struct naming *naming;

	image_names_init(&image, img);
	naming = naming_of(select, &image.source, names);
	if (naming) {
		naming->image = image;
		naming->source = &naming->image.source;
	}
	return naming;
}

struct naming *naming_of(const struct selection *select, const struct name_source *source,
			 const struct short_names *names)
{
	size_t count = select->nglobs + select->nregexps + select->nexcluded;
	struct naming *naming = calloc(1, sizeof(*naming));
	bool any = false;

	if (!naming)
		return NULL;
	naming->select = select;
	naming->source = source;
	naming->known = source->count(source);
	naming->nglobs = select->nglobs;
	naming->nselect = select->nglobs + select->nregexps;
	naming->wishes = calloc(count + 1, sizeof(*naming->wishes));
	naming->at = calloc(1, sizeof(*naming->at));
	if (!naming->wishes || !naming->at || !add_wishes(naming, select)) {
		naming_free(naming);
		return NULL;
	}
	written_symbol_init(naming->at, names);
	decide_all(naming, WRITTEN_SHORT_NAME);
	for (size_t i = 0; i < naming->count; i++)
		any |= is_undecided(naming, i, WRITTEN_SHORT_NAME);
	if (any)
		decide_all(naming, WRITTEN_NOTHING);
	return naming;
}

bool naming_learn(struct naming *naming)
{
	size_t from = naming->known;
	bool changed = false;

	naming->known = naming->source->count(naming->source);
	for (size_t i = 0; i < naming->count; i++)
		naming->wishes[i].before = naming->wishes[i].form;
	decide_from(naming, from, WRITTEN_NOTHING);
	for (size_t i = 0; i < naming->count; i++)
		changed |= naming->wishes[i].form != naming->wishes[i].before;
	for (size_t i = 0; changed && i < naming->count; i++) {
		naming->wishes[i].hits = naming->wishes[i].npackages = 0;
		naming->wishes[i].first = NULL;
	}
	return changed;
}

void naming_free(struct naming *naming)
{
	if (!naming)
		return;
	for (size_t i = 0; i < naming->count; i++) {
		free(naming->wishes[i].packages);
		free(naming->wishes[i].text);
	}
	if (naming->at)
		written_symbol_release(naming->at);
	free(naming->at);
	free(naming->wishes);
	free(naming);
}

bool naming_matches(struct naming *naming, const char *written, const char *symbol)
{
	written_symbol_set(naming->at, symbol);
	for (size_t i = 0; i < naming->nglobs; i++)
		if (!strcmp(naming->wishes[i].text, written))
			return written_matches(naming->at, written, naming->wishes[i].form);
	return written_matches(naming->at, written, WRITTEN_NOTHING);
}

bool naming_is_own(const char *symbol, const char *module)
{
	size_t package = symbol_package(symbol), len = strlen(module), first;
	struct buf path = {0};
	bool own;

	symbol_decode(&path, symbol, package);
	if (!strcmp(buf_str(&path), "main")) {
		own = true;
	} else if (len && path.len >= len && !memcmp(path.data, module, len) &&
		   (path.len == len || path.data[len] == '/')) {
		own = true;
	} else if (path.len >= 7 && !memcmp(path.data, "vendor/", 7)) {
		own = false;
	} else {
		first = strcspn(buf_str(&path), "/");
		own = !path.len || !memchr(path.data, '.', first);
	}
	buf_release(&path);
	return own;
}

/* 1, 0, or a negative errno. The symbol is set. */
static int wish_matches(struct naming *naming, size_t which, unsigned int despite)
{
	const struct wish *wish = &naming->wishes[which];
	const char *symbol = naming->at->symbol;
	bool limited = naming->select->exclude_vendor && !(despite & NAMING_DESPITE_X) &&
		       which < naming->nselect;
	int got;

	if (is_regexp(naming, which)) {
		const struct regexp *re = naming->select->compiled[which - naming->nglobs];

		got = regexp_match(re, symbol);
		if (!got && strchr(symbol, '%'))
			got = regexp_match(re, written_symbol_decoded(naming->at));
	} else {
		got = written_matches(naming->at, wish->text, wish->form);
		/* A name is no pattern. */
		limited &= !written_form_is_name(wish->form) && !glob_is_plain(wish->text);
	}
	if (got > 0 && limited && !naming_is_own(symbol, naming->source->module))
		return 0;
	return got;
}

bool naming_excludes(struct naming *naming, const char *symbol)
{
	written_symbol_set(naming->at, symbol);
	for (size_t i = naming->nselect; i < naming->count; i++)
		if (wish_matches(naming, i, 0) > 0)
			return true;
	return false;
}

bool naming_selects(struct naming *naming, const char *symbol, size_t which, unsigned int despite)
{
	written_symbol_set(naming->at, symbol);
	for (size_t i = 0; i < naming->nselect; i++)
		if ((which == NAMING_ALL || which == i) && wish_matches(naming, i, despite) > 0)
			return (despite & NAMING_DESPITE_N) || !naming_excludes(naming, symbol);
	return false;
}

/* What was found by a form that is told. */
static int note_package(struct wish *wish, const char *symbol)
{
	struct package package = {symbol, symbol_package(symbol)}, *slot;

	if (!wish->first)
		wish->first = symbol;
	/* Those of a package stand side by side. */
	for (size_t i = wish->npackages; i-- > 0;)
		if (wish->packages[i].len == package.len &&
		    !memcmp(wish->packages[i].path, symbol, package.len))
			return 0;
	slot = vec_push(&wish->packages, &wish->npackages, &wish->cappackages);
	if (!slot)
		return -ENOMEM;
	*slot = package;
	return 0;
}

/* SELECTED_* of one function, or a negative errno. */
static int mark(struct naming *naming, const char *symbol, bool counted)
{
	int found = 0;

	written_symbol_set(naming->at, symbol);
	for (size_t i = 0; i < naming->count; i++) {
		struct wish *wish = &naming->wishes[i];
		int got = wish_matches(naming, i, 0);

		if (got > 0 && counted && wish->form > WRITTEN_GLOB &&
		    wish->form < WRITTEN_NOTHING && note_package(wish, symbol))
			got = -ENOMEM;
		if (got < 0)
			return got;
		if (counted)
			wish->hits += (size_t)got;
		if (got && i < naming->nselect)
			found |= SELECTED;
		if (got && i < naming->nglobs && naming->select->globs[i].drill)
			found |= SELECTED_DRILL;
		if (got && i >= naming->nselect)
			found = 0;
	}
	return found;
}

int naming_marks_of(struct naming *naming, const char *symbol)
{
	return mark(naming, symbol, false);
}

int naming_mark(struct naming *naming, struct selection_marks *marks, struct error *err)
{
	const struct name_source *source = naming->source;
	unsigned char *more = realloc(marks->selected, naming->known + 1);
	int ret = more ? 0 : -ENOMEM;

	if (more)
		marks->selected = more;
	for (size_t f = marks->count; f < naming->known && ret >= 0; f++) {
		const char *name = source->name(source, f);

		marks->selected[f] = 0;
		if (!name)
			continue;
		ret = mark(naming, name, true);
		if (ret == -ELOOP)
			error_set(err, -EINVAL,
				  "-r: the expression takes too many steps on %s; simplify it",
				  name);
		else if (ret >= 0)
			marks->selected[f] = (unsigned char)ret;
	}
	if (ret >= 0) {
		marks->count = naming->known;
		return 0;
	}
	free(marks->selected);
	marks->selected = NULL;
	marks->count = 0;
	return ret == -ELOOP ? -EINVAL
			     : error_set(err, ret, "%s: out of memory; choose fewer functions",
					 source->path);
}

const struct name_source *naming_source(const struct naming *naming)
{
	return naming->source;
}

size_t naming_hits(const struct naming *naming, size_t which)
{
	return naming->wishes[which].hits;
}

static void add_escaped(struct buf *text, const char *name, size_t len)
{
	struct buf decoded = {0};

	symbol_decode(&decoded, name, len);
	escape_text(text, decoded.data, decoded.len);
	buf_release(&decoded);
}

static void put_taken(const struct wish *wish, struct buf *line)
{
	buf_adds(line, "': taken for ");
	if (wish->hits == 1) {
		add_escaped(line, wish->first, strlen(wish->first));
		return;
	}
	buf_addf(line, "%zu functions of ", wish->hits);
	for (size_t i = 0; i < wish->npackages && i < PACKAGES_TOLD; i++) {
		buf_adds(line, i ? ", " : "");
		add_escaped(line, wish->packages[i].path, wish->packages[i].len);
	}
	if (wish->npackages > PACKAGES_TOLD)
		buf_addf(line, " and %zu more package%s", wish->npackages - PACKAGES_TOLD,
			 wish->npackages == PACKAGES_TOLD + 1 ? "" : "s");
}

void naming_tell(const struct naming *naming, bool alone, struct buf *lines)
{
	struct buf line = {0};

	for (size_t i = 0; i < naming->count; i++) {
		const struct wish *wish = &naming->wishes[i];
		bool no = i >= naming->nselect;
		bool taken = wish->hits && wish->form > WRITTEN_GLOB;

		if (is_regexp(naming, i) ||
		    (!taken && !(no && alone && wish->form == WRITTEN_NOTHING)))
			continue;
		buf_reset(&line);
		buf_adds(&line, no ? "ftrace: -N '" : "ftrace: '");
		escape_text(&line, wish->text, strlen(wish->text));
		if (taken)
			put_taken(wish, &line);
		else
			buf_adds(&line, "': no function matches; nothing is left out by it");
		buf_addc(&line, '\n');
		if (!strstr(buf_str(lines), buf_str(&line)))
			buf_add(lines, line.data, line.len);
	}
	buf_release(&line);
}
