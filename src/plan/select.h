/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * select: which functions the user wants, as they were written: globs (-u, -D, a filter or a rule), regular expressions
 * (-r), and what is left out (-N, -x). What they come to in an executable is decided in naming.h.
 */
#ifndef FTRACE_PLAN_SELECT_H
#define FTRACE_PLAN_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct selection_glob {
	char *text;
	bool drill;  /* -D */
	bool filter; /* --filter */
};

struct selection {
	struct selection_glob *globs;
	size_t nglobs, capglobs;
	char **regexps; /* -r, with their compiled form beside them */
	size_t nregexps, capregexps;
	void **compiled;
	size_t ncompiled, capcompiled;
	char **excluded; /* -N */
	size_t nexcluded, capexcluded;
	bool exclude_vendor; /* -x */
	unsigned int follow; /* --follow-calls, levels */
};

/* Each copies `text`. 0, -ENOMEM, or -EINVAL with `err` filled. */
int selection_add_glob(struct selection *sel, const char *text, bool drill, struct error *err);
int selection_add_regexp(struct selection *sel, const char *text, struct error *err);
int selection_add_excluded(struct selection *sel, const char *text, struct error *err);
void selection_release(struct selection *sel);

/* The newest glob is a filter's. */
static inline void selection_of_filter(struct selection *sel)
{
	sel->globs[sel->nglobs - 1].filter = true;
}

/* Whether -u or -r is there; -D and filters choose as well when tracing, but not in a recording. */
bool selection_chooses(const struct selection *sel);

/* What was asked, for a message: "'main.add'", "'main.a*', /^x/". */
const char *selection_text(const struct selection *sel, char *text, size_t size);

#endif
