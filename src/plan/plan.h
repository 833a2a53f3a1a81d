/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan: which instructions of which executables get a probe, and what each of them means.
 *
 * A plan is made from images and a selection before anything is attached. Functions and sites have
 * indexes that stay the same for the plan's life; records name sites by index.
 *
 *     plan->funcs[]   what is traced        funcs[i].first_site .. +nsites
 *     plan->sites[]   probe sites           sites[i].func -> funcs[]
 *     plan->images[]  executables           funcs[i].image -> images[]
 *     plan->skipped[] what is left out, with the reason
 *
 * Functions are in order of image and entry.
 *
 * Source: Go's src/runtime/panic.go (recovery, Goexit, gopanic), signal_amd64.go (preparePanic), sys_linux_amd64.s and
 * asm_amd64.s (sigpanic0).
 */
#ifndef FTRACE_PLAN_PLAN_H
#define FTRACE_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/image.h>
#include <ftrace/states.h>

#include "base/error.h"
#include "base/short_names.h"
#include "fetch/fetch.h"
#include "fetch/filter_check.h"
#include "image/image.h"
#include "plan/callgraph.h"
#include "plan/goroutine.h"
#include "plan/late.h"
#include "plan/naming.h"
#include "plan/select.h"

enum site_kind {
	SITE_ENTRY,
	SITE_RET,     /* a near ret: the call returns */
	SITE_TAIL,    /* a jump out of the function with SP at its entry value */
	SITE_RECOVER, /* runtime.recovery, at its call of runtime.gogo: 0(SP) is the gobuf */
	SITE_GOEXIT,  /* runtime.Goexit, at its call of runtime.goexit1: all defers have run */
	SITE_FAULT, /* runtime.sigpanic0, at its jump: 0(SP) is where memory could not be read or written */
	SITE_PANIC, /* runtime.gopanic, at its call of runtime.fatalpanic: no deferred call is left */
	SITE_STATE, /* a goroutine's state has been exchanged, or is about to be (states.h) */
	SITE_BIRTH, /* a goroutine has been made, and does not run yet (births.h) */
};

/* No function: these belong to the runtime, not to a traced function. */
#define PLAN_RUNTIME_SITES                                                              \
	(1u << SITE_RECOVER | 1u << SITE_GOEXIT | 1u << SITE_FAULT | 1u << SITE_PANIC | \
	 1u << SITE_STATE | 1u << SITE_BIRTH)
#define PLAN_NO_FUNC UINT32_MAX

struct site {
	uint64_t addr;   /* vaddr of the instruction */
	uint64_t offset; /* in the file */
	uint32_t func;   /* index in plan->funcs, or PLAN_NO_FUNC */
	uint8_t image;
	uint8_t kind;    /* enum site_kind */
	uint8_t flags;   /* FT_C_* of ftrace/cookie.h */
	uint8_t cond;    /* as in struct insn, for FT_C_IF and FT_C_IF_NOT */
	uint8_t state;   /* SITE_STATE: index in the image's states; SITE_BIRTH: FT_REG_* that points to the goroutine */
	bool emulated;   /* the kernel emulates the instruction: one trap */
	bool may_repeat; /* entry that runs again for the same call (body.h) */
	bool leaf; /* entry and end of a call that one probe sees: that of the entry (late.h) */
};

struct plan_func {
	const char *name; /* the symbol, the image's */
	const char *file; /* declaration; "?" when unknown */
	int line;
	uint64_t entry; /* vaddr */
	uint64_t size;
	uint32_t index; /* of the function in its image */
	uint8_t image;
	uint32_t first_site; /* the entry site; its exits follow */
	uint32_t nsites;
	struct late late; /* where else its entry may be seen, until that is settled */
	struct fetch *args,
		*results; /* at entry and at ret; NULL: none. Shared by those that read the same */
	struct filter_check *filter; /* NULL: every call passes. The plan's */
	struct filter_check **whens; /* of --when: a call that passes one of them. The plan's */
	size_t nwhens, capwhens;
	uint8_t error; /* register that holds the last result's first word at ret when that is an
			    * error: 1 + FT_REG_*. 0: none does, or it was not asked for */
	bool drill;    /* selected by -D: a root of the shown trees */
	uint8_t level; /* of --follow-calls, 0 for what was selected by name */
};

struct plan_skipped {
	const char *name; /* the image's */
	char *reason;     /* owned by the plan */
	uint8_t image;
};

/* Addresses of a function's code: vaddrs. */
struct plan_range {
	uint64_t from, to;
};

/* runtime.exitsyscall and its like; no release has more. */
#define PLAN_SYSCALL_ENDS 8

struct plan_image {
	struct image *image; /* owned by the plan */
	struct dwarf *dwarf; /* owned by the plan; NULL when there is none or it was not needed */
	struct short_names *names; /* of its packages; owned by the plan */
	struct naming *naming; /* how the selection's names are taken there; owned by the plan */
	char *unread; /* why its debug information is not used, or not all of it, though it is there; owned by the
		       * plan, or NULL */
	struct goroutine_layout goroutine;
	struct ft_state_site states[FT_STATE_SITES]; /* what is in registers at each SITE_STATE */
	uint8_t nstates;
	struct plan_range
		ends[PLAN_SYSCALL_ENDS]; /* code in which goroutines go on behind system calls */
	uint8_t nends;
};

struct plan {
	struct plan_image images[FT_MAX_IMAGES];
	size_t nimages;
	struct plan_func *funcs;
	size_t nfuncs, capfuncs;
	struct site *sites;
	size_t nsites, capsites;
	struct plan_skipped *skipped;
	size_t nskipped, capskipped;
	size_t nlate;     /* functions whose entry is seen late (late.h) */
	size_t nlacking;  /* of what is left out: functions that lack what a filter compares */
	size_t nfips;     /* of what is left out: functions of the FIPS 140 module */
	size_t max_sites; /* PLAN_MAX_SITES, or less */
	struct callgraph_counts calls; /* of --follow-calls, all images together */
};

/* Sites that one uprobe_multi link takes (kernel/trace/bpf_trace.c, MAX_UPROBE_MULTI_CNT). */
#define PLAN_MAX_SITES (1u << 20)

/* An empty plan; plan_free() takes NULL. */
struct plan *plan_new(void);
void plan_free(struct plan *plan);

/*
 * Adds what `select` selects of `img`, which the plan owns from now on, also on failure. With
 * `explain`, functions that were left out are collected in plan->skipped, inlined ones too. 0, or a
 * negative errno with `err` filled: -ENODATA when nothing matches (the text offers close names),
 * -E2BIG when there are more sites than a link can hold.
 */
int plan_add(struct plan *plan, struct image *img, const struct selection *select, bool explain,
	     struct error *err);

/*
 * Moves the one image of `part` to `plan`, with its functions and sites: as if it had been added there, but without
 * reading it again. `part` is the plan's from now on, also on failure. *image is its number: 0, or -ENOMEM, or
 * -E2BIG with `err` filled.
 */
int plan_adopt(struct plan *plan, struct plan *part, uint32_t *image, struct error *err);

/* To be called when all images are added. Appends a line to `notes` for each pattern that selected nothing anywhere, and
 * for each that is not taken as whole names. 0, or -ENODATA with `err` filled when no tree can ever be shown: no glob of
 * -D selected anything. */
int plan_check(const struct plan *plan, const struct selection *select, struct buf *notes,
	       struct error *err);

/* The same for one image that is traced besides: what it does not have, though the first one does. */
void plan_check_later(const struct plan *plan, uint8_t image, const struct selection *select,
		      struct buf *notes);

/* To be called once, when what is read at each site is known: sites move to where they cost less (late.h). */
void plan_settle(struct plan *plan);

/* Takes the functions with gone[i] out, and their sites: the others get new indexes. To be called before anybody
 * keeps one. 0 or -ENOMEM, with the plan as it was. */
int plan_leave_out(struct plan *plan, const bool *gone, const char *reason);

/* Frees what belongs to a function. */
void plan_func_release(struct plan_func *func);

/* Notes that a function is left out. Copies `reason`; 0 or -ENOMEM. */
int plan_skip(struct plan *plan, uint8_t image, const char *name, const char *reason);

/* The traced function of that name, or NULL. */
const struct plan_func *plan_find(const struct plan *plan, uint8_t image, const char *name);

/* Finds where functions from index `first` on are declared, which takes its time. */
void plan_find_places(struct plan *plan, size_t first);

/* What a probe on that site carries (ftrace/cookie.h). */
uint64_t plan_cookie(const struct plan *plan, uint32_t index);

/* The entry site's instruction is emulated by the kernel. */
static inline bool plan_func_cheap(const struct plan *plan, const struct plan_func *func)
{
	return plan->sites[func->first_site].emulated;
}

#endif
