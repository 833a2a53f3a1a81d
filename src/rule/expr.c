/* SPDX-License-Identifier: GPL-2.0-only */
#include "rule/expr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/units.h"

/* Where the parser stands in the nesting of one EXPR; passed on by value. */
struct nest {
	enum rule_side side;
	unsigned int levels;  /* memory reads around this part */
	unsigned int nesting; /* parentheses and stars around it: the depth of the C stack */
};

static struct rule_expr *parse_expr(struct scan *s, struct nest nest);
static struct rule_expr *parse_name(struct scan *s, unsigned int nesting);

/* A loop down the children; `next` links a few words. */
void rule_expr_free(struct rule_expr *expr)
{
	while (expr) {
		struct rule_expr *child = expr->child;

		rule_expr_free(expr->next);
		free(expr->text);
		free(expr);
		expr = child;
	}
}

bool rule_expr_is_memory(const struct rule_expr *expr)
{
	return expr->kind == RULE_MEMORY || expr->kind == RULE_ADDR || expr->kind == RULE_SYMBOL ||
	       expr->kind == RULE_FILE;
}

bool rule_is_name(const struct rule_expr *expr)
{
	return expr->kind == RULE_NAME || expr->kind == RULE_FIELD || expr->kind == RULE_INDEX ||
	       expr->kind == RULE_DEREF;
}

bool rule_starts_name(char c)
{
	return (scan_is_word(c) && (c < '0' || c > '9')) || c == '~';
}

/* Takes `child` over, also when memory is out. */
static struct rule_expr *new_expr(struct scan *s, size_t at, enum rule_expr_kind kind,
				  struct rule_expr *child)
{
	struct rule_expr *expr = calloc(1, sizeof(*expr));

	if (!expr) {
		rule_expr_free(child);
		scan_nomem(s);
		return NULL;
	}
	expr->kind = kind;
	expr->column = scan_column(s, at);
	expr->child = child;
	return expr;
}

/* Frees `expr` and says what is wrong at `at`. */
#define drop(s, expr, at, ...) \
	(rule_expr_free(expr), scan_fail((s), (at), __VA_ARGS__), (struct rule_expr *)NULL)

static struct rule_expr *drop_unexpected(struct scan *s, struct rule_expr *expr, const char *wanted)
{
	rule_expr_free(expr);
	scan_unexpected(s, wanted);
	return NULL;
}

static struct rule_expr *drop_silent(struct rule_expr *expr)
{
	rule_expr_free(expr);
	return NULL;
}

/* Goes over the `)` that belongs to the `(` at `open`. */
static bool close_paren(struct scan *s, size_t open)
{
	char c = scan_peek(s);

	if (scan_take(s, ')'))
		return true;
	if (c && c != ',' && c != ':')
		scan_unexpected(s, "')'");
	else
		scan_fail(s, s->at, "')' is missing for the '(' of column %u; write it",
			  scan_column(s, open));
	return false;
}

static bool deeper(struct scan *s, unsigned int *nesting)
{
	if (++*nesting <= RULE_NESTING)
		return true;
	scan_fail(s, s->at, "more than %d parentheses or stars around each other; leave some out",
		  RULE_NESTING);
	return false;
}

/* A number without sign at the cursor, base 0. */
static int parse_number(struct scan *s, uint64_t *value)
{
	size_t from, to;

	scan_peek(s);
	from = s->at;
	to = scan_word(s);
	if (from == to)
		return scan_unexpected(s, "a number");
	if (units_number(s->text + from, to - from, 0, value))
		return scan_fail(s, from,
				 "bad number '%.*s'; write it decimal, hexadecimal (0x1f) or octal "
				 "(017), with at most 64 bits",
				 SCAN_PIECE(s, from, to));
	return 0;
}

/* The digits of a number whose sign was read already, in the range of int64_t. */
static int parse_signed(struct scan *s, bool negative, int64_t *value)
{
	uint64_t magnitude = 0;
	size_t from;
	int err;

	scan_peek(s);
	from = s->at;
	err = parse_number(s, &magnitude);
	if (err)
		return err;
	if (magnitude > (uint64_t)INT64_MAX + negative)
		return scan_fail(s, from, "bad number '%.*s'; write one of 63 bits behind a sign",
				 SCAN_PIECE(s, from, s->at));
	*value = (int64_t)(negative ? 0 - magnitude : magnitude);
	return 0;
}

static void consider(const char *name, void *suggest)
{
	suggest_name(suggest, name);
}

struct rule_expr *rule_register_parse(struct scan *s)
{
	const struct arch *arch = arch_native();
	size_t from = s->at++, to = scan_word(s);
	struct rule_expr *expr = new_expr(s, from, RULE_REG, NULL);
	char word[16], guess[64];
	struct suggest suggest;

	if (!expr || arch->find_register(s->text + from + 1, to - from - 1, &expr->reg))
		return expr;
	snprintf(word, sizeof(word), "%.*s", SCAN_PIECE(s, from + 1, to));
	suggest_init(&suggest, word);
	arch->each_register(consider, &suggest);
	suggest_text(&suggest, guess, sizeof(guess));
	if (suggest.count)
		return drop(s, expr, from, "unknown register '%.*s'%s", SCAN_PIECE(s, from + 1, to),
			    guess);
	return drop(s, expr, from, "unknown register '%.*s'; %s are known",
		    SCAN_PIECE(s, from + 1, to), arch->registers);
}

static const struct variable {
	const char *name;
	enum rule_expr_kind kind;
	bool numbered;               /* $nameN; else the name alone */
	uint16_t low, high;          /* what N may be; `low` is the number where none is written */
	bool entry, results, filter; /* where it may stand */
} variables[] = {
	{"comm", RULE_COMM, false, 0, 0, true, true, true},
	{"COMM", RULE_COMM, false, 0, 0, true, true, false},
	{"pid", RULE_PID, false, 0, 0, true, true, true},
	{"tid", RULE_TID, false, 0, 0, true, true, true},
	{"goid", RULE_GOID, false, 0, 0, true, true, true},
	{"stack", RULE_SP, false, 0, 0, true, true, false},
	{"stack", RULE_STACK_WORD, true, 0, RULE_STACK, true, true, false},
	{"arg", RULE_ARG, true, 1, RULE_ORDINALS, true, false, true},
	{"ret", RULE_RET, true, 1, RULE_ORDINALS, false, true, true},
	{"retval", RULE_RET, false, 1, 1, false, true, true},
};

/* The row of the word from..to; where its number begins goes to *digits. */
static const struct variable *find_variable(const struct scan *s, size_t from, size_t to,
					    size_t *digits)
{
	*digits = to;
	while (*digits > from && s->text[*digits - 1] >= '0' && s->text[*digits - 1] <= '9')
		--*digits;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		if (scan_equal(s, from, *digits, variables[i].name) &&
		    variables[i].numbered == (*digits < to))
			return &variables[i];
	return NULL;
}

struct rule_expr *rule_variable_parse(struct scan *s, enum rule_side side)
{
	size_t from = s->at++, to = scan_word(s), digits;
	const struct variable *var = find_variable(s, from + 1, to, &digits);
	struct rule_expr *expr = NULL;
	uint64_t number;

	if (!var || (side == RULE_IN_FILTER && !var->filter))
		return drop(
			s, expr, from, "unknown variable '%.*s'; %s are known",
			SCAN_PIECE(s, from, to),
			side == RULE_IN_FILTER
				? "$argN, $retN, $retval, $duration, $error, $comm, $pid, $tid and "
				  "$goid"
				: "$argN, $retN, $retval, $stack, $stackN, $comm, $pid, "
				  "$tid and $goid");
	if (side == RULE_AT_ENTRY && !var->entry)
		return drop(s, expr, from,
			    "'%.*s' is not there at entry; write it in a second list, FUNC()(%.*s)",
			    SCAN_PIECE(s, from, to), SCAN_PIECE(s, from, to));
	if (side == RULE_AT_RETURN && !var->results)
		return drop(s, expr, from,
			    "'%.*s' is gone at return, registers hold results then; "
			    "write it in the first list",
			    SCAN_PIECE(s, from, to));
	number = var->low;
	if (var->numbered && (units_number(s->text + digits, to - digits, 10, &number) ||
			      number < var->low || number > var->high))
		return drop(s, expr, digits, "bad number of $%sN; write one from %u to %u",
			    var->name, var->low, var->high);
	expr = new_expr(s, from, var->kind, NULL);
	if (expr)
		expr->number = number;
	return expr;
}

/* @ADDR, @SYMBOL[+OFF], @+OFFSET. A symbol may hold what Go's do: `/ . - % ~ *` and brackets. */
static struct rule_expr *parse_place(struct scan *s)
{
	struct rule_expr *expr = new_expr(s, s->at, RULE_SYMBOL, NULL);
	unsigned int brackets = 0;
	size_t from = ++s->at;

	if (!expr)
		return NULL;
	if (scan_take(s, '+')) {
		expr->kind = RULE_FILE;
		return parse_number(s, &expr->number) ? drop_silent(expr) : expr;
	}
	if (from < s->end && s->text[from] >= '0' && s->text[from] <= '9') {
		expr->kind = RULE_ADDR;
		return parse_number(s, &expr->number) ? drop_silent(expr) : expr;
	}
	for (; s->at < s->end; s->at++) {
		char c = s->text[s->at];

		if (c == '[')
			brackets++;
		else if (c == ']' && brackets)
			brackets--;
		else if (!scan_is_word(c) && !(c && strchr("/.-%~*", c)) && !brackets)
			break;
	}
	if (brackets)
		return drop(s, expr, from, "']' is missing in '%.*s'; write it",
			    SCAN_PIECE(s, from, s->at));
	if (s->at == from)
		return drop_unexpected(s, expr, "an address, a symbol or +OFFSET");
	expr->text = scan_copy(s, from, s->at);
	if (!expr->text || (scan_take(s, '+') && parse_signed(s, false, &expr->offset)))
		return drop_silent(expr);
	return expr;
}

static struct rule_expr *parse_constant(struct scan *s)
{
	struct rule_expr *expr = new_expr(s, s->at++, RULE_IMM, NULL);
	int64_t value = 0;
	int err;

	if (!expr)
		return NULL;
	if (scan_take(s, '-')) {
		err = parse_signed(s, true, &value);
		expr->number = (uint64_t)value;
	} else {
		scan_take(s, '+');
		err = parse_number(s, &expr->number);
	}
	return err ? drop_silent(expr) : expr;
}

/* +OFF(EXPR), -uOFF(EXPR): the cursor is on the sign. */
static struct rule_expr *parse_memory(struct scan *s, struct nest nest)
{
	struct rule_expr *child, *expr;
	size_t from = s->at++, paren;
	int64_t offset = 0;

	if (++nest.levels > RULE_LEVELS)
		return drop(s, NULL, from, "memory nests deeper than %d levels; leave some out",
			    RULE_LEVELS);
	if (!deeper(s, &nest.nesting))
		return NULL;
	scan_take(s, 'u');
	if (parse_signed(s, s->text[from] == '-', &offset))
		return NULL;
	if (!scan_take(s, '('))
		return drop_unexpected(s, NULL, "'(' behind the offset");
	paren = s->at - 1;
	child = parse_expr(s, nest);
	if (!child || !close_paren(s, paren))
		return drop_silent(child);
	expr = new_expr(s, from, RULE_MEMORY, child);
	if (expr)
		expr->offset = offset;
	return expr;
}

/* *NAME by debug information; of anything else the word that it points to, which is +0(EXPR). */
static struct rule_expr *parse_star(struct scan *s, struct nest nest)
{
	size_t from = s->at++;
	struct rule_expr *child;

	if (++nest.levels > RULE_LEVELS)
		return drop(s, NULL, from, "memory nests deeper than %d levels; leave some out",
			    RULE_LEVELS);
	if (!deeper(s, &nest.nesting))
		return NULL;
	child = parse_expr(s, nest);
	if (!child)
		return NULL;
	if (child->kind == RULE_LEN || child->kind == RULE_CAP || child->kind == RULE_COMM)
		return drop(s, child, from, "'*' is of a name, a register or memory; leave it out");
	return new_expr(s, from, rule_is_name(child) ? RULE_DEREF : RULE_MEMORY, child);
}

/* len(NAME) or cap(NAME), the cursor behind the parenthesis. */
static struct rule_expr *parse_length(struct scan *s, size_t from, enum rule_expr_kind kind,
				      unsigned int nesting)
{
	size_t paren = s->at - 1;
	struct rule_expr *child;

	if (!deeper(s, &nesting))
		return NULL;
	child = parse_name(s, nesting);
	if (!child || !close_paren(s, paren))
		return drop_silent(child);
	if (!rule_is_name(child))
		return drop(s, child, from, "%s() is of a name; write a parameter or result",
			    kind == RULE_LEN ? "len" : "cap");
	return new_expr(s, from, kind, child);
}

struct rule_expr *rule_steps_parse(struct scan *s, struct rule_expr *expr)
{
	for (unsigned int steps = 0; expr; steps++) {
		char c = scan_peek(s);
		size_t from = s->at, to;

		if (c != '.' && c != '[')
			return expr;
		if (steps == RULE_STEPS)
			return drop(s, expr, from,
				    "more than %d fields and indexes behind a name; leave some out",
				    RULE_STEPS);
		s->at++;
		expr = new_expr(s, from, c == '.' ? RULE_FIELD : RULE_INDEX, expr);
		if (!expr)
			return NULL;
		if (c == '[') {
			if (parse_number(s, &expr->number))
				return drop_silent(expr);
			if (!scan_take(s, ']'))
				return drop_unexpected(s, expr, "']'");
			continue;
		}
		scan_peek(s);
		from = s->at;
		to = rule_starts_name(from < s->end ? s->text[from] : '\0') ? scan_word(s) : from;
		if (from == to)
			return drop_unexpected(s, expr, "a field's name");
		expr->text = scan_copy(s, from, to);
		if (!expr->text)
			return drop_silent(expr);
	}
	return NULL;
}

/* A name at the cursor, without what stands behind it; or len(), cap(). */
static struct rule_expr *parse_word(struct scan *s, unsigned int nesting)
{
	size_t from = s->at, to;
	struct rule_expr *expr;
	bool len, cap;

	s->at += s->text[from] == '~';
	to = scan_word(s);
	len = scan_equal(s, from, to, "len");
	cap = scan_equal(s, from, to, "cap");
	if ((len || cap) && scan_take(s, '('))
		return parse_length(s, from, len ? RULE_LEN : RULE_CAP, nesting);
	s->at = to;
	expr = new_expr(s, from, RULE_NAME, NULL);
	if (!expr)
		return NULL;
	expr->text = scan_copy(s, from, to);
	return expr->text ? rule_steps_parse(s, expr) : drop_silent(expr);
}

/* What may stand where only names may: NAME, *NAME, (NAME), len(NAME). */
static struct rule_expr *parse_name(struct scan *s, unsigned int nesting)
{
	char c = scan_peek(s);
	size_t from = s->at;
	struct rule_expr *expr;

	if (rule_starts_name(c))
		return parse_word(s, nesting);
	if (c != '*' && c != '(')
		return drop_unexpected(s, NULL, "a name");
	if (!deeper(s, &nesting))
		return NULL;
	s->at++;
	expr = parse_name(s, nesting);
	if (!expr)
		return NULL;
	if (c == '(') {
		if (!close_paren(s, from))
			return drop_silent(expr);
		return rule_is_name(expr) ? rule_steps_parse(s, expr) : expr;
	}
	if (!rule_is_name(expr))
		return drop(s, expr, from, "'*' is of a name; leave it out");
	return new_expr(s, from, RULE_DEREF, expr);
}

struct rule_expr *rule_name_parse(struct scan *s)
{
	return parse_name(s, 0);
}

static struct rule_expr *parse_parentheses(struct scan *s, struct nest nest)
{
	size_t from = s->at;
	struct rule_expr *expr;

	if (!deeper(s, &nest.nesting))
		return NULL;
	s->at++;
	expr = parse_expr(s, nest);
	if (!expr || !close_paren(s, from))
		return drop_silent(expr);
	return rule_is_name(expr) ? rule_steps_parse(s, expr) : expr;
}

static struct rule_expr *parse_expr(struct scan *s, struct nest nest)
{
	char c = scan_peek(s);

	switch (c) {
	case '(':
		return parse_parentheses(s, nest);
	case '%':
		return rule_register_parse(s);
	case '$':
		return rule_variable_parse(s, nest.side);
	case '@':
		return parse_place(s);
	case '\\':
		return parse_constant(s);
	case '+':
	case '-':
		return parse_memory(s, nest);
	case '*':
		return parse_star(s, nest);
	}
	if (rule_starts_name(c))
		return parse_word(s, nest.nesting);
	return drop_unexpected(s, NULL, "an expression");
}

struct rule_expr *rule_expr_parse(struct scan *s, enum rule_side side)
{
	return parse_expr(s, (struct nest){.side = side});
}
