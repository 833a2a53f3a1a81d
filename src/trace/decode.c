/* SPDX-License-Identifier: GPL-2.0-only */
#include "trace/decode.h"

#include <errno.h>

#define ROW(id, name) [id] = &record_##name,
static const struct record_kind *const kinds[FT_KINDS] = {RECORD_KINDS(ROW)};
#undef ROW

/* The site, if a record of that kind can come from it; else NULL. */
static const struct site *site_of(const struct plan *plan, const struct record_kind *kind,
				  uint32_t index)
{
	const struct site *site = index < plan->nsites ? &plan->sites[index] : NULL;

	if (!site || !(kind->sites >> site->kind & 1))
		return NULL;
	if (site->func < plan->nfuncs || PLAN_RUNTIME_SITES >> site->kind & 1)
		return site;
	return NULL;
}

int decode(const struct plan *plan, const void *bytes, size_t len, struct event *event)
{
	const struct ft_record *record = bytes;
	const struct record_kind *kind;

	if (len < sizeof(*record) || record->size != len || record->kind >= FT_KINDS)
		return -EBADMSG;
	kind = kinds[record->kind];
	if (!kind || len < kind->size || record->flags & ~kind->flags)
		return -EBADMSG;
	*event = (struct event){
		.record = record,
		.kind = kind,
		.entry = record->kind == FT_ENTRY ? bytes : NULL,
		.site = kind->sites ? site_of(plan, kind, record->site) : NULL,
		.values = (const unsigned char *)bytes + kind->size,
		.nvalues = kind->holds ? 0 : len - kind->size,
	};
	if (kind->sites && !event->site)
		return -EBADMSG;
	if (kind->holds)
		return kind->holds(record) ? 0 : -EBADMSG;
	return event->nvalues && !(record->flags & FT_R_VALUES) ? -EBADMSG : 0;
}
