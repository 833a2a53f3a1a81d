/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/attach.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ftrace/cookie.h>
#include <ftrace/image.h>

#include "base/vec.h"
#include "ftrace.skel.h"

/* The kernel's own "not supported", which no user header has (include/linux/errno.h). */
#define ENOTSUPP 524

#define NO_IMAGE UINT32_MAX

void attach_init(struct attach *attach, const struct plan *plan, const struct features *features,
		 struct ftrace_bpf *skel, struct keeper *keeper)
{
	*attach = (struct attach){
		.plan = plan,
		.features = features,
		.skel = skel,
		.keeper = keeper,
	};
}

int attach_process_events(struct attach *attach, struct error *err)
{
	attach->exec = bpf_program__attach(attach->skel->progs.ftrace_exec);
	if (attach->exec)
		attach->proc_exit = bpf_program__attach(attach->skel->progs.ftrace_proc_exit);
	if (!attach->proc_exit)
		return error_set(
			err, -errno,
			"kernel: no tracepoints for processes (%s); it needs CONFIG_TRACEPOINTS",
			strerror(errno));
	return 0;
}

/* Sites of one executable that are attached together, by one program: in this order. */
enum batch_kind {
	BATCH_RECOVER,
	BATCH_GOEXIT,
	BATCH_FAULT,
	BATCH_PANIC,
	BATCH_STATES,
	BATCH_BIRTHS,
	BATCH_EXITS,
	BATCH_LEAVES,
	BATCH_ENTRIES,
	BATCHES
};

static struct bpf_program *program(const struct attach *attach, uint8_t kind)
{
	switch (kind) {
	case BATCH_RECOVER:
		return attach->skel->progs.ftrace_recover;
	case BATCH_GOEXIT:
		return attach->skel->progs.ftrace_goexit;
	case BATCH_FAULT:
		return attach->skel->progs.ftrace_fault;
	case BATCH_PANIC:
		return attach->skel->progs.ftrace_panic;
	case BATCH_STATES:
		return attach->skel->progs.ftrace_state;
	case BATCH_BIRTHS:
		return attach->skel->progs.ftrace_birth;
	case BATCH_LEAVES:
		return attach->skel->progs.ftrace_leaf;
	case BATCH_ENTRIES:
		return attach->skel->progs.ftrace_entry;
	default:
		return attach->skel->progs.ftrace_exit;
	}
}

static bool belongs(const struct plan *plan, const struct site *site, uint32_t image, uint8_t kind)
{
	static const uint8_t batches[] = {
		[SITE_ENTRY] = BATCH_ENTRIES, [SITE_RET] = BATCH_EXITS,
		[SITE_TAIL] = BATCH_EXITS,    [SITE_RECOVER] = BATCH_RECOVER,
		[SITE_GOEXIT] = BATCH_GOEXIT, [SITE_FAULT] = BATCH_FAULT,
		[SITE_PANIC] = BATCH_PANIC,   [SITE_STATE] = BATCH_STATES,
		[SITE_BIRTH] = BATCH_BIRTHS,
	};
	uint8_t as = batches[site->kind];

	if (as == BATCH_FAULT && !plan->nlate)
		as = BATCHES;
	/* The end of a leaf is seen by the probe of its entry. */
	if (site->leaf)
		as = site->kind == SITE_ENTRY ? BATCH_LEAVES : BATCHES;
	return site->image == image && as == kind;
}

static bool is_off(const struct attach *attach, uint32_t site)
{
	uint32_t func = attach->plan->sites[site].func;

	/* Sites of the runtime's own ways out belong to no function. */
	return func < attach->noff && attach->off[func];
}

/* The sites of one kind, as the kernel wants them. */
struct batch {
	unsigned long *offsets;
	uint64_t *cookies;
	uint32_t *sites;
	size_t count;
};

static void batch_release(struct batch *batch)
{
	free(batch->offsets);
	free(batch->cookies);
	free(batch->sites);
}

static int batch_fill(struct batch *batch, const struct attach *attach, uint32_t image,
		      uint8_t kind)
{
	const struct plan *plan = attach->plan;

	*batch = (struct batch){
		.offsets = calloc(plan->nsites + 1, sizeof(*batch->offsets)),
		.cookies = calloc(plan->nsites + 1, sizeof(*batch->cookies)),
		.sites = calloc(plan->nsites + 1, sizeof(*batch->sites)),
	};
	if (!batch->offsets || !batch->cookies || !batch->sites) {
		batch_release(batch);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < plan->nsites; i++) {
		if (!belongs(plan, &plan->sites[i], image, kind) || is_off(attach, i))
			continue;
		batch->offsets[batch->count] = plan->sites[i].offset;
		batch->sites[batch->count] = i;
		batch->cookies[batch->count++] = plan_cookie(plan, i) | FT_ROUND(attach->round);
	}
	return 0;
}

/* One link for all of them, or one each. */
static int keep(struct attach *attach, const struct attached *of, const struct batch *batch,
		uint32_t first)
{
	bool multi = attach->features->uprobe_multi;

	for (size_t i = 0; i < (multi ? 1 : batch->count); i++) {
		struct attached *slot =
			vec_push(&attach->links, &attach->nlinks, &attach->caplinks);

		if (!slot)
			return -ENOMEM;
		*slot = *of;
		slot->link = first + (uint32_t)i;
		slot->site = multi ? ATTACHED_MANY : batch->sites[i];
	}
	return 0;
}

static int attach_batch(struct attach *attach, const struct attached *of, const struct batch *batch)
{
	const struct keeper_sites sites = {
		.program = bpf_program__fd(program(attach, of->kind)),
		.file = image_fd(attach->plan->images[of->image].image),
		.pid = of->pid,
		.multi = attach->features->uprobe_multi,
		.offsets = batch->offsets,
		.cookies = batch->cookies,
		.count = batch->count,
	};
	uint32_t first;
	int ret = keeper_attach(attach->keeper, &sites, &first);

	return ret ? ret : keep(attach, of, batch, first);
}

static int explain(int code, const struct image_info *info, size_t count, pid_t pid,
		   struct error *err)
{
	switch (code) {
	case -EINTR:
		return error_set(err, code, "%s: interrupted while probes were put in", info->path);
	case -EPIPE:
		return error_set(err, code,
				 "%s: the process that keeps the probes was killed; run 'ftrace "
				 "repair'",
				 info->path);
	case -EBUSY:
		return error_set(err, code, "%s: was overwritten while it was read; try again",
				 info->path);
	case -ESRCH:
		return error_set(err, code, "PID %d: it has ended; look for the new one with pidof",
				 (int)pid);
	case -EMFILE:
		return error_set(err, code,
				 "%s: %zu probes need as many file descriptors on this kernel; "
				 "raise 'ulimit -n', or choose fewer functions",
				 info->path, count);
	case -EPERM:
	case -EACCES:
		return error_set(err, code, "%s: probes are not permitted; run ftrace as root",
				 info->path);
	case -EOPNOTSUPP:
	case -ENOTSUPP:
		return error_set(err, code,
				 "%s: the kernel cannot probe one of the %zu instructions; "
				 "narrow -u",
				 info->path, count);
	default:
		return error_set(err, code, "%s: %zu probes: %s; narrow -u, and see 'dmesg'",
				 info->path, count, strerror(-code));
	}
}

/* All sites of one kind, in one image. */
static int attach_kind(struct attach *attach, uint32_t image, pid_t pid, uint8_t kind,
		       struct error *err)
{
	struct image *img = attach->plan->images[image].image;
	struct attached of = {
		.image = image,
		.pid = pid,
		.site = ATTACHED_MANY,
		.kind = kind,
		.round = attach->round,
	};
	struct batch batch;
	int ret = batch_fill(&batch, attach, image, kind);

	if (ret)
		return error_set(err, ret, "%s: out of memory; choose fewer functions",
				 image_info(img)->path);
	/* Looked at on both sides: from the attaching on the keeper is told of changes. */
	if (batch.count && image_is_current(img))
		ret = attach_batch(attach, &of, &batch);
	if (!ret && !image_is_current(img))
		ret = -EBUSY;
	if (ret)
		explain(ret, image_info(img), batch.count, pid, err);
	batch_release(&batch);
	return ret;
}

int attach_image(struct attach *attach, uint32_t image, pid_t pid, struct error *err)
{
	int ret = 0;

	for (uint8_t kind = 0; kind < BATCHES && !ret; kind++)
		ret = attach_kind(attach, image, pid, kind, err);
	return ret;
}

/* The kernel's PID filter hangs on the thread that led the process when the link was made. When another
 * thread calls execve, the kernel lets that one lead, and the link's has no PID any more. */
static bool is_dead(const struct attach *attach, const struct attached *attached)
{
	return attached->pid && attached->site == ATTACHED_MANY &&
	       !keeper_link_pid(attach->keeper, attached->link);
}

bool attach_has(const struct attach *attach, uint32_t image)
{
	for (size_t i = 0; i < attach->nlinks; i++)
		if (attach->links[i].image == image && !attach->links[i].pid)
			return true;
	return false;
}

/* Takes away the links that `goes` names. */
static void take_links(struct attach *attach,
		       bool (*goes)(const struct attach *, const struct attached *, uint32_t),
		       uint32_t which)
{
	uint32_t *links = calloc(attach->nlinks + 1, sizeof(*links));
	size_t count = 0, kept = 0;

	/* Without memory they stay until the keeper ends. */
	for (size_t i = 0; i < attach->nlinks; i++)
		if (links && goes(attach, &attach->links[i], which))
			links[count++] = attach->links[i].link;
		else
			attach->links[kept++] = attach->links[i];
	attach->nlinks = kept;
	if (count)
		keeper_detach(attach->keeper, links, count);
	free(links);
}

static bool goes_dead(const struct attach *attach, const struct attached *attached, uint32_t pid)
{
	return attached->pid == (pid_t)pid && is_dead(attach, attached);
}

int attach_renew(struct attach *attach, pid_t pid, struct error *err)
{
	uint32_t image = NO_IMAGE;

	for (size_t i = 0; i < attach->nlinks; i++)
		if (goes_dead(attach, &attach->links[i], (uint32_t)pid))
			image = attach->links[i].image;
	if (image == NO_IMAGE)
		return 0;
	take_links(attach, goes_dead, (uint32_t)pid);
	return attach_image(attach, image, pid, err);
}

/* Those that begin and end calls: the others stay. */
static bool is_exchanged(const struct attached *attached)
{
	return attached->kind == BATCH_EXITS || attached->kind == BATCH_LEAVES ||
	       attached->kind == BATCH_ENTRIES;
}

int attach_again(struct attach *attach, const bool *off, size_t count, struct error *err)
{
	size_t before = attach->nlinks;
	int ret = 0;

	attach->off = off;
	attach->noff = count;
	if (!attach->features->uprobe_multi)
		return 0;
	attach->round ^= 1;
	for (size_t i = 0; i < before && !ret; i++) {
		const struct attached old = attach->links[i];

		if (is_exchanged(&old))
			ret = attach_kind(attach, old.image, old.pid, old.kind, err);
		if (ret == -ESRCH)
			ret = 0; /* that process has ended */
	}
	return ret;
}

static bool is_superseded(const struct attach *attach, const struct attached *attached,
			  uint32_t round)
{
	if (!is_exchanged(attached))
		return false;
	if (attached->site != ATTACHED_MANY)
		return is_off(attach, attached->site);
	return attached->round != round;
}

void attach_settle(struct attach *attach)
{
	take_links(attach, is_superseded, attach->round);
}

void attach_undo(struct attach *attach, const bool *off, size_t count)
{
	attach->off = off;
	attach->noff = count;
	if (!attach->features->uprobe_multi)
		return;
	attach->round ^= 1;
	take_links(attach, is_superseded, attach->round);
}

/* No call begins that could not end: entries go first. */
static bool goes_first(const struct attach *attach, const struct attached *attached, uint32_t image)
{
	(void)attach;
	return attached->image == image && attached->kind == BATCH_ENTRIES;
}

static bool goes_with(const struct attach *attach, const struct attached *attached, uint32_t image)
{
	(void)attach;
	return attached->image == image;
}

void attach_drop(struct attach *attach, uint32_t image)
{
	take_links(attach, goes_first, image);
	take_links(attach, goes_with, image);
}

static bool goes_always(const struct attach *attach, const struct attached *attached,
			uint32_t which)
{
	(void)attach, (void)attached, (void)which;
	return true;
}

void attach_forget(struct attach *attach)
{
	attach->nlinks = 0;
}

void attach_release(struct attach *attach)
{
	take_links(attach, goes_always, 0);
	bpf_link__destroy(attach->exec);
	bpf_link__destroy(attach->proc_exit);
	attach->exec = attach->proc_exit = NULL;
	free(attach->links);
	attach->links = NULL;
	attach->caplinks = 0;
}
