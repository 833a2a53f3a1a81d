/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/shown_name.h"

#include <string.h>

#include "base/escape.h"
#include "base/short_names.h"

const char *shown_name_trim(const char *name, char *const *trim, size_t ntrim)
{
	size_t longest = 0;

	for (size_t i = 0; i < ntrim; i++) {
		size_t len = strlen(trim[i]);

		if (len > longest && !strncmp(name, trim[i], len) && name[len])
			longest = len;
	}
	return name + longest;
}

void shown_name_put(struct buf *buf, const struct catalog_exe *exe, const char *symbol,
		    char *const *trim, size_t ntrim)
{
	struct buf text = {0}, whole = {0};
	const char *name, *rest;

	short_names_put(exe->names, &text, symbol);
	name = shown_name_trim(buf_str(&text), trim, ntrim);
	/* A prefix may be of the whole path, too. */
	if (exe->names && ntrim) {
		short_names_put(NULL, &whole, symbol);
		rest = shown_name_trim(buf_str(&whole), trim, ntrim);
		if (strlen(rest) < strlen(name))
			name = rest;
	}
	escape_text(buf, name, strlen(name));
	buf->failed |= text.failed || whole.failed;
	buf_release(&text);
	buf_release(&whole);
}
