/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/lacking.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char reason[] = "it lacks what --filter compares";

int lacking_begin(struct lacking *lacking, size_t nfuncs, size_t nfilters)
{
	*lacking = (struct lacking){
		.gone = calloc(nfuncs + 1, sizeof(*lacking->gone)),
		.fits = calloc(nfilters + 1, sizeof(*lacking->fits)),
		.why = calloc(nfilters + 1, sizeof(*lacking->why)),
		.nfilters = nfilters,
	};
	return lacking->gone && lacking->fits && lacking->why ? 0 : -ENOMEM;
}

/* A name with a star or a question mark is one of many. */
static bool names_exactly(const struct filter *filter, const struct plan_func *func)
{
	return !strcmp(filter->glob, func->name) || !strpbrk(filter->glob, "*?[");
}

bool lacking_notes(struct lacking *lacking, size_t filter, const struct filter *of,
		   const struct plan *plan, const struct plan_func *func, int ret,
		   struct error *err)
{
	if (!ret)
		lacking->fits[filter] = true;
	if ((ret != -ENOENT && ret != -ENODATA) || !plan->images[func->image].dwarf ||
	    names_exactly(of, func))
		return false;
	if (!lacking->why[filter].code)
		lacking->why[filter] = *err;
	*err = (struct error){0};
	return true;
}

bool lacking_takes(struct lacking *lacking, size_t filter, const struct filter *of,
		   const struct plan *plan, const struct plan_func *func, int ret,
		   struct error *err)
{
	if (!lacking_notes(lacking, filter, of, plan, func, ret, err))
		return false;
	lacking->gone[func - plan->funcs] = true;
	return true;
}

int lacking_end(const struct lacking *lacking, struct plan *plan, struct error *err)
{
	size_t left_out = 0;
	int ret;

	for (size_t i = 0; i < lacking->nfilters; i++)
		if (lacking->why[i].code && !lacking->fits[i]) {
			*err = lacking->why[i];
			return err->code;
		}
	for (size_t i = 0; i < plan->nfuncs; i++)
		left_out += lacking->gone[i];
	if (!left_out)
		return 0;
	if (left_out == plan->nfuncs)
		return error_set(err, -ENODATA,
				 "--filter: no function has all that the filters compare; give "
				 "fewer of them, or narrower ones");
	ret = plan_leave_out(plan, lacking->gone, reason);
	if (!ret)
		plan->nlacking += left_out;
	return ret;
}

void lacking_release(struct lacking *lacking)
{
	free(lacking->gone);
	free(lacking->fits);
	free(lacking->why);
	*lacking = (struct lacking){0};
}
