/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decode: bytes of the ring to one record, with everything in it checked.
 *
 * Sources: include/ftrace/record.h.
 */
#ifndef FTRACE_TRACE_DECODE_H
#define FTRACE_TRACE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/record.h>

#include "plan/plan.h"

struct event;
struct lane;
struct trace;
struct traced_process;

/* What is known of a kind of record. */
struct record_kind {
	uint16_t size; /* of the fixed part */
	uint8_t flags; /* FT_R_* that it may have */
	uint16_t sites; /* kinds of sites that it comes from, RECORD_FROM(enum site_kind); none: of no site */
	bool hit; /* counts as a record */
	/* Whether what is behind the fixed part holds together; NULL: only values are there, if flags say so. */
	bool (*holds)(const struct ft_record *record);
	/* What it does: to its lane, or to its process. */
	void (*in_lane)(struct trace *trace, struct lane *lane, const struct event *event);
	void (*in_process)(struct trace *trace, struct traced_process *owner);
};

#define RECORD_FROM(site) (1u << (site))

/* All kinds, a row each: for decode(), and for what is done with what it has checked. A new one is a row, and a
 * `const struct record_kind record_NAME` beside what it does. */
#define RECORD_KINDS(ROW)        \
	ROW(FT_ENTRY, entry)     \
	ROW(FT_EXIT, exit)       \
	ROW(FT_RECOVER, recover) \
	ROW(FT_GOEXIT, goexit)   \
	ROW(FT_FAULT, fault)     \
	ROW(FT_PANIC, panic)     \
	ROW(FT_CALLERS, callers) \
	ROW(FT_STATE, state)     \
	ROW(FT_OFFCPU, offcpu)   \
	ROW(FT_SYSCALL, syscall) \
	ROW(FT_SIGNAL, signal)   \
	ROW(FT_EVENT, event)     \
	ROW(FT_BIRTH, birth)     \
	ROW(FT_ORIGIN, origin)   \
	ROW(FT_EXEC, exec)       \
	ROW(FT_PROC_EXIT, process_exit)

#define RECORD_DECLARE(id, name) extern const struct record_kind record_##name;
RECORD_KINDS(RECORD_DECLARE)
#undef RECORD_DECLARE

/* A record whose fields hold together; points into the bytes. */
struct event {
	const struct ft_record *record;
	const struct record_kind *kind;
	const struct ft_entry *entry; /* FT_ENTRY only */
	const struct site *site;      /* NULL for kinds of no site */
	const unsigned char *values;  /* what follows the fixed part */
	size_t nvalues;
};

/* The one place where size, flags, kind and site of a record are checked. 0, or -EBADMSG. `bytes` must be aligned
 * to 8. */
int decode(const struct plan *plan, const void *bytes, size_t len, struct event *event);

#endif
