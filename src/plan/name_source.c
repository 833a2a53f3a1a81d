/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/name_source.h"

static const struct image *image_of(const struct name_source *source)
{
	return ((const struct image_names *)source)->img;
}

static size_t on_count(const struct name_source *source)
{
	return image_func_count(image_of(source));
}

/* It is printable even where the rest of the function does not hold. */
static const char *on_name(const struct name_source *source, size_t i)
{
	struct image_func func;

	return image_func(image_of(source), i, false, &func) && !func.name ? NULL : func.name;
}

static void on_inlined(const struct name_source *source,
		       int (*each)(const struct image_inline *call, void *arg), void *arg)
{
	image_each_inline(image_of(source), each, arg);
}

void image_names_init(struct image_names *names, const struct image *img)
{
	const struct image_info *info = image_info(img);

	*names = (struct image_names){
		.source = {.path = info->path,
			   .module = info->module,
			   .count = on_count,
			   .name = on_name,
			   .inlined = on_inlined},
		.img = img,
	};
}
