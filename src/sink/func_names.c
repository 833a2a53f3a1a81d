/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/func_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "sink/shown_name.h"

void func_names_init_json(struct func_names *names, const struct catalog *catalog)
{
	*names = (struct func_names){.catalog = catalog, .json = true};
}

void func_names_init_text(struct func_names *names, const struct catalog *catalog,
			  char *const *trim, size_t ntrim)
{
	*names = (struct func_names){.catalog = catalog, .trim = trim, .ntrim = ntrim};
}

static void add_name(struct func_names *names, uint32_t id)
{
	const struct catalog_func *func = catalog_func(names->catalog, id);
	size_t from = names->text.len;

	if (names->json)
		escape_json(&names->text, func->name, strlen(func->name));
	else
		shown_name_put(&names->text, catalog_exe(names->catalog, func->exe), func->name,
			       names->trim, names->ntrim);
	names->names[id] = (struct func_name){
		.len = (uint32_t)(names->text.len - from),
		.width = names->text.failed
				 ? 0
				 : text_width(names->text.data + from, names->text.len - from),
		.exe = func->exe,
	};
}

const struct func_name *func_names_grow(struct func_names *names, uint32_t id)
{
	static const char text[PUT_SLACK] = "?";
	static const struct func_name unknown = {text, 1, 1, 0};
	size_t count = names->catalog->nfuncs, at = 0;
	struct func_name *more;

	if (id >= count || names->failed)
		return &unknown;
	more = reallocarray(names->names, count, sizeof(*more));
	if (more)
		names->names = more;
	for (size_t i = names->count; more && i < count && !names->text.failed; i++)
		add_name(names, (uint32_t)i);
	if (!more || !buf_room(&names->text, PUT_SLACK)) {
		names->failed = true;
		return &unknown;
	}
	names->count = count;
	/* The text has moved. */
	for (size_t i = 0; i < count; i++) {
		more[i].text = names->text.data + at;
		at += more[i].len;
	}
	return &more[id];
}

void func_names_release(struct func_names *names)
{
	free(names->names);
	buf_release(&names->text);
	*names = (struct func_names){0};
}
