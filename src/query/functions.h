/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * functions: which functions of a recording the names on the command line mean.
 *
 * Names are taken as in an executable (plan/naming.h), of which all that is known are the functions that were called. More of
 * them turn up while a recording is read; what was read ahead is known from the beginning.
 *
 * The selection, the filters and all catalogs outlive it.
 */
#ifndef FTRACE_QUERY_FUNCTIONS_H
#define FTRACE_QUERY_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "call/catalog.h"
#include "plan/select.h"
#include "rule/filter.h"

struct functions;

/* So many filters, at most. */
#define FUNCTIONS_FILTERS 64

/* `catalog`: whose ids are asked for; `path`: the recording's, for messages. NULL when memory is out. */
struct functions *functions_new(const struct selection *select, struct filter *const *filters,
				size_t nfilters, const struct catalog *catalog, const char *path);
void functions_free(struct functions *functions);

/* Functions that are known to come. 0, -ENOMEM, or -EINVAL with `err` filled. */
int functions_learn(struct functions *functions, const struct catalog *catalog, struct error *err);

/* SELECT_* of a function (call/select.h), and a bit for each filter that is about it. */
unsigned int functions_of(struct functions *functions, uint32_t func, uint64_t *filters);

/* What went wrong meanwhile: memory, or a regular expression that ran away; 0. */
int functions_error(const struct functions *functions, struct error *err);

/* Once all functions are known: lines about names that are not taken as whole ones, or match nothing, go to `notes`. -ENODATA
 * with `err` filled when nothing is left to be shown, for that reason. */
int functions_check(struct functions *functions, struct buf *notes, struct error *err);

#endif
