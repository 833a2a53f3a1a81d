/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/mark_source.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

struct mark_arg *mark_source_arg(struct mark_source *source, const char *name, enum mark_value kind)
{
	struct mark_arg *arg = vec_push(&source->args, &source->nargs, &source->capargs);

	if (!arg)
		return NULL;
	*arg = (struct mark_arg){.name = name, .kind = (uint8_t)kind};
	if (kind == MARK_VALUE_WORD || kind == MARK_VALUE_TEXT)
		arg->u = source->text.len;
	return arg;
}

void mark_source_text(struct mark_source *source, const void *text, size_t len)
{
	source->args[source->nargs - 1].len += (uint32_t)len;
	buf_add(&source->text, text, len);
}

void mark_source_release(struct mark_source *source)
{
	free(source->args);
	buf_release(&source->text);
	source->args = NULL;
	source->nargs = source->capargs = 0;
}
