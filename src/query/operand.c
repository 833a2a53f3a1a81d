/* SPDX-License-Identifier: GPL-2.0-only */
#include "query/operand.h"

#include <string.h>

/* What a path leads to: a value, or why there is none; of len() and cap() a number. */
struct found {
	enum operand_state state;
	const struct value *value; /* NULL: `number` */
	uint64_t number;
};

static const struct found missing = {.state = OPERAND_MISSING};
static const struct found unreadable = {.state = OPERAND_UNREADABLE};

static struct found found(const struct value *value)
{
	/* What a register held that no probe sees was not recorded; what was tried is as it was then. */
	if (value->kind == VALUE_DEEPER ||
	    (value->kind == VALUE_ERROR && value->why != VALUE_UNREADABLE &&
	     value->why != VALUE_BAD_INDEX && value->why != VALUE_BAD_LENGTH))
		return missing;
	return value->kind == VALUE_ERROR ? unreadable : (struct found){.value = value};
}

static struct found number(uint64_t number)
{
	return (struct found){.number = number};
}

/* The name of a rule's item, compared without blanks. */
static bool same_name(const char *name, const char *text)
{
	for (;; name++) {
		if (*name && strchr(" \t\n\r", *name))
			continue;
		if (*name != *text)
			return false;
		if (!*name)
			return true;
		text++;
	}
}

static const struct value *item_called(const struct values *values, const char *text)
{
	const struct value *value = values ? values->first : NULL;

	for (uint32_t i = 0; values && i < values->nitems; i++, value = value_next(value))
		if (value->name && same_name(value->name, text))
			return value;
	return NULL;
}

static struct found item_number(const struct values *values, uint64_t number)
{
	const struct value *value = values ? values->first : NULL;

	if (!values || !number || number > values->nitems)
		return missing;
	while (--number)
		value = value_next(value);
	return found(value);
}

/* A call that did not return by itself has no results. */
static struct found nothing_in(const struct call *call)
{
	return call->how != CALL_RETURN || call->flags & CALL_ENTRY_UNSEEN ? unreadable : missing;
}

static struct found name_of(const char *name, const struct tree *tree, const struct call *call)
{
	const struct value *value = item_called(tree_args(tree, call), name);

	if (!value)
		value = item_called(tree_results(tree, call), name);
	return value ? found(value) : nothing_in(call);
}

/* What a pointer leads to. */
static struct found follow(const struct value *value)
{
	if (value->kind == VALUE_NULL)
		return unreadable;
	if (value->kind != VALUE_POINTER)
		return found(value);
	return value_parts(value) ? found(value + 1) : missing;
}

/* An embedded field is called by the last element of its type's name. */
static bool is_embedded(const struct value *field)
{
	const char *type = field->type, *dot;

	if (!type || !field->name)
		return false;
	while (*type == '*')
		type++;
	dot = strrchr(type, '.');
	return !strcmp(field->name, dot ? dot + 1 : type);
}

/* A field, or one of what is embedded, so far down. */
static const struct value *find_field(const struct value *object, const char *name, int levels)
{
	const struct value *field = object + 1, *deep;

	if (object->kind == VALUE_POINTER && value_parts(object))
		return find_field(object + 1, name, levels);
	if (object->kind != VALUE_OBJECT)
		return NULL;
	for (uint32_t i = 0; i < value_parts(object); i++, field = value_next(field))
		if (field->name && !strcmp(field->name, name))
			return field;
	field = object + 1;
	for (uint32_t i = 0; levels && i < value_parts(object); i++, field = value_next(field)) {
		deep = is_embedded(field) ? find_field(field, name, levels - 1) : NULL;
		if (deep)
			return deep;
	}
	return NULL;
}

static struct found field_of(const struct value *value, const char *name)
{
	struct found object = follow(value);
	const struct value *field;

	if (object.state != OPERAND_READ)
		return object;
	field = find_field(object.value, name, 4);
	return field ? found(field) : missing;
}

static struct found element_of(const struct value *value, uint64_t index)
{
	struct found list = follow(value);
	const struct value *at;

	if (list.state != OPERAND_READ)
		return list;
	at = list.value;
	if (at->kind == VALUE_TEXT)
		return index < at->nbytes ? number((unsigned char)at->text[index])
		       : at->truncated && (!at->counted || index < at->len) ? missing
									    : unreadable;
	if (at->kind != VALUE_LIST)
		return missing;
	if (index >= value_parts(at))
		return at->truncated && (!at->counted || index < at->len) ? missing : unreadable;
	for (at++; index--; at = value_next(at))
		;
	return found(at);
}

static struct found length_of(const struct value *value, bool cap)
{
	struct found of = value->kind == VALUE_NULL ? found(value) : follow(value);

	if (of.state != OPERAND_READ)
		return of;
	switch (of.value->kind) {
	case VALUE_NULL:
		return number(0);
	case VALUE_CHAN:
		return number(cap ? of.value->capacity : of.value->len);
	case VALUE_MAP:
		return cap ? missing : number(of.value->len);
	case VALUE_TEXT:
	case VALUE_LIST:
		if (cap || (of.value->truncated && !of.value->counted))
			return missing;
		if (of.value->truncated)
			return number(of.value->len);
		return number(of.value->kind == VALUE_TEXT ? of.value->nbytes
							   : value_parts(of.value));
	default:
		return missing;
	}
}

static struct found find(const struct rule_expr *expr, const struct tree *tree,
			 const struct call *call)
{
	struct found child = {.state = OPERAND_READ};

	if (expr->child) {
		child = find(expr->child, tree, call);
		if (child.state != OPERAND_READ)
			return child;
		if (!child.value)
			return missing;
	}
	switch (expr->kind) {
	case RULE_NAME:
		return name_of(expr->text, tree, call);
	case RULE_FIELD:
		return field_of(child.value, expr->text);
	case RULE_INDEX:
		return element_of(child.value, expr->number);
	case RULE_DEREF:
		return follow(child.value);
	case RULE_LEN:
	case RULE_CAP:
		return length_of(child.value, expr->kind == RULE_CAP);
	case RULE_ARG:
		return item_number(tree_args(tree, call), expr->number);
	case RULE_RET:
		return call->how == CALL_RETURN
			       ? item_number(tree_results(tree, call), expr->number)
			       : unreadable;
	case RULE_PID:
		return number(tree->process ? tree->process->pid : 0);
	case RULE_TID:
		return number(call->tid);
	case RULE_GOID:
		return number(tree->goid);
	default:
		return missing;
	}
}

static void set_text(struct operand *operand, const struct value *value)
{
	operand->class = OPERAND_TEXT;
	operand->text = value->text;
	operand->len = value->nbytes;
	operand->whole = !value->truncated ? value->nbytes
			 : value->counted  ? value->len
					   : UINT64_MAX;
}

static void set_value(struct operand *operand, const struct value *value)
{
	operand->bits = value->u;
	operand->type = value->type;
	operand->class = OPERAND_NILABLE;
	switch ((enum value_kind)value->kind) {
	case VALUE_SIGNED:
		operand->negative = value->s < 0;
		operand->class = OPERAND_NUMBER;
		break;
	case VALUE_UNSIGNED:
	case VALUE_HEX:
		operand->class = OPERAND_NUMBER;
		break;
	case VALUE_BOOL:
		operand->class = OPERAND_BOOL;
		break;
	case VALUE_CHAR:
		operand->class = OPERAND_CHAR;
		operand->byte = value->nbytes ? value->text[0] : 0;
		operand->bits = (unsigned char)operand->byte;
		break;
	case VALUE_FLOAT:
		operand->class = OPERAND_REAL;
		operand->real = value->f;
		break;
	case VALUE_TEXT:
		set_text(operand, value);
		break;
	case VALUE_NULL:
		operand->bits = 0;
		break;
	case VALUE_POINTER:
	case VALUE_ADDRESS:
		operand->class = OPERAND_POINTER;
		break;
	case VALUE_MAP:
	case VALUE_CHAN:
	case VALUE_FUNC:
	case VALUE_DYNAMIC:
	case VALUE_SAID:
	case VALUE_LIST:
		operand->bits = 1;
		break;
	default:
		operand->class = OPERAND_OTHER;
	}
}

void operand_of(const struct filter_node *item, const struct tree *tree, const struct call *call,
		struct operand *operand)
{
	const struct value *named = item_called(tree_args(tree, call), item->text);
	struct found it;

	*operand = (struct operand){0};
	if (!named)
		named = item_called(tree_results(tree, call), item->text);
	it = named ? found(named) : find(item->expr, tree, call);
	operand->state = it.state;
	if (it.state != OPERAND_READ)
		return;
	if (it.value) {
		set_value(operand, it.value);
		return;
	}
	operand->class = OPERAND_NUMBER;
	operand->bits = it.number;
	operand->type = "number";
}
