/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_field: the field that a Go selector means.
 *
 * As in Go's specification: the field at the shallowest depth of embedding, which must be the only
 * one there.
 */
#ifndef FTRACE_FETCH_RULE_FIELD_H
#define FTRACE_FETCH_RULE_FIELD_H

#include "fetch/rule_path.h"
#include "image/gotype.h"

#define RULE_FIELD_LEVELS 8 /* structs embedded in each other, the outermost included */

/*
 * The fields that lead from a value of type `type`, a struct or a pointer to one, to expr->text: the
 * embedded ones, then itself. Their number; -EINVAL or -ENOENT with the message in c->err. Where a
 * way goes on from a pointer, that pointer is to be followed.
 */
int rule_field_find(struct rule_compile *c, const struct rule_expr *expr, const struct gotype *type,
		    const struct gotype_field *way[RULE_FIELD_LEVELS]);

#endif
