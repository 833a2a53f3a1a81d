/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memrchr */
#include "base/short_names.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/symbol.h"
#include "base/vec.h"

/* What cannot stand in an import path, and so parts names from each other (cmd/compile's checkImportPath). */
#define BETWEEN "[](){}*,;<>\"`'|&=?!^:$"

int short_names_add(struct short_names *names, const char *symbol)
{
	size_t len = symbol_package(symbol);
	const struct short_package *last = names->count ? &names->packages[names->count - 1] : NULL;
	struct short_package *slot;

	/* C has no packages. */
	if (symbol[len] != '.' || symbol_generated(symbol))
		return 0;
	if (last && last->len == len && !memcmp(last->path, symbol, len))
		return 0;
	slot = vec_push(&names->packages, &names->count, &names->cap);
	if (!slot)
		return -ENOMEM;
	*slot = (struct short_package){symbol, len};
	return 0;
}

/* Goes through a path from its end. */
struct elements {
	const char *path;
	size_t left;  /* bytes that are still to come */
	size_t start; /* of the current one, in the path */
	size_t len;
};

/* The next element to the left; `versions`: those of major versions, too. */
static bool elements_next(struct elements *at, bool versions)
{
	while (at->left) {
		const char *slash = memrchr(at->path, '/', at->left);

		at->start = slash ? (size_t)(slash - at->path) + 1 : 0;
		at->len = at->left - at->start;
		at->left = slash ? at->start - 1 : 0;
		if (versions || !slash || !symbol_is_version(at->path + at->start, at->len))
			return true;
	}
	return false;
}

static struct elements elements_of(const struct short_package *package)
{
	return (struct elements){.path = package->path, .left = package->len};
}

/* The order of two paths by their elements, the last one first. *same: how many of these are the same. */
static int compare_elements(const struct short_package *a, const struct short_package *b,
			    bool versions, size_t *same)
{
	struct elements x = elements_of(a), y = elements_of(b);

	for (*same = 0;; ++*same) {
		bool more_x = elements_next(&x, versions), more_y = elements_next(&y, versions);
		int order;

		if (!more_x || !more_y)
			return more_x - more_y;
		order = memcmp(x.path + x.start, y.path + y.start, x.len < y.len ? x.len : y.len);
		if (!order)
			order = (x.len > y.len) - (x.len < y.len);
		if (order)
			return order;
	}
}

static int by_elements(const void *a, const void *b)
{
	size_t same;
	int order = compare_elements(a, b, false, &same);

	return order ? order : compare_elements(a, b, true, &same);
}

void short_names_seal(struct short_names *names)
{
	size_t kept = 0;

	if (names->count)
		qsort(names->packages, names->count, sizeof(*names->packages), by_elements);
	for (size_t i = 0; i < names->count; i++)
		if (!i || by_elements(&names->packages[i], &names->packages[kept - 1]))
			names->packages[kept++] = names->packages[i];
	names->count = kept;
}

void short_names_release(struct short_names *names)
{
	free(names->packages);
	*names = (struct short_names){0};
}

/* What is left of a path. */
struct cut {
	size_t from;
	bool versions; /* those behind `from`, too */
};

/* Makes it long enough to tell `package` from `other`; true when only a version does that. */
static bool cut_tell_apart(struct cut *cut, const struct short_package *package,
			   const struct short_package *other)
{
	struct elements at = elements_of(package);
	size_t same;
	bool twins = !compare_elements(package, other, false, &same);

	if (twins)
		compare_elements(package, other, true, &same);
	at.start = at.left;
	for (size_t i = 0; i <= same && elements_next(&at, twins); i++)
		;
	while (twins && at.start && symbol_is_version(package->path + at.start, at.len) &&
	       elements_next(&at, true))
		;
	cut->versions |= twins;
	if (at.start < cut->from)
		cut->from = at.start;
	return twins;
}

static size_t find_place(const struct short_names *names, const struct short_package *package)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_elements(&names->packages[mid], package) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* More versions of one package than that, no program has. */
#define TWINS 64

/* Those that share most with a package stand beside it, behind its twins. */
static struct cut cut_of(const struct short_names *names, const struct short_package *package)
{
	struct elements last = elements_of(package);
	struct cut cut = {0};
	size_t place = find_place(names, package);

	if (!elements_next(&last, false))
		return cut;
	cut.from = last.start;
	for (size_t i = place; i > 0 && place - i < TWINS; i--)
		if (!cut_tell_apart(&cut, package, &names->packages[i - 1]))
			break;
	if (place < names->count && !by_elements(&names->packages[place], package))
		place++;
	for (size_t i = 0; place < names->count && i < TWINS; i++, place++)
		if (!cut_tell_apart(&cut, package, &names->packages[place]))
			break;
	return cut;
}

static void put_package(const struct short_names *names, struct buf *buf,
			const struct short_package *package)
{
	struct cut cut = cut_of(names, package);
	size_t at = cut.from;

	while (at < package->len) {
		const char *element = package->path + at;
		const char *slash = memchr(element, '/', package->len - at);
		size_t len = slash ? (size_t)(slash - element) : package->len - at;

		if (at == cut.from || cut.versions || !symbol_is_version(element, len)) {
			if (at > cut.from)
				buf_addc(buf, '/');
			symbol_decode(buf, element, len);
		}
		at += len + 1;
	}
}

/* What stands between two of BETWEEN: a name with its package, or a part of one. */
static void put_part(const struct short_names *names, struct buf *buf, const char *part, size_t len)
{
	while (names && memchr(part, '/', len)) {
		/* Of `...T`, and behind brackets. */
		size_t skip = strspn(part, ".");
		struct short_package package = {part + skip, 0};
		const char *dot;

		package.len = symbol_package_in(package.path, len - skip);
		buf_add(buf, part, skip);
		part += skip;
		len -= skip;
		if (!memchr(part, '/', package.len) || package.len == len) {
			symbol_decode(buf, part, package.len);
		} else {
			put_package(names, buf, &package);
		}
		part += package.len;
		len -= package.len;
		/* A method that is promoted: its type, and another path. */
		dot = len ? memchr(part + 1, '.', len - 1) : NULL;
		if (!dot)
			break;
		buf_add(buf, part, (size_t)(dot - part));
		len -= (size_t)(dot - part);
		part = dot;
	}
	symbol_decode(buf, part, len);
}

/* Bytes of the quoted text at the beginning of `text`. */
static size_t quoted_len(const char *text)
{
	size_t len = 1;

	while (text[len] && text[len] != '"')
		len += text[len] == '\\' && text[len + 1] ? 2 : 1;
	return len + (text[len] == '"');
}

void short_names_put(const struct short_names *names, struct buf *buf, const char *text)
{
	size_t len = symbol_generated(text);

	buf_add(buf, text, len);
	for (text += len; *text; text += len) {
		len = strcspn(text, BETWEEN " ");
		if (len) {
			put_part(names, buf, text, len);
			continue;
		}
		len = *text == '"' ? quoted_len(text) : 1;
		buf_add(buf, text, len);
	}
}
