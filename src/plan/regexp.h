/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * regexp: Perl-compatible regular expressions over function names, by PCRE2.
 *
 * The caller owns what regexp_compile() returns and gives it to regexp_free(), which takes NULL.
 */
#ifndef FTRACE_PLAN_REGEXP_H
#define FTRACE_PLAN_REGEXP_H

#include "base/error.h"

struct regexp;

/* NULL with `err` filled, the column in the text, when it does not compile. */
struct regexp *regexp_compile(const char *text, struct error *err);
void regexp_free(struct regexp *re);

/* 1 when `name` holds a match, 0 when not, -ELOOP when the match limit was exceeded, -ENOMEM. */
int regexp_match(const struct regexp *re, const char *name);

#endif
