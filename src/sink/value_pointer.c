/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pointers to structs by their names, where those were shown already or not read.
 */
#include <string.h>

#include "sink/value_parts.h"

#define ADD(buf, literal) buf_add((buf), (literal), sizeof(literal) - 1)

/* What a pointer holds, or an interface that holds one: false when it is not known. */
static bool find_pointer(const struct value *value, const char **type, size_t *len,
			 uint64_t *address)
{
	bool held = value->kind == VALUE_DYNAMIC;

	*type = held ? value->text : value->type;
	*len = held ? value->nbytes : *type ? strlen(*type) : 0;
	*address = held ? value->word : value->u;
	return *address && *len && **type == '*';
}

bool value_named(struct value_out *out, const struct value *pointer)
{
	const char *type;
	uint64_t address;
	size_t len;

	if (!find_pointer(pointer, &type, &len, &address))
		return false;
	value_name(out, type, len);
	ADD(out->buf, "(0x");
	buf_addx(out->buf, address);
	buf_addc(out->buf, ')');
	return true;
}

/* The part of a type's name by which a pointer and an interface that holds one are the same. */
static void cut_path(const char **type, size_t *len)
{
	size_t from = 1;

	for (size_t i = 1; i < *len && (*type)[i] != '['; i++)
		if ((*type)[i] == '/')
			from = i + 1;
	*type += from;
	*len -= from;
}

static bool is_struct(const struct value *inside)
{
	return inside->kind == VALUE_OBJECT && !inside->says;
}

bool value_named_again(struct value_out *out, const struct value *pointer,
		       const struct value *inside, unsigned int room)
{
	const char *type;
	uint64_t address;
	size_t len;

	if (!out->style->brief || !out->style->shown || value_is_error(pointer) ||
	    !is_struct(inside) || !find_pointer(pointer, &type, &len, &address))
		return false;
	cut_path(&type, &len);
	return shown_before(out->style->shown, address, type, len, room) &&
	       value_named(out, pointer);
}

bool value_leads_nowhere(const struct value_out *out, const struct value *pointer)
{
	const char *type;
	uint64_t address;
	size_t len;

	if (!out->style->brief || pointer->kind != VALUE_ADDRESS || pointer->symbol || !pointer->u)
		return false;
	if (!out->style->shown || !find_pointer(pointer, &type, &len, &address))
		return true;
	cut_path(&type, &len);
	return !shown_before(out->style->shown, address, type, len, 0);
}

void value_remember(struct value_out *out, const struct value *pointer, const struct value *inside,
		    uint32_t width)
{
	const char *type;
	uint64_t address;
	size_t len;

	if (!out->style->brief || !out->style->shown || !is_struct(inside) ||
	    !find_pointer(pointer, &type, &len, &address))
		return;
	cut_path(&type, &len);
	shown_add(out->style->shown, address, type, len, width);
}
