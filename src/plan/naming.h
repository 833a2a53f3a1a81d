/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * naming: how the names that the user wrote are taken in one executable.
 *
 * A glob (of -u, -D, -N, a filter or a rule) is held against whole names. Where no name of the executable matches it, it
 * is held against names as text shows them, and then against the ends of names (written.h). Names of functions that
 * were only inlined are names, too. What was found once holds as long as the executable is traced, wherever the
 * glob stands: a rule speaks of the same functions that were selected for it.
 *
 * A name is selected when a glob or a regular expression (-r) matches it and no -N glob does. -x limits what they select
 * to the main module and the standard library; a name that is spelled out is traced all the same.
 *
 * The image and the short names outlive a naming; the selection does as long as functions are selected by it. Not to be
 * used by two threads.
 */
#ifndef FTRACE_PLAN_NAMING_H
#define FTRACE_PLAN_NAMING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/short_names.h"
#include "image/image.h"
#include "plan/name_source.h"
#include "plan/select.h"
#include "plan/written.h"

struct naming;

/* Decides it. NULL when memory is out. */
struct naming *naming_new(const struct selection *select, const struct image *img,
			  const struct short_names *names);
/* The same of other names; the source outlives it. */
struct naming *naming_of(const struct selection *select, const struct name_source *source,
			 const struct short_names *names);
void naming_free(struct naming *naming);

/* The source has more names than it had. True when a glob is taken otherwise since, because one of them is nearer: what was
 * marked is to be marked again. */
bool naming_learn(struct naming *naming);

const struct name_source *naming_source(const struct naming *naming);

/* Whether the function of that symbol is one that `written` means, which is one of the selection's; of other text as
 * if it were held against whole names. */
bool naming_matches(struct naming *naming, const char *written, const char *symbol);

/* What becomes of each function of a source, by its index. Zeroed: nothing is known yet. */
struct selection_marks {
	unsigned char *selected; /* SELECTED_* by function index; the caller frees it */
	unsigned char *levels;   /* NULL, or how far --follow-calls went to it; likewise */
	size_t count;
};

#define SELECTED          0x01
#define SELECTED_DRILL    0x02
#define SELECTED_FOLLOWED 0x04 /* by --follow-calls */

/* Marks the functions that are selected, from number marks->count on. 0, -ENOMEM, or -EINVAL with `err` filled (a regular expression that ran away). */
int naming_mark(struct naming *naming, struct selection_marks *marks, struct error *err);

/* SELECTED_* of one symbol, counted nowhere; -ELOOP where a regular expression ran away on it. */
int naming_marks_of(struct naming *naming, const char *symbol);

/* Patterns by number: the globs first, then the regular expressions. */
#define NAMING_ALL ((size_t)-1)

/* Options that are not looked at. */
#define NAMING_DESPITE_N 0x1
#define NAMING_DESPITE_X 0x2

/* Whether pattern `which`, or any of them, selects a function of that name; also for names that have no body of their
 * own. */
bool naming_selects(struct naming *naming, const char *symbol, size_t which, unsigned int despite);

/* Whether -N names it. */
bool naming_excludes(struct naming *naming, const char *symbol);

/* How many functions pattern `which` selected when they were marked, -N aside. */
size_t naming_hits(const struct naming *naming, size_t which);

/* Appends a line for each glob that is not taken as whole names, which says how it is taken, unless it is there already,
 * and, where the executable is `alone`, for each -N that matches nothing. */
void naming_tell(const struct naming *naming, bool alone, struct buf *lines);

/* Whether a function's package is of the main module or the standard library, whose paths have no dot in their first
 * element; `module` is the main one's path. */
bool naming_is_own(const char *symbol, const char *module);

#endif
