/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * straight_priv: what the files of straight.h share.
 */
#ifndef FTRACE_PROBE_STRAIGHT_PRIV_H
#define FTRACE_PROBE_STRAIGHT_PRIV_H

#include <ftrace/scratch.h>

#include "probe/straight.h"

#define FRAME   STRAIGHT_FRAME
#define SCRATCH STRAIGHT_SCRATCH
#define ACC     BPF_REG_8

#define RUN(member)    ((uint32_t)offsetof(struct ft_scratch, run.member))
#define SLOT(place)    ((uint32_t)offsetof(struct ft_scratch, bytes) + (place))
#define STATUS(number) SLOT((uint32_t)sizeof(struct ft_values) + (number))

#define NO_JUMP SIZE_MAX

/* Where an operation fails: what it does then comes behind all others, out of their way. */
struct straight_failure {
	size_t read; /* a jump, where reading failed: the page may be away */
	size_t jump; /* one where nothing was read */
	uint16_t op;
	uint8_t status;
};

/* A jump to an operation. */
struct straight_jump {
	size_t jump;
	uint16_t op;
};

struct straight {
	struct insns *insns;
	const struct ft_op *ops;
	size_t end;
	const struct arch *arch;
	uint32_t reach; /* the furthest so far */
	struct straight_failure *failures;
	size_t nfailures, capfailures;
	struct straight_jump *jumps;
	size_t njumps, capjumps;
	size_t at[FT_PROGRAM_MAX + 1]; /* where operations begin */
};

/* Where operation `index` goes on when it leaves out `skip` of those behind it. */
static inline uint16_t straight_skips_to(const struct straight *s, size_t index)
{
	size_t to = index + 1 + s->ops[index].skip;

	return (uint16_t)(to < s->end ? to : s->end);
}

/* `jump` and `read`: NO_JUMP where there is none. */
void straight_fail(struct straight *s, size_t index, uint8_t status, size_t read, size_t jump);
void straight_go_to(struct straight *s, size_t jump, size_t op);

void straight_status(struct straight *s, const struct ft_op *op, uint8_t status);

/* The values reach as far as the operation's slot. */
void straight_grow(struct straight *s, const struct ft_op *op);

/* Operation `index`, a READN with the address in ACC. */
void straight_readn(struct straight *s, size_t index);

/* The texts behind the TEXTS at `index`, up to the end. */
void straight_texts(struct straight *s, size_t index);

#endif
