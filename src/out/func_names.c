/* SPDX-License-Identifier: GPL-2.0-only */
#include "out/func_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint32_t text_width(const char *text, size_t len)
{
	uint32_t width = 0;

	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

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

int func_names_init(struct func_names *names, const struct plan *plan, escape_fn *escape,
		    char *const *trim, size_t ntrim)
{
	size_t at = 0;

	*names = (struct func_names){0};
	if (!plan->nfuncs)
		return 0;
	names->names = calloc(plan->nfuncs, sizeof(*names->names));
	if (!names->names)
		return -ENOMEM;
	names->count = plan->nfuncs;
	for (size_t i = 0; i < plan->nfuncs; i++) {
		const char *name = func_name_trim(plan->funcs[i].name, trim, ntrim);
		size_t from = names->text.len;

		escape(&names->text, name, strlen(name));
		names->names[i].len = (uint32_t)(names->text.len - from);
	}
	if (names->text.failed) {
		func_names_release(names);
		return -ENOMEM;
	}
	for (size_t i = 0; i < names->count; i++) {
		struct func_name *name = &names->names[i];

		name->text = names->text.data + at;
		name->width = text_width(name->text, name->len);
		at += name->len;
	}
	return 0;
}

void func_names_release(struct func_names *names)
{
	free(names->names);
	buf_release(&names->text);
	*names = (struct func_names){0};
}
