/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/nearest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/symbol.h"
#include "plan/naming.h"

#define NAMES 3

/* How far off: what is the same but for its marks, what is an end, and so many letters. */
enum { SAME, END, SPELLING };

/* Whose it is, among what is as far off. */
#define RANKS 3

struct near {
	char *text;
	unsigned int off; /* the less the nearer */
};

struct nearest {
	const char *module;
	const struct short_names *names;
	struct buf wanted; /* its letters */
	bool packages;     /* it is PACKAGE.* */
	struct near found[NAMES];
	size_t count;
	struct buf letters, shown, bare; /* of the name that is looked at */
};

/* Appends what is left of a name without brackets and stars, in small letters. */
static void put_letters(struct buf *buf, const char *name)
{
	struct buf bare = {0};

	written_put_bare(&bare, name);
	for (const char *p = buf_str(&bare); *p; p++)
		if (!strchr("()*?\\", *p))
			buf_addc(buf, (char)tolower((unsigned char)*p));
	buf_release(&bare);
}

/* How far `letters` is off; UINT32_MAX: too far to have been meant. */
static unsigned int compare(const struct buf *wanted, const struct buf *letters)
{
	unsigned int limit = (unsigned int)(wanted->len / 4 + 1), distance;
	size_t before = letters->len - wanted->len; /* where there are as many */

	if (letters->len >= wanted->len &&
	    !memcmp(letters->data + before, wanted->data, wanted->len)) {
		if (!before)
			return SAME;
		if (letters->data[before - 1] == '.' || letters->data[before - 1] == '/')
			return END;
	}
	distance = suggest_distance(wanted->data, wanted->len, letters->data, letters->len, limit);
	return distance > limit ? UINT32_MAX : SPELLING + distance;
}

static void keep(struct nearest *nearest, const char *text, unsigned int off)
{
	size_t at = nearest->count;
	char *copy;

	for (size_t i = 0; i < nearest->count; i++)
		if (!strcmp(nearest->found[i].text, text))
			return;
	while (at && nearest->found[at - 1].off > off)
		at--;
	copy = at < NAMES ? strdup(text) : NULL;
	if (!copy)
		return;
	if (nearest->count == NAMES)
		free(nearest->found[--nearest->count].text);
	for (size_t i = nearest->count++; i > at; i--)
		nearest->found[i] = nearest->found[i - 1];
	nearest->found[at] = (struct near){copy, off};
}

/* The program's own before others', and these before the standard library's. */
static unsigned int rank(const struct nearest *nearest, const char *symbol)
{
	if (!naming_is_own(symbol, nearest->module))
		return 1;
	return naming_is_own(symbol, "") && strncmp(symbol, "main.", 5) != 0 ? 2 : 0;
}

/* Looks at a name, or at a package's path and a dot. */
static void consider(struct nearest *nearest, const char *symbol)
{
	unsigned int off, by_path;

	buf_reset(&nearest->shown);
	short_names_put(nearest->names, &nearest->shown, symbol);
	buf_reset(&nearest->letters);
	put_letters(&nearest->letters, buf_str(&nearest->shown));
	off = compare(&nearest->wanted, &nearest->letters);
	buf_reset(&nearest->letters);
	buf_reset(&nearest->bare);
	short_names_put(NULL, &nearest->bare, symbol);
	put_letters(&nearest->letters, buf_str(&nearest->bare));
	by_path = compare(&nearest->wanted, &nearest->letters);
	if (by_path < off)
		off = by_path;
	if (off == UINT32_MAX)
		return;
	buf_reset(&nearest->bare);
	written_put_bare(&nearest->bare, buf_str(&nearest->shown));
	if (nearest->packages)
		buf_addc(&nearest->bare, '*');
	keep(nearest, buf_str(&nearest->bare), RANKS * off + rank(nearest, symbol));
}

static void consider_packages(struct nearest *nearest)
{
	struct buf path = {0};

	for (size_t i = 0; i < nearest->names->count; i++) {
		buf_reset(&path);
		buf_add(&path, nearest->names->packages[i].path, nearest->names->packages[i].len);
		buf_addc(&path, '.');
		consider(nearest, buf_str(&path));
	}
	buf_release(&path);
}

/* One that is near makes pointless what is far. */
static bool is_told(const struct nearest *nearest, size_t i)
{
	unsigned int off = nearest->found[i].off, best = nearest->found[0].off;

	if (best < RANKS * SPELLING)
		return off < RANKS * SPELLING;
	return off / RANKS <= best / RANKS + 1;
}

static void tell(struct nearest *nearest, struct buf *text)
{
	size_t told = 0;

	for (size_t i = 0; i < nearest->count; i++) {
		if (is_told(nearest, i)) {
			buf_adds(text, told++ ? ", " : "; did you mean ");
			buf_adds(text, nearest->found[i].text);
		}
	}
	for (size_t i = 0; i < nearest->count; i++)
		free(nearest->found[i].text);
	buf_adds(text, told ? "?" : "");
}

void nearest_names(struct buf *text, const char *wanted, const struct name_source *source,
		   const struct short_names *names)
{
	struct nearest nearest = {.module = source->module, .names = names};
	size_t len = strlen(wanted);

	symbol_decode(&nearest.bare, wanted, len);
	put_letters(&nearest.wanted, buf_str(&nearest.bare));
	nearest.packages = len > 2 && !strcmp(wanted + len - 2, ".*");
	if (nearest.packages && names)
		consider_packages(&nearest);
	for (size_t i = 0; !nearest.packages && nearest.wanted.len && i < source->count(source);
	     i++) {
		const char *name = source->name(source, i);

		if (name)
			consider(&nearest, name);
	}
	tell(&nearest, text);
	buf_release(&nearest.wanted);
	buf_release(&nearest.letters);
	buf_release(&nearest.shown);
	buf_release(&nearest.bare);
}
