/* SPDX-License-Identifier: GPL-2.0-only */
#include "rule/rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "rule/expr.h"
#include "rule/scan.h"

/* Offsets of the two parentheses of a list. */
struct group {
	size_t open, close;
};

static void items_free(struct rule_item *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(items[i].name);
		free(items[i].type.text);
		rule_expr_free(items[i].expr);
	}
	free(items);
}

void rule_free(struct rule *rule)
{
	if (!rule)
		return;
	items_free(rule->entry, rule->nentry);
	items_free(rule->results, rule->nresults);
	free(rule->func);
	free(rule);
}

/* `end` without the blanks before it, at least `from`. */
static size_t trim_end(const struct scan *s, size_t from, size_t end)
{
	while (end > from && strchr(" \t\n\r", s->text[end - 1]))
		end--;
	return end;
}

/* The list that ends at `end`, whose last byte is ')'. */
static int find_group(struct scan *s, size_t end, struct group *group)
{
	unsigned int depth = 0;

	for (size_t at = end; at > 0; at--) {
		depth += s->text[at - 1] == ')';
		depth -= s->text[at - 1] == '(';
		if (depth)
			continue;
		*group = (struct group){.open = at - 1, .close = end - 1};
		return 0;
	}
	return scan_fail(s, end - 1, "this ')' has no '('; write FUNC(ITEM, ...)");
}

/* Without a ')' at its end the rule has no list. */
static int fail_no_list(struct scan *s, size_t end)
{
	const char *open = memchr(s->text, '(', end);
	const char *close = strrchr(s->text, ')');

	if (close)
		return scan_fail(s, (size_t)(close + 1 - s->text),
				 "'%.*s' stands behind the last ')'; write FUNC(ITEM, ...)",
				 SCAN_PIECE(s, (size_t)(close + 1 - s->text), end));
	if (open)
		return scan_fail(s, (size_t)(open - s->text),
				 "')' is missing for this '('; write it");
	return scan_fail(s, end,
			 "no list of items; write '%.*s(ITEM, ...)', or '%.*s()' to read nothing",
			 SCAN_PIECE(s, 0, end), SCAN_PIECE(s, 0, end));
}

/*
 * The parentheses left in FUNC are the name's own and come in pairs: one without a partner is most
 * likely a list that was not closed.
 */
static int check_func(struct scan *s, size_t from, size_t end)
{
	size_t open[RULE_NESTING];
	unsigned int depth = 0;

	if (from == end)
		return scan_fail(s, from, "no function before the '('; write FUNC(ITEM, ...)");
	for (size_t at = from; at < end; at++) {
		if (s->text[at] == '\\') {
			at++;
		} else if (s->text[at] == '(') {
			if (depth == RULE_NESTING)
				return scan_fail(
					s, at,
					"more than %d parentheses around each other; leave some out",
					RULE_NESTING);
			open[depth++] = at;
		} else if (s->text[at] == ')' && depth-- == 0) {
			return scan_fail(s, at, "this ')' has no '('; in a glob write '\\)'");
		}
	}
	if (depth)
		return scan_fail(s, open[depth - 1],
				 "')' is missing for this '('; in a glob write '\\('");
	return 0;
}

/* NAME= at the cursor, if it is there. A name may hold what no other token begins or ends with. */
static int parse_name(struct scan *s, struct rule_item *item)
{
	size_t from = s->at, to;

	while (s->at < s->end && (unsigned char)s->text[s->at] > ' ' &&
	       !strchr("()=,:\\\"'", s->text[s->at]))
		s->at++;
	to = s->at;
	if (!scan_take(s, '=')) {
		s->at = from;
		return 0;
	}
	if (to == from)
		return scan_fail(s, from, "no name before the '='; write NAME=EXPR, or EXPR alone");
	item->named = true;
	item->name = scan_copy(s, from, to);
	return item->name ? 0 : -ENOMEM;
}

static bool has_64_bits(const struct rule_expr *expr)
{
	switch (expr->kind) {
	case RULE_REG:
	case RULE_SP:
	case RULE_STACK_WORD:
	case RULE_IMM:
	case RULE_PID:
	case RULE_TID:
	case RULE_GOID:
	case RULE_LEN:
	case RULE_CAP:
		return true;
	default:
		return false;
	}
}

/* Refuses a TYPE that can never be read from this EXPR. */
static int check_type(struct scan *s, size_t at, const struct rule_item *item)
{
	const struct rule_type *type = &item->type;

	if (item->expr->kind == RULE_TUPLE)
		return rule_tuple_check(s, at, item->expr, type);
	if (item->expr->kind == RULE_COMM && (type->kind != RULE_STRING || type->count))
		return scan_fail(s, at, "$comm is text; leave '%s' out or write string",
				 type->text);
	if (type->kind == RULE_TEXT && !type->count && type->bits > 64 && has_64_bits(item->expr))
		return scan_fail(
			s, at,
			"'%s' is %u bytes of text, a value has 8; write +0(EXPR):%s for the "
			"memory it points to",
			type->text, type->bits / 8u, type->text);
	return 0;
}

static int parse_item(struct scan *s, enum rule_side side, struct rule_item *item)
{
	size_t from;
	int err;

	scan_peek(s);
	item->column = scan_column(s, s->at);
	err = parse_name(s, item);
	if (err)
		return err;
	scan_peek(s);
	from = s->at;
	item->expr = rule_tuple_parse(s, side);
	if (!item->expr)
		return -EINVAL;
	if (!item->name) {
		item->name = scan_copy(s, from, trim_end(s, from, s->at));
		if (!item->name)
			return -ENOMEM;
	}
	scan_peek(s);
	from = s->at;
	if (!scan_take(s, ':'))
		return item->expr->kind == RULE_TUPLE
			       ? rule_tuple_check(s, from, item->expr, &item->type)
			       : 0;
	scan_peek(s);
	from = s->at;
	err = rule_type_parse(s, &item->type);
	return err ? err : check_type(s, from, item);
}

static int parse_list(struct scan *s, struct group group, enum rule_side side,
		      unsigned int max_items, struct rule_item **items, size_t *count)
{
	size_t cap = 0;
	int err;

	s->at = group.open + 1;
	s->end = group.close;
	scan_peek(s);
	if (s->at == s->end)
		return 0;
	do {
		struct rule_item *item;

		scan_peek(s);
		if (*count == max_items)
			return scan_fail(
				s, s->at,
				"more than %u items in a list; write fewer or raise --max-items",
				max_items);
		if (s->at == s->end || s->text[s->at] == ',')
			return scan_fail(s, s->at,
					 "an item is missing; write it, or leave the ',' out");
		item = vec_push(items, count, &cap);
		if (!item)
			return scan_nomem(s);
		err = parse_item(s, side, item);
		if (err)
			return err;
	} while (scan_take(s, ','));
	return s->at < s->end ? scan_unexpected(s, "',' or ')'") : 0;
}

static int parse_rule(struct scan *s, unsigned int max_items, struct rule *rule)
{
	struct group entry = {0}, results = {0};
	size_t from, end;
	int err;

	end = trim_end(s, 0, s->end);
	if (!end)
		return scan_fail(s, 0, "it is empty; write FUNC(ITEM, ...)");
	if (s->text[end - 1] != ')')
		return fail_no_list(s, end);
	err = find_group(s, end, &entry);
	if (err)
		return err;
	scan_peek(s);
	from = s->at;
	end = trim_end(s, from, entry.open);
	if (end > from && s->text[end - 1] == ')') {
		results = entry;
		rule->has_results = true;
		err = find_group(s, end, &entry);
		if (err)
			return err;
		end = trim_end(s, from, entry.open);
	}
	err = check_func(s, from, end);
	if (err)
		return err;
	rule->func = scan_copy(s, from, end);
	if (!rule->func)
		return -ENOMEM;
	err = parse_list(s, entry, RULE_AT_ENTRY, max_items, &rule->entry, &rule->nentry);
	if (!err && rule->has_results)
		err = parse_list(s, results, RULE_AT_RETURN, max_items, &rule->results,
				 &rule->nresults);
	return err;
}

struct rule *rule_parse(const char *text, unsigned int number, unsigned int max_items,
			struct error *err)
{
	struct rule *rule = calloc(1, sizeof(*rule));
	struct scan s;

	if (!rule) {
		error_set(err, -ENOMEM, "rule %u: out of memory", number);
		return NULL;
	}
	if (scan_begin(&s, text, "rule", number, err) || parse_rule(&s, max_items, rule)) {
		rule_free(rule);
		return NULL;
	}
	return rule;
}
