/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/decode.h"

#include <errno.h>
#include <stdbool.h>

/* Whether a record of that kind can come from that site. */
static bool agrees(const struct site *site, uint8_t kind, size_t nfuncs)
{
	bool runtime = site->kind == SITE_RECOVER || site->kind == SITE_GOEXIT;

	if (!runtime && site->func >= nfuncs)
		return false;
	switch (kind) {
	case FT_ENTRY:
	case FT_CALLERS:
		return site->kind == SITE_ENTRY;
	case FT_EXIT:
		return site->kind == SITE_RET || site->kind == SITE_TAIL;
	case FT_RECOVER:
		return site->kind == SITE_RECOVER;
	case FT_GOEXIT:
		return site->kind == SITE_GOEXIT;
	default:
		return false;
	}
}

static int decode_callers(const void *bytes, size_t len, struct event *event)
{
	const struct ft_callers *callers = bytes;

	if (len < sizeof(*callers) || callers->count > FT_CALLERS_MAX ||
	    len - sizeof(*callers) < callers->count * sizeof(callers->callers[0]))
		return -EBADMSG;
	event->callers = callers;
	return 0;
}

int decode(const struct plan *plan, const void *bytes, size_t len, struct event *event)
{
	const struct ft_record *record = bytes;
	size_t fixed = sizeof(*record);

	if (len < fixed || record->size != len)
		return -EBADMSG;
	if (record->flags & ~(FT_R_STACK | FT_R_THREAD | FT_R_VALUES))
		return -EBADMSG;
	*event = (struct event){.record = record};
	if (record->kind == FT_EXEC || record->kind == FT_PROC_EXIT)
		return len == fixed ? 0 : -EBADMSG;
	if (record->site >= plan->nsites)
		return -EBADMSG;
	event->site = &plan->sites[record->site];
	if (!agrees(event->site, record->kind, plan->nfuncs))
		return -EBADMSG;
	if (record->kind == FT_ENTRY) {
		fixed = sizeof(*event->entry);
		if (len < fixed)
			return -EBADMSG;
		event->entry = bytes;
	}
	if (record->kind == FT_CALLERS)
		return decode_callers(bytes, len, event);
	event->values = (const unsigned char *)bytes + fixed;
	event->nvalues = len - fixed;
	if (event->nvalues && !(record->flags & FT_R_VALUES))
		return -EBADMSG;
	return 0;
}
