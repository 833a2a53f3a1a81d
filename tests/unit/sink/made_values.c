/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/made_values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "base/escape.h"

void made_reset(struct made *m)
{
	m->count = 0;
	m->depth = 0;
	m->values = (struct values){0};
}

struct value *made_add(struct made *m, enum value_kind kind, const char *name, const char *type)
{
	struct value *value = &m->all[m->count];

	assert_true(m->count < MADE_MAX);
	*value = (struct value){.kind = (uint8_t)kind, .name = name, .type = type, .span = 1};
	for (unsigned int i = 0; i < m->depth; i++)
		m->all[m->open[i]].span++;
	if (m->depth)
		m->all[m->open[m->depth - 1]].nchildren++;
	else
		m->values.nitems++;
	m->count++;
	return value;
}

struct value *made_number(struct made *m, const char *name, const char *type, int64_t number)
{
	struct value *value = made_add(m, VALUE_SIGNED, name, type);

	value->s = number;
	return value;
}

struct value *made_text(struct made *m, const char *name, const char *text)
{
	struct value *value = made_add(m, VALUE_TEXT, name, "string");

	value->text = text;
	value->nbytes = (uint32_t)strlen(text);
	value->len = value->nbytes;
	value->utf8 = utf8_valid(text, value->nbytes);
	return value;
}

struct value *made_error(struct made *m, const char *name, enum value_why why, uint64_t number)
{
	struct value *value = made_add(m, VALUE_ERROR, name, "T");

	value->why = (uint8_t)why;
	value->u = number;
	value->counted = true;
	return value;
}

void made_in(struct made *m)
{
	assert_true(m->count && m->depth < MADE_DEPTH);
	m->open[m->depth++] = m->count - 1;
}

void made_out(struct made *m)
{
	assert_true(m->depth);
	m->depth--;
}

const struct values *made_done(struct made *m)
{
	assert_int_equal(m->depth, 0);
	m->values.first = m->all;
	if (m->values.len < m->values.nitems)
		m->values.len = m->values.nitems;
	return &m->values;
}
