/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/image.h>

#include "plan/plan.h"

/* Room for `more` behind the `count` that are there. */
static bool make_room(void *array, size_t count, size_t *cap, size_t more, size_t size)
{
	void *data;

	if (more <= *cap - count)
		return true;
	memcpy(&data, array, sizeof(data));
	data = reallocarray(data, count + more, size);
	if (!data)
		return false;
	memcpy(array, &data, sizeof(data));
	*cap = count + more;
	return true;
}

static bool make_all_room(struct plan *plan, const struct plan *part)
{
	return make_room(&plan->funcs, plan->nfuncs, &plan->capfuncs, part->nfuncs,
			 sizeof(*plan->funcs)) &&
	       make_room(&plan->sites, plan->nsites, &plan->capsites, part->nsites,
			 sizeof(*plan->sites)) &&
	       make_room(&plan->skipped, plan->nskipped, &plan->capskipped, part->nskipped,
			 sizeof(*plan->skipped));
}

static void move(struct plan *plan, struct plan *part)
{
	uint8_t image = (uint8_t)plan->nimages;
	uint32_t first_func = (uint32_t)plan->nfuncs, first_site = (uint32_t)plan->nsites;

	plan->images[plan->nimages++] = part->images[0];
	for (size_t i = 0; i < part->nfuncs; i++) {
		struct plan_func *func = &plan->funcs[plan->nfuncs++];

		*func = part->funcs[i];
		func->image = image;
		func->first_site += first_site;
	}
	for (size_t i = 0; i < part->nsites; i++) {
		struct site *site = &plan->sites[plan->nsites++];

		*site = part->sites[i];
		site->image = image;
		if (site->func != PLAN_NO_FUNC)
			site->func += first_func;
	}
	for (size_t i = 0; i < part->nskipped; i++) {
		struct plan_skipped *skipped = &plan->skipped[plan->nskipped++];

		*skipped = part->skipped[i];
		skipped->image = image;
	}
	plan->nlate += part->nlate;
	plan->nfips += part->nfips;
	plan->nlacking += part->nlacking;
	plan->calls.functions += part->calls.functions;
	plan->calls.pointers += part->calls.pointers;
	part->nimages = part->nfuncs = part->nsites = part->nskipped = 0;
}

int plan_adopt(struct plan *plan, struct plan *part, uint32_t *image, struct error *err)
{
	const char *path = image_info(part->images[0].image)->path;
	int ret = 0;

	if (plan->nimages == FT_MAX_IMAGES)
		ret = error_set(err, -E2BIG, "%s: more than %d executables; trace fewer at once",
				path, FT_MAX_IMAGES);
	else if (plan->nsites + part->nsites > plan->max_sites)
		ret = error_set(err, -E2BIG, "%s: more than %zu probes; narrow -u", path,
				plan->max_sites);
	else if (!make_all_room(plan, part))
		ret = error_set(err, -ENOMEM, "%s: out of memory; choose fewer functions", path);
	if (!ret) {
		*image = (uint32_t)plan->nimages;
		move(plan, part);
	}
	plan_free(part);
	return ret;
}
