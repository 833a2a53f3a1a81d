/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * abi: what the BPF program and user space say to each other.
 *
 * Records travel in one ring buffer, in the order in which they were reserved. Each starts with
 * struct ft_record; what follows depends on its kind. All fields are fixed width and little endian,
 * padding is explicit, times are CLOCK_MONOTONIC nanoseconds (bpf_ktime_get_ns()).
 *
 * The attach cookie of a probe carries all that the program must know of its site, so that no map is
 * looked up on a hit.
 */
#ifndef FTRACE_ABI_H
#define FTRACE_ABI_H

#ifndef __bpf__
#include <stdint.h>
typedef uint8_t __ft_u8;
typedef uint16_t __ft_u16;
typedef uint32_t __ft_u32;
typedef uint64_t __ft_u64;
typedef int64_t __ft_s64;
#else
typedef __u8 __ft_u8;
typedef __u16 __ft_u16;
typedef __u32 __ft_u32;
typedef __u64 __ft_u64;
typedef __s64 __ft_s64;
#endif

/* Executables traced at once. */
#define FT_MAX_IMAGES 64

/*
 * The cookie:
 *
 *   63     56 55    54     48 47     40 39     32 31                 0
 *  +---------+-------+--------+---------+---------+--------------------+
 *  |  error  | round |  cond  |  flags  |  image  |  index of the site |
 *  +---------+-------+--------+---------+---------+--------------------+
 */
#define FT_COOKIE(site, image, flags, cond, error)                              \
	((__ft_u64)(site) | (__ft_u64)(image) << 32 | (__ft_u64)(flags) << 40 | \
	 (__ft_u64)(cond) << 48 | (__ft_u64)(error) << 56)
#define FT_COOKIE_SITE(c)  ((__ft_u32)(c))
#define FT_COOKIE_IMAGE(c) ((__ft_u32)((c) >> 32 & 0xff))
#define FT_COOKIE_FLAGS(c) ((__ft_u32)((c) >> 40 & 0xff))
#define FT_COOKIE_COND(c)  ((__ft_u32)((c) >> 48 & 0x7f))

/* Where probes are taken off while others stay, the others are attached anew, in the other round, before
 * the old ones go: both are hit then, and only the round whose turn it is makes records. */
#define FT_COOKIE_ROUND(c) ((__ft_u32)((c) >> 55 & 1))
#define FT_ROUND(round)    ((__ft_u64)(round) << 55)
/* In `turn`, beside the coming round: the old probes go, and every hit counts as a lost record. */
#define FT_TURN_CHANGING 2

/* The site's own code proves that R14 holds the current g there (Go's abi-internal.md). */
#define FT_C_G_IN_R14 0x01
/* The site is a conditional jump; a hit counts only when its x86 condition `cond` is false (at the
 * jump to morestack) ... */
#define FT_C_IF_NOT 0x02
/* ... or only when it is true (a conditional jump out of the function). */
#define FT_C_IF 0x04
/* A fetch program belongs to the site: read values (fetch_start[], by site). */
#define FT_C_FETCH 0x08
/* The site is a plain near `ret` that the program may carry out itself. */
#define FT_C_RET 0x10
/* The function has a filter that is decided at entry (filters[], by site): an entry is tested, and an
 * exit is not sent when its entry was not. */
#define FT_C_FILTER 0x20
/* The function is one of -D: its outermost calls are roots. */
#define FT_C_DRILL 0x40
/* An entry that runs again for the same call, behind morestack. */
#define FT_C_REPEAT 0x80

/* At a ret: the register that holds the first word of the last result, which is an error (nil: 0), as
 * 1 + enum ft_reg; 0 when there is none, or it is not in a register. */
#define FT_COOKIE_ERROR(c) ((__ft_u32)((c) >> 56))

enum ft_kind {
	FT_ENTRY = 1,   /* struct ft_entry */
	FT_EXIT = 2,    /* struct ft_record: a ret, or a jump out (the site tells which) */
	FT_RECOVER = 3, /* struct ft_record: recover; `depth` is that of the frame which goes on */
	FT_GOEXIT = 4,  /* struct ft_record: runtime.Goexit has run all defers */
	FT_EXEC = 5,    /* struct ft_record: process `tgid` runs another program now, whose path leads
	                 * to the inode at the kernel's address `lane` */
	FT_PROC_EXIT = 6, /* struct ft_record: process `tgid` has ended */
	FT_CALLERS = 7,   /* struct ft_callers: of the FT_ENTRY of the same lane that follows */
	FT_KINDS = 8,
};

/* Which lane a record belongs to: that of goroutine `lane`, unless ... */
#define FT_R_STACK  0x01 /* goid 0: `lane` is the address of the scheduler's g */
#define FT_R_THREAD 0x02 /* SP is outside g's stack, or no g: the thread's own lane; `lane` 0 */
#define FT_R_VALUES 0x04 /* values follow the fixed part */

struct ft_record {
	__ft_u64 time;
	__ft_u32 site; /* index of the site; 0 for FT_EXEC, FT_PROC_EXIT */
	__ft_u16 size; /* of the whole record in bytes */
	__ft_u8 kind;  /* enum ft_kind */
	__ft_u8 flags; /* FT_R_* */
	__ft_u32 tgid; /* as ftrace's own PID namespace has it */
	__ft_u32 tid;
	__ft_u64 lane;  /* goid, or as flags say */
	__ft_u64 depth; /* stack.hi - SP in bytes; FT_R_THREAD: FT_THREAD_TOP - SP */
	__ft_u32 epoch; /* changes whenever a record of any lane was lost */
	__ft_u32 pad;
};

#define FT_THREAD_TOP 0x0000800000000000ull

struct ft_entry {
	struct ft_record r;
	__ft_s64
		caller; /* return address minus the address of the probed instruction; 0: unreadable */
	__ft_u64 g;     /* address of the g struct, 0 when there is none */
	__ft_u64 curg; /* FT_R_STACK, FT_R_THREAD: goid of the user goroutine served, or 0 */
};

#define FT_CALLERS_MAX 64

/* The callers of a root call, innermost first. The record has room for as many as were asked for. */
struct ft_callers {
	struct ft_record r;
	__ft_u32 count;
	__ft_u32 pad;
	__ft_s64 callers[]; /* return addresses minus the address of the probed instruction */
};

_Static_assert(sizeof(struct ft_record) == 48, "wire size");
_Static_assert(sizeof(struct ft_entry) == 72, "wire size");

/*
 * Values. A record with FT_R_VALUES goes on, behind its fixed part, with
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
struct ft_values {
	__ft_u64 ip; /* address of the probed instruction: minus the site's is the load bias */
};

#define FT_VALUES_MAX  4096 /* bytes of one record's values, head and statuses included */
#define FT_READ_MAX    3072 /* bytes that one operation reads */
#define FT_STATUS_MAX  256
#define FT_PROGRAM_MAX 512 /* operations of one site */

/* Status of a slot. */
#define FT_V_UNREAD \
	0 /* nothing was read: an earlier operation failed, or the way did not come here */
#define FT_V_OK     1
#define FT_V_FAULT  2 /* the memory could not be read; the slot has the address */
#define FT_V_NIL    3 /* the pointer is nil */
#define FT_V_LENGTH 4 /* the count in `from` makes no sense: negative, or beyond any memory */
#define FT_V_CUT    5 /* read, but there is more than the slot holds */
#define FT_V_INDEX  6 /* the index is not below the count in `from` */
/* As FAULT, of a LOAD on the way: one more for each LOAD before it that has the same status. */
#define FT_V_STEP        8
#define FT_V_STEP_BEYOND 255 /* which of the last ones is not told */
#define FT_V_IS_FAULT(status) ((status) == FT_V_FAULT || (status) >= FT_V_STEP)

/*
 * One operation on the accumulator `acc`; where it has a `base`, acc is the 8 bytes there first. An
 * operation that fails sets its status and leaves out the `skip` operations behind it; one that
 * succeeds sets FT_V_OK (READN, STR: FT_V_CUT when there was more). status 0 is nobody's: it is not
 * looked at.
 */
enum ft_opcode {
	FT_OP_REG = 1, /* acc = register `reg` (enum ft_reg) */
	FT_OP_IMM,     /* acc = imm */
	FT_OP_ADD,     /* acc += imm */
	FT_OP_BIAS,    /* acc += load bias, which is ip minus the program's addr */
	FT_OP_WORD,    /* acc = the 8 bytes at `from` */
	FT_OP_LOAD,    /* acc = the 8 bytes of memory at acc; where it cannot be read its status is `reg`,
	                * FT_V_STEP and up, and the address goes to `slot` */
	FT_OP_SHIFT,   /* acc >>= imm & 63 */
	FT_OP_MASK,    /* acc &= imm */
	FT_OP_PUT,     /* the 8 bytes at `slot` = acc; sets the status */
	FT_OP_READ,    /* `len` bytes of memory at acc to `slot` */
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
};

#define FT_REGS_MAX 8 /* of one operation */

enum ft_reg {
	FT_REG_AX,
	FT_REG_BX,
	FT_REG_CX,
	FT_REG_DX,
	FT_REG_SI,
	FT_REG_DI,
	FT_REG_BP,
	FT_REG_SP,
	FT_REG_R8,
	FT_REG_R9,
	FT_REG_R10,
	FT_REG_R11,
	FT_REG_R12,
	FT_REG_R13,
	FT_REG_R14,
	FT_REG_R15,
	FT_REG_IP,
	FT_REG_FLAGS,
	FT_REG_CS,
	FT_REG_SS,
	FT_REG_ORIG_AX,
};

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
	__ft_u32 operands; /* the first so many operations read what a filter compares */
	__ft_u32 least;    /* bytes of values that are sent in any case, a multiple of 8 */
};

_Static_assert(sizeof(struct ft_program) == 24, "wire size");

/* Where the runtime of one executable keeps g; indexed by the cookie's image. */
struct ft_image {
	__ft_s64 tls;  /* of the g pointer from FS */
	__ft_u32 goid; /* offset in runtime.g */
	__ft_u32 m;    /* offset in runtime.g */
	__ft_u32 curg; /* offset in runtime.m */
	__ft_u32 pad;
};

/* Lost records by lane: key and value of the `losses` hash. */
struct ft_loss_key {
	__ft_u32 tgid;
	__ft_u32 flags; /* FT_R_STACK, FT_R_THREAD */
	__ft_u64 lane;  /* FT_R_THREAD: the tid */
};

struct ft_loss {
	__ft_u64 first; /* time */
	__ft_u64 last;
	__ft_u64 count;
	__ft_u64
		marks; /* hits of which it is not known: their probe may not have been the one to tell */
	__ft_u64 depth; /* the least of the lost records' */
};

#define FT_LOSSES_MAX 16384

/* Which tests (decide.h) belong to an entry site. */
struct ft_filter {
	__ft_u32 first; /* index of test 0 in `tests` */
	__ft_u32 texts; /* index of text 0 in `texts` */
	__ft_u16 count; /* of tests; 0: every call passes */
	__ft_u16 start; /* the test to begin with, or FT_ACCEPT or FT_REJECT */
	__ft_u32 pad;
};

_Static_assert(sizeof(struct ft_filter) == 16, "wire size");

/* Open frames of a lane come in chunks (bpf/frames.bpf.h); key of the `chunks` hash. */
struct ft_chunk_key {
	__ft_u32 tgid;
	__ft_u32 flags; /* FT_R_STACK, FT_R_THREAD; number of the chunk << 8 */
	__ft_u64 lane;  /* FT_R_THREAD: the tid */
};

#define FT_CHUNK_FRAMES 8

/* Processes are told apart by the low bits of their PID where it is noted that they have, or had, open frames. */
#define FT_FRAMED      65536
#define FT_FRAMED_SLOT(tgid) ((tgid) & (FT_FRAMED - 1))

struct ft_frame {
	__ft_u64 depth;
	__ft_u64 start; /* time */
	__ft_u64 below; /* ns in ended calls that it made itself */
	__ft_u64 seen;  /* bits of it and of its callers, by site */
	__ft_u32 site;  /* of its entry */
	__ft_u32 pad;
};

struct ft_chunk {
	/* Of the first chunk of a lane only: */
	__ft_u32 count;  /* frames in all chunks */
	__ft_u32 passed; /* its one frame is a root that was passed over */
	__ft_u64 top;    /* depth of the innermost frame */
	struct ft_frame frames[FT_CHUNK_FRAMES];
};

/* The frame of a call that did not pass its filter; both words 0: none. */
struct ft_frame_name {
	__ft_u64 place; /* depth, FT_R_* flags, upper bits of the tgid; bit 63 set */
	__ft_u64 lane;  /* FT_R_THREAD: the tid; lower bits of the tgid */
};

/* Rejected calls that are open at once have so many places, and a frame so many of them to choose from;
 * beyond these calls are sent, and user space decides. */
#define FT_REJECTED_WAYS 4
#define FT_REJECTED_BITS 14

struct ft_rejected {
	struct ft_frame_name at[FT_REJECTED_WAYS];
};

#endif
