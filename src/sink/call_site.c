/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/call_site.h"

#include <stdlib.h>

#include "base/put.h"
#include "base/vec.h"
#include "sink/func_names.h"

void call_sites_init(struct call_sites *sites, const struct catalog *catalog,
		     call_site_render *render, void *arg)
{
	*sites = (struct call_sites){.catalog = catalog, .render = render, .arg = arg};
}

void call_sites_release(struct call_sites *sites)
{
	map_release(&sites->map);
	free(sites->sites);
	buf_release(&sites->text);
	*sites = (struct call_sites){0};
}

static void empty(struct call_sites *sites)
{
	map_release(&sites->map);
	memset(sites->recent, 0, sizeof(sites->recent));
	sites->count = 0;
	buf_reset(&sites->text);
}

static struct call_site *add(struct call_sites *sites, struct map_key key,
			     const struct caller *caller)
{
	struct call_site *site;
	uint64_t *place;

	if (sites->count >= CALL_SITES_MAX || sites->text.len >= CALL_SITES_TEXT)
		empty(sites);
	site = vec_push(&sites->sites, &sites->count, &sites->cap);
	if (!site)
		return NULL;
	site->at = sites->text.len;
	if (caller)
		sites->render(sites->arg, &sites->text, caller,
			      catalog_exe(sites->catalog, (uint32_t)key.a), site);
	place = map_put(&sites->map, key);
	if (!place || !buf_room(&sites->text, PUT_SLACK)) {
		empty(sites);
		return NULL;
	}
	*place = sites->count - 1;
	site->len = (uint32_t)(sites->text.len - site->at);
	if (site->len)
		site->width = text_width(sites->text.data + site->at, site->len);
	return site;
}

static struct call_site *find(struct call_sites *sites, struct tree_source *source,
			      const struct call *call, uint32_t exe)
{
	struct map_key key = {.a = exe, .b = call->caller};
	uint64_t *place = map_find(&sites->map, key);

	return place ? &sites->sites[*place] : add(sites, key, source->caller(source, call));
}

const struct call_site *call_sites_find(struct call_sites *sites, struct tree_source *source,
					const struct call *call, uint32_t exe)
{
	uint64_t pc = call->caller;
	struct call_site_recent *recent = &sites->recent[(pc ^ pc >> 6) % CALL_SITES_RECENT];
	struct call_site *site;

	if (!pc || !source)
		return NULL;
	if (recent->number && recent->pc == pc && recent->exe == exe) {
		site = &sites->sites[recent->number - 1];
	} else {
		site = find(sites, source, call, exe);
		if (!site)
			return NULL;
		*recent = (struct call_site_recent){
			.pc = pc, .exe = exe, .number = (uint32_t)(site - sites->sites) + 1};
	}
	if (!site->len)
		return NULL;
	site->text = sites->text.data + site->at;
	return site;
}
