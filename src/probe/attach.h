/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach: the links between sites and programs.
 *
 * Order matters: whatever ends a call is attached before what begins one. Internal to src/probe.
 */
#ifndef FTRACE_PROBE_ATTACH_H
#define FTRACE_PROBE_ATTACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "plan/plan.h"
#include "probe/features.h"
#include "probe/keeper.h"

struct bpf_link;
struct ftrace_bpf;

struct attached {
	uint32_t link; /* the keeper's number */
	uint32_t image;
	pid_t pid;     /* that the kernel filters by, or 0 */
	uint32_t site; /* the only one, or ATTACHED_MANY */
	uint8_t kind;  /* which sites: attach.c's own */
	uint8_t round; /* of its cookies (ftrace/cookie.h) */
};

#define ATTACHED_MANY UINT32_MAX

struct attach {
	const struct plan *plan;
	const struct features *features;
	struct ftrace_bpf *skel;
	struct keeper *keeper;             /* has the links of all sites; borrowed */
	struct bpf_link *exec, *proc_exit; /* of tracepoints */
	struct attached *links;
	size_t nlinks, caplinks;
	uint8_t round;   /* of what is attached next */
	const bool *off; /* functions without probes, the caller's, the first `noff` of the plan */
	size_t noff;
};

void attach_init(struct attach *attach, const struct plan *plan, const struct features *features,
		 struct ftrace_bpf *skel, struct keeper *keeper);

/* Processes that end or run another program. */
int attach_process_events(struct attach *attach, struct error *err);

/* All sites of one image; `pid` 0: in every process. */
int attach_image(struct attach *attach, uint32_t image, pid_t pid, struct error *err);

/* Whether an image's sites are attached in every process. */
bool attach_has(const struct attach *attach, uint32_t image);

/* The process `pid` has run another program: attaches again where that made the links useless. */
int attach_renew(struct attach *attach, pid_t pid, struct error *err);

/* Exchanges probes for those of functions that are not `off`, which takes the place of attach->off. After
 * the first step both are attached, after the second only the new ones; attach_undo() instead takes the new
 * ones away, and what was `off` before is again. Where each site has a link of its own nothing has to be
 * attached anew. */
int attach_again(struct attach *attach, const bool *off, size_t count, struct error *err);
void attach_settle(struct attach *attach);
void attach_undo(struct attach *attach, const bool *off, size_t count);

/* Takes the links of one image away. */
void attach_drop(struct attach *attach, uint32_t image);

/* The keeper has let go of all links. */
void attach_forget(struct attach *attach);

/* Takes all links away. */
void attach_release(struct attach *attach);

#endif
