/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who tells what of which kind of mark. Apart from the rest, so that whoever makes marks links without all that tell of them.
 */
#include <string.h>

#include "trace/mark_source.h"

static const struct {
	const struct mark_kind *kind;
	mark_tell *tell;
} tellers[] = {
	{&mark_event, event_tell},
	{&mark_signal, signal_tell},
	{&mark_wait, wait_tell},
	{&mark_syscall, syscall_tell},
};

/* The bytes that were kept of the mark; false when they do not hold together. */
static bool find_bytes(const struct tree *tree, struct mark_bytes *of)
{
	uint32_t at = of->mark->bytes, len;

	if (at == CALL_NONE || at > tree->nvalues || tree->nvalues - at < sizeof(len))
		return of->mark->bytes == CALL_NONE;
	memcpy(&len, tree->values + at, sizeof(len));
	at += (uint32_t)sizeof(len);
	if (len > tree->nvalues - at)
		return false;
	of->bytes = tree->values + at;
	of->len = len;
	return true;
}

/* Texts were at offsets while they were added. */
static void settle(struct mark_source *source)
{
	for (size_t i = 0; i < source->nargs; i++) {
		struct mark_arg *arg = &source->args[i];

		if (arg->kind == MARK_VALUE_WORD || arg->kind == MARK_VALUE_TEXT)
			arg->text = source->text.data ? source->text.data + arg->u : "";
	}
	source->detail.args = source->args;
	source->detail.nargs = source->nargs;
}

const struct mark_detail *mark_source_tell(struct mark_source *source, const struct tree *tree,
					   const struct mark *mark)
{
	struct mark_bytes of = {.tree = tree, .mark = mark};
	uint32_t func = tree->ncalls ? tree->calls[0].func : 0;

	if (!find_bytes(tree, &of))
		return NULL;
	if (func < source->plan->nfuncs)
		of.image = source->plan->funcs[func].image;
	source->detail = (struct mark_detail){0};
	source->nargs = 0;
	buf_reset(&source->text);
	for (size_t i = 0; i < sizeof(tellers) / sizeof(tellers[0]); i++) {
		if (tellers[i].kind != mark->kind)
			continue;
		if (!tellers[i].tell(source, &of) || source->text.failed)
			return NULL;
		settle(source);
		return &source->detail;
	}
	return NULL;
}
