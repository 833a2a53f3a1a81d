/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* memmem */
#include "tui/search.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN 0
#define HAS_IT  1
#define HAS_NOT 2

void search_release(struct search *search)
{
	free(search->text);
	free(search->funcs);
	buf_release(&search->words);
	*search = (struct search){0};
}

int search_set(struct search *search, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return -ENOMEM;
	search_release(search);
	search->text = copy;
	for (const char *at = text; *at; at++)
		search->exact |= isupper((unsigned char)*at) != 0;
	return 0;
}

/* The letters of ASCII alone: what is beyond is compared as it is. */
static bool equal_folded(const char *text, const char *lower, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (tolower((unsigned char)text[i]) != (unsigned char)lower[i])
			return false;
	return true;
}

bool search_matches(const struct search *search, const char *text, size_t len)
{
	size_t wanted = strlen(search->text);

	if (search->exact)
		return memmem(text, len, search->text, wanted);
	for (size_t at = 0; at + wanted <= len; at++)
		if (equal_folded(text + at, search->text, wanted))
			return true;
	return false;
}

/* Whether a function's name has it, found once for each. -1 when memory is out. */
static int in_name(struct search *search, struct lines *lines, uint32_t func)
{
	const struct func_name *name;

	if (func >= search->nfuncs) {
		size_t count = func + 256;
		unsigned char *more = realloc(search->funcs, count);

		if (!more)
			return -1;
		memset(more + search->nfuncs, UNKNOWN, count - search->nfuncs);
		search->funcs = more;
		search->nfuncs = count;
	}
	if (search->funcs[func] == UNKNOWN) {
		name = func_names_get(&lines->names, func);
		search->funcs[func] =
			search_matches(search, name->text, name->len) ? HAS_IT : HAS_NOT;
	}
	return search->funcs[func] == HAS_IT;
}

/* In all that was read of the call, or in what is shown of it. */
static bool in_values(struct search *search, struct lines *lines, const struct tree *tree,
		      const struct call *call)
{
	for (int brief = 0; brief < 2; brief++) {
		const struct value_style *style = lines_style(lines, call->func, brief);
		const struct values *values = tree_args(tree, call);

		buf_reset(&search->words);
		if (values)
			value_text_args(&search->words, values, style, NULL);
		buf_addc(&search->words, '\n');
		values = tree_results(tree, call);
		if (values)
			value_text_results(&search->words, values, style, NULL);
		if (!search->words.failed &&
		    search_matches(search, search->words.data, search->words.len))
			return true;
	}
	return false;
}

static bool in_mark(struct search *search, struct lines *lines, const struct tree *tree,
		    const struct mark *mark)
{
	struct mark_words words = lines_words(lines, tree);

	buf_reset(&search->words);
	mark_text(&search->words, &words, mark, tree_mark_detail(tree, mark));
	return search->words.len && search_matches(search, search->words.data, search->words.len);
}

/* 1, 0, or -1 when memory is out. */
static int in_node(struct search *search, struct rows *rows, struct lines *lines,
		   const struct sheet *sheet, uint32_t node)
{
	const struct call *call = sheet_call(sheet, node);
	const struct mark *mark = sheet_mark(sheet, node);
	struct tree tree;
	int named;

	if ((!call && !mark) || !rows_shows(rows, sheet, node))
		return 0;
	tree = sheet_tree(sheet, node);
	if (mark)
		return in_mark(search, lines, &tree, mark);
	named = in_name(search, lines, call->func);
	if (named || (call->args == CALL_NONE && call->results == CALL_NONE))
		return named;
	return in_values(search, lines, &tree, call);
}

/* Looks at the nodes of a sheet from `from` on, up to `to`, which is not among them, in either direction. */
static enum found find_in_sheet(struct search *search, struct rows *rows, struct lines *lines,
				size_t block, size_t from, size_t to, struct place *place)
{
	const struct sheet *sheet = shelf_get(rows->shelf, block);

	if (!sheet)
		return FOUND_FAILED;
	while (from != to) {
		uint32_t node = (uint32_t)(from < to ? from++ : --from);
		int found = in_node(search, rows, lines, sheet, node);

		if (found < 0)
			return FOUND_FAILED;
		if (found) {
			*place = (struct place){block, node};
			return FOUND;
		}
	}
	return FOUND_NOTHING;
}

enum found search_find(struct search *search, struct rows *rows, struct lines *lines, bool forward,
		       struct place *place, bool *round)
{
	size_t count = rows->shelf->nblocks, block = place->block;
	uint32_t start = place->node;

	/* The block at hand twice: first what is behind the place, at last what is in front of it, and it. */
	for (size_t i = 0; i <= count; i++) {
		const struct sheet *sheet;
		size_t from, to;
		enum found found;

		if (i && !rows_go_on(rows, block))
			return FOUND_STOPPED;
		sheet = shelf_get(rows->shelf, block);
		if (!sheet)
			return FOUND_FAILED;
		from = forward ? 0 : sheet->nnodes;
		to = forward ? sheet->nnodes : 0;
		if (i == 0)
			from = forward ? start + 1 : start;
		if (i == count)
			to = forward ? start + 1 : start;
		*round = forward ? block < place->block || i == count
				 : block > place->block || i == count;
		found = find_in_sheet(search, rows, lines, block, from, to, place);
		if (found != FOUND_NOTHING)
			return found;
		block = forward ? (block + 1) % count : (block + count - 1) % count;
	}
	return FOUND_NOTHING;
}
