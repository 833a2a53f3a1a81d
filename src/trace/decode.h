/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decode: bytes of the ring to one record, with everything in it checked.
 *
 * Sources: include/ftrace/record.h.
 */
#ifndef FTRACE_TRACE_DECODE_H
#define FTRACE_TRACE_DECODE_H

#include <stddef.h>

#include <ftrace/record.h>

#include "plan/plan.h"

/* A record whose fields hold together; points into the bytes. */
struct event {
	const struct ft_record *record;
	const struct ft_entry *entry;     /* FT_ENTRY only */
	const struct ft_callers *callers; /* FT_CALLERS only */
	const struct site *site;          /* NULL for FT_EXEC and FT_PROC_EXIT */
	const unsigned char *values;      /* what follows the fixed part */
	size_t nvalues;
};

/* 0, or -EBADMSG. `bytes` must be aligned to 8. */
int decode(const struct plan *plan, const void *bytes, size_t len, struct event *event);

#endif
