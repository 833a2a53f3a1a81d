/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * select: which functions the user wants, by name.
 *
 * A name is selected when a glob (-u, -D, a filter or a rule) or a regular expression (-r) matches it
 * and no -N glob does. A glob that equals the name of a function of the image selects that one alone.
 * -x limits what globs and regular expressions select to the main module and the standard library;
 * a name that is spelled out is traced all the same.
 */
#ifndef FTRACE_PLAN_SELECT_H
#define FTRACE_PLAN_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "image/image.h"

struct selection_glob {
	char *text;
	bool drill;  /* -D */
	size_t hits; /* functions it selected, counted by selection_mark() */
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

/* What was asked, for a message: "'main.add'", "'main.a*', /^x/". */
const char *selection_text(const struct selection *sel, char *text, size_t size);

/* What becomes of each function of an image, by its index. */
struct selection_marks {
	unsigned char *selected; /* SELECTED_* by function index; the caller frees it */
	unsigned char *levels;   /* NULL, or how far --follow-calls went to it; likewise */
	size_t count;
};

#define SELECTED          0x01
#define SELECTED_DRILL    0x02
#define SELECTED_FOLLOWED 0x04 /* by --follow-calls */

/* Marks the functions of `img` that are selected. 0, -ENOMEM, or -EINVAL with `err` filled (a regular
 * expression that ran away). */
int selection_mark(const struct selection *sel, const struct image *img,
		   struct selection_marks *marks, struct error *err);

/* Whether -N names it. */
bool selection_excludes(const struct selection *sel, const char *name);

/* Whether a function of that name would be selected; for names that have no body of their own. */
bool selection_selects(const struct selection *sel, const struct image *img, const char *name);

/* Bytes of `name` that are the import path of its package. */
size_t selection_package(const char *name);

#endif
