/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/func_names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define EVERY_BYTE(c) (0x0101010101010101u * (uint64_t)(c))

/* How many of eight bytes go on with a character: 10xxxxxx. */
static uint32_t count_going_on(uint64_t bytes)
{
	return (uint32_t)((bytes >> 7 & ~bytes >> 6 & EVERY_BYTE(1)) * EVERY_BYTE(1) >> 56);
}

uint32_t text_width(const char *text, size_t len)
{
	uint32_t width = (uint32_t)len;
	uint64_t bytes;
	size_t i = 0;

	for (; i + sizeof(bytes) <= len; i += sizeof(bytes)) {
		memcpy(&bytes, text + i, sizeof(bytes));
		width -= count_going_on(bytes);
	}
	for (; i < len; i++)
		width -= ((unsigned char)text[i] & 0xc0) == 0x80;
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
	if (!buf_room(&names->text, PUT_SLACK)) {
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
