/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/plan_catalog.h"

#include "trace/failure.h"

static int add_exe(struct catalog *catalog, const struct plan_image *pi, bool shorten)
{
	const struct image *image = pi->image;
	struct catalog_exe exe = {.names = shorten ? pi->names : NULL};

	if (image) {
		exe.path = image_info(image)->path;
		exe.root = image_info(image)->module_root;
	}
	return catalog_add_exe(catalog, &exe);
}

static int add_func(struct catalog *catalog, const struct plan_func *func)
{
	return catalog_add_func(catalog, &(struct catalog_func){
						 .name = func->name,
						 .file = func->file,
						 .line = func->line,
						 .exe = func->image,
						 .errors_known = failure_is_known(func->results),
					 });
}

int plan_catalog(const struct plan *plan, struct catalog *catalog, bool shorten)
{
	int ret = 0;

	while (!ret && catalog->nexes < plan->nimages)
		ret = add_exe(catalog, &plan->images[catalog->nexes], shorten);
	while (!ret && catalog->nfuncs < plan->nfuncs)
		ret = add_func(catalog, &plan->funcs[catalog->nfuncs]);
	return ret;
}
