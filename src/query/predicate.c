/* SPDX-License-Identifier: GPL-2.0-only */
#include "query/predicate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "call/narrow.h"
#include "query/compare.h"
#include "query/operand.h"

/* One call. */
struct asking {
	struct predicate *predicate;
	const struct tree *tree;
	const struct call *call;
	bool missing; /* something that is compared was not recorded */
	bool failed;  /* the filter is false, whatever else it says */
};

static void miss(struct asking *a, const struct filter_node *node)
{
	a->missing = a->failed = true;
	if (!a->predicate->what)
		a->predicate->what = node;
}

static void set_duration(struct asking *a, struct operand *operand)
{
	const struct call *call = a->call;

	operand->class = OPERAND_NUMBER;
	if (!call_is_timed(call) || call->flags & CALL_ENTRY_UNSEEN)
		a->failed = true;
	else
		operand->bits = call->end > call->start ? call->end - call->start : 0;
}

static void set_failed(struct asking *a, struct operand *operand)
{
	operand->class = OPERAND_BOOL;
	/* What a call that jumped away comes to is another one's result. */
	if (!call_is_timed(a->call) || a->call->how == CALL_TAIL)
		a->failed = true;
	else
		operand->bits = narrow_has_failed(a->tree, a->call);
}

static void set_real(struct operand *operand, double real)
{
	operand->class = OPERAND_REAL;
	operand->real = real;
}

/* What an operand is, a constant too. */
static void take(struct asking *a, const struct filter_node *node, struct operand *operand)
{
	*operand = (struct operand){.class = OPERAND_NUMBER, .bits = node->number};
	switch (node->kind) {
	case FILTER_ITEM:
		operand_of(node, a->tree, a->call, operand);
		if (operand->state == OPERAND_MISSING)
			miss(a, node);
		a->failed |= operand->state != OPERAND_READ;
		break;
	case FILTER_DURATION:
		set_duration(a, operand);
		break;
	case FILTER_ERROR:
		set_failed(a, operand);
		break;
	case FILTER_BOOL:
		operand->class = OPERAND_BOOL;
		break;
	case FILTER_FLOAT:
		set_real(operand, node->real);
		break;
	case FILTER_TEXT:
		operand->class = OPERAND_TEXT;
		operand->text = node->text;
		operand->len = operand->whole = node->len;
		break;
	case FILTER_NIL:
		operand->class = OPERAND_NILABLE;
		operand->bits = 0;
		break;
	default:
		operand->negative = node->negative;
	}
}

/* Everything that is read is asked for before anything is compared. */
static void read_all(struct asking *a, const struct filter_node *node)
{
	struct operand operand;

	if (node->left)
		read_all(a, node->left);
	if (node->right)
		read_all(a, node->right);
	if (node->kind == FILTER_ITEM)
		take(a, node, &operand);
}

static void put_operand(char *to, size_t size, const struct filter_node *node,
			const struct operand *operand)
{
	static const char *const words[] = {
		[FILTER_BOOL] = "true or false", [FILTER_ERROR] = "$error",
		[FILTER_DURATION] = "$duration", [FILTER_NUMBER] = "a number",
		[FILTER_FLOAT] = "a number",     [FILTER_TIME] = "a time",
		[FILTER_TEXT] = "a string",      [FILTER_NIL] = "nil",
	};

	if (node->kind == FILTER_ITEM)
		snprintf(to, size, "'%.30s' (%.40s)", node->text,
			 operand->type ? operand->type : "?");
	else
		snprintf(to, size, "%s", words[node->kind]);
}

static void mistake(struct asking *a, const struct filter_node *node, const struct operand *left,
		    const struct operand *right)
{
	struct predicate *predicate = a->predicate;
	char one[96], two[96];

	a->failed = true;
	if (predicate->mistake.code)
		return;
	if (!right) {
		put_operand(one, sizeof(one), node, left);
		error_set(&predicate->mistake, -EINVAL,
			  "filter %u, column %u: %s is no condition; compare it with something",
			  predicate->number, node->column, one);
		return;
	}
	put_operand(one, sizeof(one), node->left, left);
	put_operand(two, sizeof(two), node->right, right);
	error_set(&predicate->mistake, -EINVAL,
		  "filter %u, column %u: %s and %s: they do not compare; write two of one type",
		  predicate->number, node->column, one, two);
}

static bool test(struct asking *a, const struct filter_node *node)
{
	struct operand left, right;
	bool holds = false;

	take(a, node->left, &left);
	take(a, node->right, &right);
	if (a->failed)
		return false;
	switch (compare(node, &left, &right, &holds)) {
	case COMPARED:
		break;
	case COMPARE_UNKNOWN:
		miss(a, node->left->kind == FILTER_ITEM ? node->left : node->right);
		break;
	case COMPARE_NEVER:
		mistake(a, node, &left, &right);
	}
	return holds;
}

static bool item(struct asking *a, const struct filter_node *node)
{
	struct operand operand;

	take(a, node, &operand);
	if (!a->failed && operand.class != OPERAND_BOOL)
		mistake(a, node, &operand, NULL);
	return operand.bits;
}

/* The tree is at most FILTER_NODES deep. */
static bool evaluate(struct asking *a, const struct filter_node *node)
{
	switch (node->kind) {
	case FILTER_OR:
		return evaluate(a, node->left) || evaluate(a, node->right);
	case FILTER_AND:
		return evaluate(a, node->left) && evaluate(a, node->right);
	case FILTER_NOT:
		return !evaluate(a, node->left);
	case FILTER_BOOL:
	case FILTER_ITEM:
	case FILTER_ERROR:
		return item(a, node);
	default:
		return test(a, node);
	}
}

bool predicate_holds(struct predicate *predicate, const struct tree *tree, const struct call *call)
{
	struct asking a = {.predicate = predicate, .tree = tree, .call = call};
	bool holds = false;

	predicate->asked++;
	read_all(&a, predicate->filter->root);
	if (!a.failed)
		holds = evaluate(&a, predicate->filter->root);
	predicate->compared += !a.missing && !a.failed;
	predicate->missing += a.missing;
	return holds && !a.failed;
}

int predicate_tell(const struct predicate *predicate, struct buf *notes, struct error *err)
{
	const struct filter_node *what = predicate->what;

	if (predicate->mistake.code) {
		*err = predicate->mistake;
		return err->code;
	}
	if (!predicate->missing)
		return 0;
	if (!predicate->compared)
		return error_set(err, -ENODATA,
				 "filter %u, column %u: '%.60s' was recorded of no call of %.60s; "
				 "record it, or compare what is there",
				 predicate->number, what->column, what->text,
				 predicate->filter->glob);
	buf_addf(notes, "ftrace: filter %u, column %u: '", predicate->number, what->column);
	escape_text(notes, what->text, strlen(what->text));
	buf_addf(
		notes,
		"' was not recorded, or not all of it, of %llu of %llu calls: these are left out\n",
		(unsigned long long)predicate->missing, (unsigned long long)predicate->asked);
	return 0;
}
