/* SPDX-License-Identifier: GPL-2.0-only */
/* The deadline that a context has of its own, where a symbol tells the itab: up to 1.26. Source: Go's src/context/context.go (timerCtx), 1.19 to 1.27. */
#include <errno.h>
#include <stdlib.h>

#include "fetch/ops.h"
#include "fetch/typed_priv.h"
#include "image/image.h"

/* Behind its cancelCtx, which has a cause since 1.20, and a timer. */
#define DEADLINE_AT(go_minor) ((go_minor) >= 20 ? 88 : 72)

/* {wall, ext} of a time.Time in the slot of `made`. */
static int make_time(struct known_shape *made, struct shape *part)
{
	part->known = made;
	part->kind = SHAPE_KNOWN;
	part->size = 16;
	made->known = known_named("time.Time");
	made->parts = calloc(2, sizeof(*made->parts));
	if (!made->parts)
		return -ENOMEM;
	made->nparts = 2;
	made->parts[0] = (struct shape){.kind = SHAPE_UNSIGNED, .size = 8, .name = "wall"};
	made->parts[1] = (struct shape){.kind = SHAPE_SIGNED, .size = 8, .at = 8, .name = "ext"};
	return 0;
}

int known_read_deadline(const struct typed_walk *walk, struct shape *part)
{
	struct fetch *fetch = walk->fetch;
	uint16_t own = (uint16_t)(walk->slot + walk->at);
	struct known_shape *made;
	uint64_t itab, size;
	size_t first = fetch->nops, skip;

	if (!fetch->image || fetch->full ||
	    (image_symbol(fetch->image, "go:itab.*context.timerCtx,context.Context", &itab,
			  &size) &&
	     image_symbol(fetch->image, "go.itab.*context.timerCtx,context.Context", &itab, &size)))
		return typed_set_reason(part, SHAPE_NOT_READ);
	made = calloc(1, sizeof(*made));
	if (!made || make_time(made, part)) {
		part->known = NULL;
		free(made);
		return -ENOMEM;
	}
	made->status = fetch_status(fetch);
	made->len = 16;
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_WORD, .from = own});
	fetch_emit(
		fetch,
		(struct ft_op){.code = FT_OP_SAME, .imm = (int64_t)itab, .skip = 1, .decided = 1});
	skip = fetch->nops;
	/* No word is greater. */
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_MORE, .from = own, .imm = INT64_MAX});
	typed_op_word(walk, 8);
	fetch_emit(fetch, (struct ft_op){.code = FT_OP_ADD,
					 .imm = DEADLINE_AT(image_info(fetch->image)->go_minor)});
	made->slot = fetch_read(fetch, 16, walk->limits, made->status);
	if (fetch->full || !made->slot) {
		fetch->nops = first;
		known_release(made);
		part->known = NULL;
		return typed_set_reason(part, SHAPE_NOT_READ);
	}
	fetch_skip_from(fetch, skip);
	fetch_skip_from(fetch, fetch->nops - 1);
	return 0;
}
