/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/attach.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <ftrace/abi.h>

#include "base/vec.h"
#include "ftrace.skel.h"
#include "probe/aside.h"

/* The kernel's own "not supported", which no user header has (include/linux/errno.h). */
#define ENOTSUPP 524

#define NO_IMAGE UINT32_MAX

#define PROGRESS_SITES 64

void attach_init(struct attach *attach, const struct plan *plan, const struct features *features,
		 struct ftrace_bpf *skel)
{
	*attach = (struct attach){.plan = plan, .features = features, .skel = skel};
}

static int keep(struct attach *attach, struct bpf_link *link, const struct attached *of)
{
	struct attached *slot;

	if (!link)
		return -errno;
	slot = vec_push(&attach->links, &attach->nlinks, &attach->caplinks);
	if (!slot) {
		bpf_link__destroy(link);
		return -ENOMEM;
	}
	*slot = *of;
	slot->link = link;
	return 0;
}

int attach_process_events(struct attach *attach, struct error *err)
{
	static const struct attached none = {.image = NO_IMAGE, .site = ATTACHED_MANY};
	int ret = keep(attach, bpf_program__attach(attach->skel->progs.ftrace_exec), &none);

	if (!ret)
		ret = keep(attach, bpf_program__attach(attach->skel->progs.ftrace_proc_exit),
			   &none);
	if (ret)
		return error_set(
			err, ret,
			"kernel: no tracepoints for processes (%s); it needs CONFIG_TRACEPOINTS",
			strerror(-ret));
	return 0;
}

/* The order in which a file's sites are attached, and by which program. */
static const uint8_t order[] = {SITE_RECOVER, SITE_GOEXIT, SITE_RET, SITE_ENTRY};

static struct bpf_program *program(const struct attach *attach, uint8_t kind)
{
	switch (kind) {
	case SITE_RECOVER:
		return attach->skel->progs.ftrace_recover;
	case SITE_GOEXIT:
		return attach->skel->progs.ftrace_goexit;
	case SITE_ENTRY:
		return attach->skel->progs.ftrace_entry;
	default:
		return attach->skel->progs.ftrace_exit;
	}
}

static bool belongs(const struct site *site, uint32_t image, uint8_t kind)
{
	uint8_t as = site->kind == SITE_TAIL ? SITE_RET : site->kind;

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
	__u64 *cookies;
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
		if (!belongs(&plan->sites[i], image, kind) || is_off(attach, i))
			continue;
		batch->offsets[batch->count] = plan->sites[i].offset;
		batch->sites[batch->count] = i;
		batch->cookies[batch->count++] = plan_cookie(plan, i) | FT_ROUND(attach->round);
	}
	return 0;
}

static int attach_multi(struct attach *attach, const char *path, const struct attached *of,
			const struct batch *batch)
{
	LIBBPF_OPTS(bpf_uprobe_multi_opts, opts, .offsets = batch->offsets,
		    .cookies = batch->cookies, .cnt = batch->count);

	return keep(attach,
		    bpf_program__attach_uprobe_multi(program(attach, of->kind),
						     of->pid ? of->pid : -1, path, NULL, &opts),
		    of);
}

static int attach_one_by_one(struct attach *attach, const char *path, const struct attached *of,
			     const struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		LIBBPF_OPTS(bpf_uprobe_opts, opts, .bpf_cookie = batch->cookies[i]);
		struct attached one = *of;
		int ret;

		one.site = batch->sites[i];
		ret = keep(attach,
			   bpf_program__attach_uprobe_opts(program(attach, of->kind),
							   of->pid ? of->pid : -1, path,
							   batch->offsets[i], &opts),
			   &one);
		if (ret)
			return ret;
		if (attach->progress && attach->nlinks % PROGRESS_SITES == 0)
			attach->progress(attach->arg, attach->nlinks);
	}
	return 0;
}

struct attaching {
	struct attach *attach;
	const char *path;
	const struct attached *of;
	const struct batch *batch;
	int ret;
};

static void attach_batch(void *arg)
{
	struct attaching *a = arg;

	if (a->attach->features->uprobe_multi)
		a->ret = attach_multi(a->attach, a->path, a->of, a->batch);
	else
		a->ret = attach_one_by_one(a->attach, a->path, a->of, a->batch);
}

/* Without uprobe_multi every site takes a file descriptor. */
static void allow_descriptors(size_t sites)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > sites + 256)
		return;
	limit.rlim_cur = sites + 256 < limit.rlim_max ? sites + 256 : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int explain(int code, const struct image_info *info, size_t count, pid_t pid,
		   struct error *err)
{
	switch (code) {
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
	char path[64];
	struct attaching a = {attach, path, &of, &batch, -EINTR};
	int ret = batch_fill(&batch, attach, image, kind);

	if (ret)
		return error_set(err, ret, "%s: out of memory; choose fewer functions",
				 image_info(img)->path);
	/* The file that was read, whatever stands under its name by now. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", image_fd(img));
	if (batch.count)
		aside(attach_batch, &a);
	ret = batch.count ? a.ret : 0;
	if (ret)
		explain(ret, image_info(img), batch.count, pid, err);
	batch_release(&batch);
	return ret;
}

int attach_image(struct attach *attach, uint32_t image, pid_t pid, struct error *err)
{
	int ret = 0;

	if (!attach->features->uprobe_multi)
		allow_descriptors(attach->plan->nsites);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && !ret; i++)
		ret = attach_kind(attach, image, pid, order[i], err);
	return ret;
}

/* The kernel's PID filter hangs on the thread that led the process when the link was made. When another
 * thread calls execve, the kernel lets that one lead, and the link's has no PID any more. */
static bool is_dead(const struct attached *attached)
{
	struct bpf_link_info info = {0};
	__u32 len = sizeof(info);

	return !bpf_link_get_info_by_fd(bpf_link__fd(attached->link), &info, &len) &&
	       info.type == BPF_LINK_TYPE_UPROBE_MULTI && !info.uprobe_multi.pid;
}

bool attach_has(const struct attach *attach, uint32_t image)
{
	for (size_t i = 0; i < attach->nlinks; i++)
		if (attach->links[i].image == image && !attach->links[i].pid)
			return true;
	return false;
}

struct taking {
	struct attach *attach;
	bool (*goes)(const struct attach *attach, const struct attached *attached, uint32_t which);
	uint32_t which;
};

/* Entries were attached last and go first: no call begins that could not end. */
static void take(void *arg)
{
	const struct taking *t = arg;

	for (size_t i = t->attach->nlinks; i--;) {
		struct bpf_link *link = t->attach->links[i].link;

		if (!t->goes(t->attach, &t->attach->links[i], t->which))
			continue;
		t->attach->links[i].link = NULL;
		bpf_link__destroy(link);
	}
}

/* Destroys the links that `goes` names. */
static void take_links(struct attach *attach,
		       bool (*goes)(const struct attach *, const struct attached *, uint32_t),
		       uint32_t which)
{
	struct taking taking = {attach, goes, which};
	size_t kept = 0;

	aside(take, &taking);
	for (size_t i = 0; i < attach->nlinks; i++)
		if (attach->links[i].link)
			attach->links[kept++] = attach->links[i];
	attach->nlinks = kept;
}

static bool goes_dead(const struct attach *attach, const struct attached *attached, uint32_t pid)
{
	(void)attach;
	return attached->pid == (pid_t)pid && is_dead(attached);
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
	return attached->image != NO_IMAGE &&
	       (attached->kind == SITE_RET || attached->kind == SITE_ENTRY);
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

static bool goes_after(const struct attach *attach, const struct attached *attached, uint32_t round)
{
	if (!is_exchanged(attached))
		return false;
	if (attached->site != ATTACHED_MANY)
		return is_off(attach, attached->site);
	return attached->round != round;
}

void attach_settle(struct attach *attach)
{
	take_links(attach, goes_after, attach->round);
}

void attach_undo(struct attach *attach, const bool *off, size_t count)
{
	attach->off = off;
	attach->noff = count;
	if (!attach->features->uprobe_multi)
		return;
	attach->round ^= 1;
	take_links(attach, goes_after, attach->round);
}

static bool goes_with(const struct attach *attach, const struct attached *attached, uint32_t image)
{
	(void)attach;
	return attached->image == image;
}

void attach_drop(struct attach *attach, uint32_t image)
{
	take_links(attach, goes_with, image);
}

static bool goes_always(const struct attach *attach, const struct attached *attached,
			uint32_t which)
{
	(void)attach, (void)attached, (void)which;
	return true;
}

void attach_release(struct attach *attach)
{
	take_links(attach, goes_always, 0);
	free(attach->links);
	attach->links = NULL;
	attach->caplinks = 0;
}
