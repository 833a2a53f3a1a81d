/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/func_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *func_name_trim(const char *name, char *const *trim, size_t ntrim)
{
	size_t longest = 0;

	for (size_t i = 0; i < ntrim; i++) {
		size_t len = strlen(trim[i]);

		if (len > longest && !strncmp(name, trim[i], len) && name[len])
			longest = len;
	}
	return name + longest;
}

void func_names_init(struct func_names *names, const struct catalog *catalog, escape_fn *escape,
		     char *const *trim, size_t ntrim)
{
	*names = (struct func_names){
		.catalog = catalog, .escape = escape, .trim = trim, .ntrim = ntrim};
}

static void add_name(struct func_names *names, uint32_t id)
{
	const struct catalog_func *func = catalog_func(names->catalog, id);
	const char *name = func_name_trim(func->name, names->trim, names->ntrim);
	size_t from = names->text.len;

	names->escape(&names->text, name, strlen(name));
	names->names[id] = (struct func_name){
		.len = (uint32_t)(names->text.len - from),
		.width = text_width(names->text.data + from, names->text.len - from),
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
