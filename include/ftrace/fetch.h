/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fetch: which values are read at a hit, by which program, and how they come in the record.
 *
 * A record with FT_R_VALUES goes on, behind its fixed part, with
 *
 *     struct ft_values     head
 *     u8 status[]          one FT_V_* per status number of the program, padded to 8
 *     u8 data[]            the program's slots, each at the place the program gives it
 *
 * All offsets of the program (`slot`, `from`, `base`, `reach`) count from the start of struct
 * ft_values. A slot whose read failed holds, in its first 8 bytes, the address that could not be
 * read. What lies behind the last slot that was written is not sent: what an error refers to, which
 * comes last in most signatures, costs nothing where the error is nil.
 */
#ifndef FTRACE_FETCH_H
#define FTRACE_FETCH_H

#include <ftrace/types.h>

struct ft_values {
	__ft_u64 ip; /* address of the probed instruction: minus the site's is the load bias */
};

_Static_assert(sizeof(struct ft_values) == 8, "wire size");

#define FT_VALUES_MAX  4096 /* bytes of one record's values, head and statuses included */
#define FT_READ_MAX    3072 /* bytes that one operation reads */
#define FT_STATUS_MAX  256
#define FT_PROGRAM_MAX 512 /* operations of one site */
/* Elements or bytes: a count in a slot that is not below is none, since no memory is as large. */
#define FT_COUNT_BITS 46
#define FT_COUNT_MAX  (1ull << FT_COUNT_BITS)
/* Programs have memory from there to 1 << FT_ADDRESS_BITS (regs_ARCH.h): nothing is ever mapped below, nor above without
 * being asked for (mmap(2)). */
#define FT_FIRST_PAGE 0x1000

/* Status of a slot. */
#define FT_V_UNREAD \
	0 /* nothing was read: an earlier operation failed, or the way did not come here */
#define FT_V_OK     1
#define FT_V_FAULT  2 /* the memory could not be read; the slot has the address */
#define FT_V_NIL    3 /* the pointer is nil */
#define FT_V_LENGTH 4 /* the count in `from` makes no sense: negative, or beyond any memory */
#define FT_V_CUT    5 /* read, but there is more than the slot holds */
#define FT_V_INDEX  6 /* the index is not below the count in `from` */
#define FT_V_WANTED 7 /* of a text: it is to be read, by the TEXTS behind; in no record */
#define FT_V_ELSEWHERE \
	8 /* of a text: read together with others; the slot begins with where it lies */
/* As FAULT, of a LOAD on the way: one more for each LOAD before it that has the same status. */
#define FT_V_STEP             9
#define FT_V_STEP_BEYOND      255 /* which of the last ones is not told */
#define FT_V_IS_FAULT(status) ((status) == FT_V_FAULT || (status) >= FT_V_STEP)

/*
 * One operation on the accumulator `acc`; where it has a `base`, acc is the 8 bytes there first. An
 * operation that fails sets its status and leaves out the `skip` operations behind it; one that
 * succeeds sets FT_V_OK (READN, STR: FT_V_CUT when there was more). status 0 is nobody's: it is not
 * looked at.
 */
enum ft_opcode {
	FT_OP_REG = 1, /* acc = register `reg` (FT_REG_* of regs_ARCH.h) */
	FT_OP_IMM,     /* acc = imm */
	FT_OP_ADD,     /* acc += imm */
	FT_OP_BIAS,    /* acc += load bias, which is ip minus the program's addr */
	FT_OP_WORD,    /* acc = the 8 bytes at `from` */
	FT_OP_LOAD, /* acc = the 8 bytes of memory at acc; where it cannot be read its status is `reg`,
	                * FT_V_STEP and up, and the address goes to `slot` */
	FT_OP_SHIFT, /* acc >>= imm & 63 */
	FT_OP_MASK,  /* acc &= imm */
	FT_OP_PUT,   /* the 8 bytes at `slot` = acc; sets the status */
	FT_OP_READ, /* `len` bytes of memory at acc + imm to `slot`; then as many statuses behind its own as
	                 * FT_READ_WANTS() become WANTED */
	FT_OP_READN, /* count = the 8 bytes at `from`; the first count * imm bytes of memory at acc
	                 * to `slot`, at most `len`; count 0 reads nothing and is OK */
	FT_OP_STR,   /* text up to a NUL at acc to `slot`, at most `len` bytes with the NUL */
	FT_OP_NIL,   /* acc is 0: status NIL, and skips; else goes on, status untouched */
	FT_OP_MORE, /* the 8 bytes at `from`, signed, are at most imm: status INDEX, and skips; else
	                 * goes on, status untouched */
	FT_OP_TASK, /* `slot` gets enum ft_task `reg`: 8 bytes, or 16 for the name; sets the status */
	FT_OP_GUESS, /* count = the 8 bytes at `from`; the first 8 * count bytes of memory at acc to
	                 * `slot`, at most `len`; where these are not all there as many as count, and CUT */
	FT_OP_REGS, /* the `reg` registers that imm names, a byte each from its low end on, to as many
	                 * words at `slot`; sets as many statuses, unless `status` is 0; acc = the last */
	FT_OP_SAME, /* acc is imm + load bias: skips; else goes on; sets no status */
	FT_OP_RANGE, /* acc is at or behind imm + load bias, by less than `len` times FT_RANGE_UNIT: skips;
	                 * else goes on; sets no status, but NIL where `reg` is 1 and acc is 0, which skips, too */
	FT_OP_WANT, /* the `reg` statuses from its own on become WANTED */
	FT_OP_TEXTS, /* the `skip` operations behind it, up to the end, are READNs of bytes, and done by this
	              * one: each whose status is its `reg` (UNREAD or WANTED). Those that lie near each other in
	              * memory are read in one go to behind all slots, and are ELSEWHERE */
};

#define FT_RANGE_UNIT 65536

#define FT_TEXTS_SPAN \
	256             /* bytes of those that are read in one go, and of what lies between them */
#define FT_TEXTS_GAP 16 /* bytes between two of them, at most: more would be sent for nothing */
#define FT_WANT_MAX  8  /* statuses of one operation */

/* `reg` of READ. */
#define FT_READ_WANT       2 /* one */
#define FT_READ_WANTS(reg) ((reg) / FT_READ_WANT)

#define FT_REGS_MAX 8  /* of one operation */
#define FT_REGS     32 /* numbers of registers are below */

enum ft_task { FT_TASK_PID, FT_TASK_TID, FT_TASK_GOID, FT_TASK_COMM };

struct ft_op {
	__ft_u8 code; /* enum ft_opcode */
	__ft_u8 reg;
	__ft_u8 status;  /* number of the status it sets, 0: none */
	__ft_u8 decided; /* user space's own: `skip` is final */
	__ft_u16 slot;
	__ft_u16 len;
	__ft_u16 from;
	__ft_u16 skip;
	__ft_u16 base;  /* slot, 0: none */
	__ft_u16 reach; /* where what it writes ends, a multiple of 8 */
	__ft_s64 imm;
};

_Static_assert(sizeof(struct ft_op) == 24, "wire size");

/* Which operations belong to a site. All exits of a function share theirs, so what differs from one
 * to the next is here. */
struct ft_program {
	__ft_u32 first; /* index of its first operation */
	__ft_u16 count;
	__ft_u16 statuses; /* numbers of them, up to FT_STATUS_MAX */
	__ft_u64 addr;     /* of the site, as in the file */
	__ft_u16 operands; /* the first so many operations read what a filter compares */
	__ft_u16
		made; /* number of the instructions that were made of it, 0: none (src/probe/made.h) */
	__ft_u32 least; /* bytes of values that are sent in any case, a multiple of 8 */
};

_Static_assert(sizeof(struct ft_program) == 24, "wire size");

/* Where there are operands, the instructions for them, and for what comes behind them, have numbers of their own, so much
 * above `made`. */
#define FT_MADE_OPERANDS 1
#define FT_MADE_REST     2

#endif
