/* SPDX-License-Identifier: GPL-2.0-only */
#include "sink/export.h"

#include <string.h>

#include "sink/value_text.h"

/* The last moment that is known of a call and all below it. */
static uint64_t last_inside(const struct tree *tree, uint32_t i)
{
	uint64_t last = tree->calls[i].start;

	for (size_t k = i + 1; k < tree->ncalls && tree->calls[k].level > tree->calls[i].level;
	     k++) {
		const struct call *call = &tree->calls[k];
		uint64_t known = call_is_timed(call) ? call->end : call->start;

		if (known > last)
			last = known;
	}
	for (size_t k = 0; k < tree->nmarks; k++)
		if (tree->marks[k].call == i && tree->marks[k].end > last)
			last = tree->marks[k].end;
	return last;
}

struct export_span export_span(const struct tree *tree, uint32_t i)
{
	const struct call *call = &tree->calls[i];
	struct export_span span = {.start = call->start, .end = call->end};

	if (call->flags & CALL_ENTRY_UNSEEN)
		span.start = call->end;
	else if (!call_is_timed(call))
		span.end = last_inside(tree, i);
	span.open = call->how == CALL_OPEN;
	if (span.end < span.start)
		span.end = span.start;
	return span;
}

const char *export_end(const struct call *call, bool *usual)
{
	static const char *const words[] = {
		[CALL_OPEN] = "open",       [CALL_RETURN] = "return", [CALL_TAIL] = "tail",
		[CALL_UNWOUND] = "unwound", [CALL_EXIT] = "exit",     [CALL_LOST] = "lost",
	};

	*usual = call->how == CALL_RETURN && !(call->flags & CALL_ENTRY_UNSEEN);
	if (call->flags & CALL_ENTRY_UNSEEN)
		return "entry not seen";
	return call->how <= CALL_LOST ? words[call->how] : words[CALL_OPEN];
}

void export_values(struct buf *buf, const struct values *values, bool results)
{
	static const struct value_style whole;

	if (results)
		value_text_results(buf, values, &whole, NULL);
	else
		value_text_args(buf, values, &whole, NULL);
}

void export_track_name(struct buf *buf, const struct tree *tree)
{
	if (!tree->goid && !tree->curg) {
		buf_adds(buf, "thread");
		return;
	}
	buf_addc(buf, 'G');
	buf_addu(buf, tree->goid ? tree->goid : tree->curg);
	if (!tree->goid)
		buf_addc(buf, '*');
}

void export_track_runs(struct buf *buf, const struct tree *tree, const char *first)
{
	const struct goroutine *goroutine = tree->goid ? tree_goroutine(tree) : NULL;

	buf_addf(buf, " %s", goroutine && goroutine->func ? goroutine->func : first);
}

uint64_t export_track(const struct tree *tree)
{
	return tree->goid ? tree->goid << 1 : tree->curg << 1 | 1;
}

bool export_source(const struct catalog_func *func, struct buf *buf)
{
	if (!func || !func->file || !strcmp(func->file, "?"))
		return false;
	buf_adds(buf, func->file);
	buf_addc(buf, ':');
	buf_addi(buf, func->line);
	return true;
}
