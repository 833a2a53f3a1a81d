/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/vec.h"
#include "probe/keeper_serve.h"

/* The end of one uprobe_multi link waits for a grace period of the kernel; those of several are waited for together. */
#define THREADS 16

static int keep(struct keeper_links *links, int link, int event, int file)
{
	struct keeper_link *slot = vec_push(&links->held, &links->count, &links->cap);

	if (!slot) {
		close(link);
		if (event >= 0)
			close(event);
		return -ENOMEM;
	}
	*slot = (struct keeper_link){.link = link, .event = event, .file = file};
	return 0;
}

static int add_multi(struct keeper_links *links, const struct keeper_work *work, const char *path)
{
	unsigned long *offsets = calloc(work->count, sizeof(*offsets));
	__u64 *cookies = calloc(work->count, sizeof(*cookies));
	LIBBPF_OPTS(bpf_link_create_opts, opts, .uprobe_multi.path = path,
		    .uprobe_multi.offsets = offsets, .uprobe_multi.cookies = cookies,
		    .uprobe_multi.cnt = work->count, .uprobe_multi.pid = (__u32)work->pid);
	int link = -ENOMEM;

	for (uint32_t i = 0; offsets && cookies && i < work->count; i++) {
		offsets[i] = work->sites[i].offset;
		cookies[i] = work->sites[i].cookie;
	}
	if (offsets && cookies)
		link = bpf_link_create(work->program, 0, BPF_TRACE_UPROBE_MULTI, &opts);
	free(offsets);
	free(cookies);
	return link < 0 ? link : keep(links, link, -1, work->watched);
}

/* The kind of perf event that uprobes are; a negative errno where the kernel has none. */
static int event_type(void)
{
	FILE *file = fopen("/sys/bus/event_source/devices/uprobe/type", "re");
	int type, ret;

	if (!file)
		return -errno;
	ret = fscanf(file, "%d", &type) == 1 ? type : -EINVAL;
	fclose(file);
	return ret;
}

static int add_event(struct keeper_links *links, const struct keeper_work *work, const char *path,
		     int type, const struct keeper_site *site)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = (__u32)type,
		.uprobe_path = (__u64)(uintptr_t)path,
		.probe_offset = site->offset,
	};
	LIBBPF_OPTS(bpf_link_create_opts, opts, .perf_event.bpf_cookie = site->cookie);
	int event = (int)syscall(SYS_perf_event_open, &attr, work->pid ? work->pid : -1,
				 work->pid ? -1 : 0, -1, PERF_FLAG_FD_CLOEXEC);
	int link, ret;

	if (event < 0)
		return -errno;
	link = bpf_link_create(work->program, event, BPF_PERF_EVENT, &opts);
	if (link < 0) {
		close(event);
		return link;
	}
	if (ioctl(event, PERF_EVENT_IOC_ENABLE, 0)) {
		ret = -errno;
		close(link);
		close(event);
		return ret;
	}
	return keep(links, link, event, work->watched);
}

/* Each takes two descriptors. */
static void allow_descriptors(size_t sites)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur > 2 * sites + 64)
		return;
	limit.rlim_cur = 2 * sites + 64 < limit.rlim_max ? 2 * sites + 64 : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int add_events(struct keeper_links *links, const struct keeper_work *work, const char *path)
{
	int type = event_type(), ret = type < 0 ? type : 0;

	allow_descriptors(links->count + work->count);
	for (uint32_t i = 0; i < work->count && !ret; i++) {
		ret = add_event(links, work, path, type, &work->sites[i]);
		if (!ret && !work->go_on(work->arg, i + 1))
			ret = -ECANCELED;
	}
	return ret;
}

static void let_go(struct keeper_link *held)
{
	if (held->link >= 0)
		close(held->link);
	if (held->event >= 0)
		close(held->event);
	held->link = held->event = -1;
}

int keeper_links_add(struct keeper_links *links, const struct keeper_work *asked, uint32_t *first)
{
	struct keeper_work watching = *asked, *work = &watching;
	size_t before = links->count;
	char path[32];
	int ret;

	/* The file that was read, whatever stands under its name by now. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", work->file);
	*first = (uint32_t)before;
	work->watched = keeper_changes_watch(links->changes, work->file);
	ret = work->multi ? add_multi(links, work, path) : add_events(links, work, path);
	if (ret)
		while (links->count > before)
			let_go(&links->held[--links->count]);
	return ret;
}

/* Links that one thread after the other takes from. */
struct dropping {
	struct keeper_links *links;
	const uint32_t *numbers;
	size_t count;
	size_t next;
	int processor;
};

static void drop_rest(struct dropping *d)
{
	size_t i;

	while ((i = __atomic_fetch_add(&d->next, 1, __ATOMIC_RELAXED)) < d->count)
		if (d->numbers[i] < d->links->count)
			let_go(&d->links->held[d->numbers[i]]);
}

/* On two processors the threads would hand a lock of the kernel's to and fro, and sleep for each probe
 * (kernel/events/uprobes.c, register_for_each_vma()). On one, the probes of a link go while the one before it waits. */
static void *drop_some(void *arg)
{
	struct dropping *d = arg;
	cpu_set_t one;

	if (d->processor >= 0 && d->processor < CPU_SETSIZE) {
		CPU_ZERO(&one);
		CPU_SET(d->processor, &one);
		sched_setaffinity(0, sizeof(one), &one);
	}
	drop_rest(d);
	return NULL;
}

/* The kernel takes events off one after the other, whoever asks. */
static bool are_events(const struct keeper_links *links, const uint32_t *numbers, size_t count)
{
	return count && numbers[0] < links->count && links->held[numbers[0]].event >= 0;
}

void keeper_links_drop(struct keeper_links *links, const uint32_t *numbers, size_t count,
		       bool (*go_on)(void *arg, size_t sites), void *arg)
{
	struct dropping d = {links, numbers, count, 0, sched_getcpu()};
	pthread_t threads[THREADS];
	size_t started = 0;

	if (are_events(links, numbers, count)) {
		for (size_t i = 0; i < count; i++) {
			if (numbers[i] < links->count)
				let_go(&links->held[numbers[i]]);
			if (go_on)
				go_on(arg, i + 1);
		}
		return;
	}
	while (started < THREADS && started < count && count > 1 &&
	       !pthread_create(&threads[started], NULL, drop_some, &d))
		started++;
	while (started)
		pthread_join(threads[--started], NULL);
	drop_rest(&d);
}

void keeper_links_release(struct keeper_links *links, bool (*go_on)(void *arg, size_t sites),
			  void *arg)
{
	uint32_t *all = calloc(links->count + 1, sizeof(*all));

	/* Without memory the end of the process does it, one by one. */
	for (size_t i = 0; all && i < links->count; i++)
		all[i] = (uint32_t)i;
	if (all)
		keeper_links_drop(links, all, links->count, go_on, arg);
	free(all);
	free(links->held);
	links->held = NULL;
	links->count = links->cap = 0;
}

int keeper_links_pid(const struct keeper_links *links, uint32_t number)
{
	struct bpf_link_info info = {0};
	__u32 len = sizeof(info);

	if (number >= links->count || links->held[number].link < 0)
		return -ENOENT;
	if (bpf_link_get_info_by_fd(links->held[number].link, &info, &len))
		return -errno;
	return info.type == BPF_LINK_TYPE_UPROBE_MULTI ? (int)info.uprobe_multi.pid : -EOPNOTSUPP;
}
