/* SPDX-License-Identifier: GPL-2.0-only */
#include "rule/filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rule/expr.h"
#include "rule/filter_glob.h"
#include "rule/filter_operand.h"
#include "rule/scan.h"

struct parser {
	struct scan scan;
	unsigned int nodes, nesting;
	bool asks_error;
};

static const struct comparison {
	char text[3]; /* a longer one before the one that begins it */
	enum filter_kind kind;
} operators[] = {
	{"==", FILTER_EQ}, {"!=", FILTER_NE}, {"<=", FILTER_LE},  {">=", FILTER_GE},
	{"<", FILTER_LT},  {">", FILTER_GT},  {"&", FILTER_BITS}, {"~", FILTER_MATCH},
};

static struct filter_node *parse_or(struct parser *p);

/* The tree is at most FILTER_NODES deep, and so is the recursion. */
static void node_free(struct filter_node *node)
{
	if (!node)
		return;
	node_free(node->left);
	node_free(node->right);
	rule_expr_free(node->expr);
	filter_glob_put(node->glob);
	free(node->text);
	free(node);
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	node_free(filter->root);
	free(filter->glob);
	free(filter);
}

static struct filter_node *node_new(struct parser *p, size_t at, enum filter_kind kind)
{
	struct filter_node *node;

	if (p->nodes == FILTER_NODES) {
		scan_fail(&p->scan, at, "more than %d operators and operands; write fewer",
			  FILTER_NODES);
		return NULL;
	}
	node = calloc(1, sizeof(*node));
	if (!node) {
		scan_nomem(&p->scan);
		return NULL;
	}
	p->nodes++;
	node->kind = kind;
	node->column = scan_column(&p->scan, at);
	return node;
}

/* Joins two trees under an operator; takes both over, also on failure. */
static struct filter_node *join(struct parser *p, size_t at, enum filter_kind kind,
				struct filter_node *left, struct filter_node *right)
{
	struct filter_node *node = node_new(p, at, kind);

	if (!node) {
		node_free(left);
		node_free(right);
		return NULL;
	}
	node->left = left;
	node->right = right;
	return node;
}

static bool is_operand(const struct filter_node *node)
{
	return node->kind >= FILTER_ITEM;
}

static bool is_test(const struct filter_node *node)
{
	return node->kind <= FILTER_ERROR;
}

static bool next_is(struct scan *s, const char *text)
{
	scan_peek(s);
	return s->end - s->at >= strlen(text) && !memcmp(s->text + s->at, text, strlen(text));
}

/* The operator at the cursor, which goes over it; NULL when there is none. */
static const struct comparison *take_operator(struct scan *s)
{
	if (next_is(s, "&&"))
		return NULL;
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++) {
		if (!next_is(s, operators[i].text))
			continue;
		s->at += strlen(operators[i].text);
		return &operators[i];
	}
	return NULL;
}

static bool deeper(struct parser *p)
{
	if (++p->nesting <= FILTER_NESTING)
		return true;
	scan_fail(&p->scan, p->scan.at,
		  "more than %d parentheses and '!' around each other; leave some out",
		  FILTER_NESTING);
	return false;
}

/* What other languages write there. */
static int fail_behind(struct scan *s, const char *wanted)
{
	static const struct {
		const char *text, *instead;
	} words[] = {{"=", "=="}, {"and", "&&"}, {"or", "||"}, {"|", "||"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (next_is(s, words[i].text))
			return scan_fail(s, s->at, "'%s' is no operator; write %s", words[i].text,
					 words[i].instead);
	if (scan_peek(s) == ')')
		return scan_fail(s, s->at, "this ')' has no '('; leave it out");
	return scan_unexpected(s, wanted);
}

/* `(EXPR)`; one name in parentheses may go on: (*p).x, (*p)[3]. */
static struct filter_node *parse_parentheses(struct parser *p)
{
	struct scan *s = &p->scan;
	size_t from = s->at;
	struct filter_node *node;

	if (!deeper(p))
		return NULL;
	s->at++;
	node = parse_or(p);
	p->nesting--;
	if (!node)
		return NULL;
	if (!scan_take(s, ')')) {
		if (s->at == s->end)
			scan_fail(s, s->at, "')' is missing for the '(' of column %u; write it",
				  scan_column(s, from));
		else
			fail_behind(s, "an operator or ')'");
		goto free_node;
	}
	if (node->kind == FILTER_ITEM && rule_is_name(node->expr)) {
		const struct rule_expr *inner = node->expr;

		node->expr = rule_steps_parse(s, node->expr);
		if (!node->expr || (node->expr != inner && filter_item_text(s, from, node)))
			goto free_node;
	}
	return node;

free_node:
	node_free(node);
	return NULL;
}

static struct filter_node *parse_operand(struct parser *p)
{
	struct filter_node *node;

	if (scan_peek(&p->scan) == '(')
		return parse_parentheses(p);
	node = node_new(p, p->scan.at, FILTER_ITEM);
	if (node && filter_operand_parse(&p->scan, node)) {
		node_free(node);
		return NULL;
	}
	p->asks_error |= node && node->kind == FILTER_ERROR;
	return node;
}

_Static_assert(FILTER_TEXT_MAX == FT_TEXT_MAX, "what a text or a glob may have");

/* The right side of a `~`. */
static int make_glob(struct scan *s, size_t at, struct filter_node *node)
{
	if (node->kind != FILTER_TEXT)
		return scan_fail(s, at,
				 "'~' wants a glob in double quotes on its right, like \"GET *\"");
	if (strlen(node->text) != node->len)
		return scan_fail(s, at, "a glob has no \\x00 in it; leave it out");
	if (filter_glob_sets(node->text) > FT_GLOB_SETS)
		return scan_fail(
			s, at,
			"more than %d brackets in a glob; quote those that are no sets, like "
			"\\\\[",
			FT_GLOB_SETS);
	if (filter_glob_is_prefix(node->text))
		return 0;
	node->glob = filter_glob_new(node->text);
	return node->glob ? 0 : scan_nomem(s);
}

/* What $duration may be compared with. */
static bool fits_duration(const struct filter_node *node)
{
	return node->kind == FILTER_TIME || node->kind == FILTER_ITEM ||
	       node->kind == FILTER_DURATION;
}

/* Refuses what no types of the operands could make right. */
static int check_comparison(struct scan *s, size_t at, const struct comparison *op,
			    const struct filter_node *left, struct filter_node *right)
{
	bool order = op->kind != FILTER_EQ && op->kind != FILTER_NE;

	if (!is_operand(right))
		return scan_fail(s, at,
				 "'%s' compares values, not conditions; join these with && or ||",
				 op->text);
	if (op->kind == FILTER_MATCH && make_glob(s, at, right))
		return -EINVAL;
	for (int side = 0; side < 2; side++) {
		const struct filter_node *one = side ? right : left, *other = side ? left : right;

		if (order && (one->kind == FILTER_NIL || one->kind == FILTER_BOOL ||
			      one->kind == FILTER_ERROR))
			return scan_fail(
				s, at,
				"'%s' is not for nil, true and false; they compare by == and !=",
				op->text);
		if (one->kind == FILTER_DURATION &&
		    (!fits_duration(other) || op->kind == FILTER_BITS || op->kind == FILTER_MATCH))
			return scan_fail(
				s, at,
				"$duration compares with a TIME; write a number with ns, us, ms, "
				"s or m, like 10ms");
	}
	return 0;
}

/* What stands behind a whole comparison must not be one more. */
static int check_chain(struct scan *s, const struct comparison *op)
{
	size_t at;

	scan_peek(s);
	at = s->at;
	if (!take_operator(s))
		return 0;
	if (op->kind == FILTER_BITS)
		return scan_fail(s, at,
				 "a '&' test is true or false already (any of these bits); leave "
				 "this comparison out");
	return scan_fail(s, at, "comparisons do not chain; join two with &&");
}

static struct filter_node *parse_comparison(struct parser *p)
{
	struct filter_node *left, *right = NULL;
	struct scan *s = &p->scan;
	const struct comparison *op;
	size_t from, at;

	scan_peek(s);
	from = s->at;
	left = parse_operand(p);
	if (!left)
		return NULL;
	scan_peek(s);
	at = s->at;
	op = take_operator(s);
	if (!op) {
		if (is_test(left))
			return left;
		scan_fail(s, from, "a value alone is no condition; compare it with something");
		goto free_left;
	}
	if (!is_operand(left)) {
		scan_fail(s, at, "'%s' compares values, not conditions; join these with && or ||",
			  op->text);
		goto free_left;
	}
	right = parse_operand(p);
	if (!right || check_comparison(s, at, op, left, right) || check_chain(s, op))
		goto free_right;
	return join(p, at, op->kind, left, right);

free_right:
	node_free(right);
free_left:
	node_free(left);
	return NULL;
}

/* `!` binds tighter than a comparison, as in Go. */
static struct filter_node *parse_test(struct parser *p)
{
	struct scan *s = &p->scan;
	struct filter_node *child;
	size_t from, operand;

	if (scan_peek(s) != '!')
		return parse_comparison(p);
	if (!deeper(p))
		return NULL;
	from = s->at++;
	operand = scan_peek(s) ? s->at : s->end;
	child = scan_peek(s) == '!' ? parse_test(p) : parse_operand(p);
	p->nesting--;
	if (!child)
		return NULL;
	if (!is_test(child))
		scan_fail(s, operand, "a value alone is no condition; compare it with something");
	else if (scan_peek(s) && take_operator(s))
		scan_fail(s, from, "'!' is of the name alone; write !(...) around the comparison");
	else
		return join(p, from, FILTER_NOT, child, NULL);
	node_free(child);
	return NULL;
}

/* One or more of `part` with `text` between them. */
static struct filter_node *parse_series(struct parser *p, const char *text, enum filter_kind kind,
					struct filter_node *(*part)(struct parser *p))
{
	struct filter_node *left = part(p);

	while (left && next_is(&p->scan, text)) {
		size_t at = p->scan.at;
		struct filter_node *right;

		p->scan.at += strlen(text);
		right = part(p);
		if (!right) {
			node_free(left);
			return NULL;
		}
		left = join(p, at, kind, left, right);
	}
	return left;
}

static struct filter_node *parse_and(struct parser *p)
{
	return parse_series(p, "&&", FILTER_AND, parse_test);
}

static struct filter_node *parse_or(struct parser *p)
{
	return parse_series(p, "||", FILTER_OR, parse_and);
}

/* Where the colon between GLOB and EXPR is, or s->end. See filter.h. */
static size_t find_colon(const struct scan *s)
{
	size_t last = s->end, spaced = s->end;
	int depth = 0;

	for (size_t at = 0; at < s->end; at++) {
		char c = s->text[at], next = at + 1 < s->end ? s->text[at + 1] : ' ';

		if (c == '"' && depth <= 0)
			break;
		if (c == '\\' && at + 1 < s->end)
			at++;
		else if (strchr("([{", c))
			depth++;
		else if (strchr(")]}", c))
			depth--;
		else if (c == ':') {
			bool blank = strchr(" \t\n\r", next);

			if (blank && depth <= 0)
				return at;
			if (blank && spaced == s->end)
				spaced = at;
			last = at;
		}
	}
	return spaced < s->end ? spaced : last;
}

static int parse_filter(struct parser *p, struct filter *filter)
{
	struct scan *s = &p->scan;
	size_t colon = find_colon(s), from, to;

	scan_peek(s);
	from = s->at;
	if (from == s->end)
		return scan_fail(s, 0,
				 "it is empty; write 'GLOB: EXPR', like 'main.handle: n > 3'");
	if (colon == s->end)
		return scan_fail(s, s->end,
				 "no ':' between GLOB and EXPR; write 'GLOB: EXPR', like "
				 "'main.handle: n > 3'");
	for (to = colon; to > from && strchr(" \t\n\r", s->text[to - 1]);)
		to--;
	if (to <= from)
		return scan_fail(s, from, "no function before the ':'; write 'GLOB: EXPR'");
	filter->glob = scan_copy(s, from, to);
	if (!filter->glob)
		return -ENOMEM;
	s->at = colon + 1;
	if (!scan_peek(s))
		return scan_fail(s, s->at,
				 "no condition behind the ':'; write 'GLOB: EXPR', like "
				 "'main.handle: n > 3'");
	filter->root = parse_or(p);
	filter->asks_error = p->asks_error;
	if (!filter->root)
		return -EINVAL;
	return scan_peek(s) ? fail_behind(s, "an operator or the end") : 0;
}

struct filter *filter_parse(const char *text, unsigned int number, struct error *err)
{
	struct filter *filter = calloc(1, sizeof(*filter));
	struct parser p = {0};

	if (!filter) {
		error_set(err, -ENOMEM, "filter %u: out of memory", number);
		return NULL;
	}
	if (scan_begin(&p.scan, text, "filter", number, err) || parse_filter(&p, filter)) {
		filter_free(filter);
		return NULL;
	}
	return filter;
}
