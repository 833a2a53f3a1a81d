/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/rule_field.h"

#include <errno.h>
#include <string.h>

#include "base/suggest.h"

/* Structs looked at; embedded pointers can make a circle. */
#define VISITS_MAX 4096

struct field_search {
	const char *name;
	unsigned int visits;
	unsigned int found;                                  /* at the present depth */
	const struct gotype_field *way[RULE_FIELD_LEVELS];   /* where the search stands */
	const struct gotype_field *first[RULE_FIELD_LEVELS]; /* to the first that was found */
};

static const struct gotype *struct_of(const struct gotype *type)
{
	if (type && type->kind == GOTYPE_POINTER)
		type = gotype_elem(type);
	return type && type->kind == GOTYPE_STRUCT ? type : NULL;
}

/* Looks for the name `depth` levels below `type`, which itself is at `level`. */
static void search_at(struct field_search *s, const struct gotype *type, unsigned int level,
		      unsigned int depth)
{
	type = struct_of(type);
	if (!type || ++s->visits > VISITS_MAX)
		return;
	for (size_t i = 0; i < type->nfields; i++) {
		const struct gotype_field *field = &type->fields[i];

		s->way[level] = field;
		if (level < depth) {
			if (field->embedded)
				search_at(s, field->type, level + 1, depth);
		} else if (!strcmp(field->name, s->name) && s->found++ == 0) {
			memcpy(s->first, s->way, sizeof(s->first));
		}
	}
}

static int fail_unknown(struct rule_compile *c, const struct rule_expr *expr,
			const struct gotype *type)
{
	struct suggest suggest;
	char text[256];

	suggest_init(&suggest, expr->text);
	for (size_t i = 0; i < type->nfields; i++) {
		const struct gotype *inner = struct_of(type->fields[i].type);

		suggest_name(&suggest, type->fields[i].name);
		for (size_t j = 0; inner && type->fields[i].embedded && j < inner->nfields; j++)
			suggest_name(&suggest, inner->fields[j].name);
	}
	return rule_compile_fail(c, expr, -ENOENT, "%s has no field '%s'%s", type->name, expr->text,
				 suggest_text(&suggest, text, sizeof(text)));
}

int rule_field_find(struct rule_compile *c, const struct rule_expr *expr, const struct gotype *type,
		    const struct gotype_field *way[RULE_FIELD_LEVELS])
{
	const struct gotype *outer = struct_of(type);
	struct field_search s = {.name = expr->text};
	char text[RULE_PATH_TEXT];

	rule_path_text(expr->child, text, sizeof(text));
	if (!outer)
		return rule_compile_fail(c, expr, -EINVAL, "'%s' is %s %s, which has no fields; %s",
					 text, rule_article(type->name), type->name,
					 type->kind == GOTYPE_INTERFACE
						 ? "what an interface holds is not known beforehand"
						 : "leave them out");
	if (!strcmp(expr->text, "_"))
		return rule_compile_fail(c, expr, -EINVAL,
					 "a blank field has no name to read it by; read memory");
	for (unsigned int depth = 0; depth < RULE_FIELD_LEVELS; depth++) {
		search_at(&s, outer, 0, depth);
		if (s.found > 1)
			return rule_compile_fail(
				c, expr, -EINVAL,
				"'%s.%s' is ambiguous: several embedded structs of %s have it; name "
				"the one, like %s.%s.%s",
				text, expr->text, outer->name, text,
				s.first[depth ? depth - 1 : 0]->name, expr->text);
		if (s.found) {
			memcpy(way, s.first, sizeof(s.first));
			return (int)depth + 1;
		}
	}
	return fail_unknown(c, expr, outer);
}
