/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * made_values: arguments and results put together by hand, as sinks get them.
 *
 *     made_reset(&m);
 *     made_add(&m, VALUE_OBJECT, "s", "main.Student");
 *     made_in(&m);                                        what follows is inside it
 *     made_text(&m, "name", "zhang");
 *     made_out(&m);
 *     made_number(&m, "n", "int", 3);
 *     made_done(&m)                                       s={name:"zhang"}, n=3
 */
#ifndef FTRACE_TESTS_MADE_VALUES_H
#define FTRACE_TESTS_MADE_VALUES_H

#include "call/value.h"

#define MADE_MAX   128
#define MADE_DEPTH 8

struct made {
	struct value all[MADE_MAX];
	uint32_t count;
	uint32_t open[MADE_DEPTH]; /* values that what is added is inside of */
	unsigned int depth;
	struct values values;
};

void made_reset(struct made *m);

/* Each returns the value, for more to be filled in. `name` and `type` may be NULL. */
struct value *made_add(struct made *m, enum value_kind kind, const char *name, const char *type);
struct value *made_number(struct made *m, const char *name, const char *type, int64_t number);
struct value *made_text(struct made *m, const char *name, const char *text);
struct value *made_error(struct made *m, const char *name, enum value_why why, uint64_t number);

void made_in(struct made *m);
void made_out(struct made *m);

/* All that is there; good until more is added. */
const struct values *made_done(struct made *m);

#endif
