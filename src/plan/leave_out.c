/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/plan.h"

#include <errno.h>
#include <stdlib.h>

void plan_func_release(struct plan_func *func)
{
	fetch_free(func->args);
	fetch_free(func->results);
	filter_check_free(func->filter);
	for (size_t i = 0; i < func->nwhens; i++)
		filter_check_free(func->whens[i]);
	free(func->whens);
}

/* Sites first: a function finds its own by the number of sites before them. */
static void move_sites(struct plan *plan, const bool *gone, const uint32_t *moved)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->nsites; i++) {
		struct site site = plan->sites[i];

		if (site.func != PLAN_NO_FUNC) {
			if (gone[site.func])
				continue;
			if (plan->funcs[site.func].first_site == i)
				plan->funcs[site.func].first_site = (uint32_t)kept;
			site.func = moved[site.func];
		}
		plan->sites[kept++] = site;
	}
	plan->nsites = kept;
}

int plan_leave_out(struct plan *plan, const bool *gone, const char *reason)
{
	uint32_t *moved = calloc(plan->nfuncs + 1, sizeof(*moved)), kept = 0;
	int ret = moved ? 0 : -ENOMEM;

	for (size_t i = 0; i < plan->nfuncs && !ret; i++) {
		moved[i] = kept;
		if (!gone[i])
			kept++;
		else
			ret = plan_skip(plan, plan->funcs[i].image, plan->funcs[i].name, reason);
	}
	if (!ret) {
		move_sites(plan, gone, moved);
		for (size_t i = 0; i < plan->nfuncs; i++)
			if (gone[i])
				plan_func_release(&plan->funcs[i]);
			else
				plan->funcs[moved[i]] = plan->funcs[i];
		plan->nfuncs = kept;
	}
	free(moved);
	return ret;
}
