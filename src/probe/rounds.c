/* SPDX-License-Identifier: GPL-2.0-only */
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <ftrace/cookie.h>
#include <ftrace/image.h>

#include "ftrace.skel.h"
#include "probe/probe_state.h"

int rounds_begin(struct probe *probe)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t sites = probe->config.plan->nsites;
	size_t size = (sites ? sites : 1) * sizeof(*probe->hits);
	void *at;

	if (!probe->config.budgeted)
		return 0;
	probe->hits_size = (size + page - 1) / page * page;
	at = mmap(NULL, probe->hits_size, PROT_READ, MAP_SHARED,
		  bpf_map__fd(probe->skel->maps.hits), 0);
	if (at == MAP_FAILED)
		return -errno;
	probe->hits = at;
	return 0;
}

void rounds_end(struct probe *probe)
{
	if (probe->hits)
		munmap((void *)probe->hits, probe->hits_size);
}

void probe_hits(const struct probe *probe, uint64_t *calls)
{
	const struct plan *plan = probe->config.plan;

	for (const struct probe *at = probe; at; at = at->next) {
		size_t sites = at->hits_size / sizeof(*at->hits);

		for (size_t i = 0; i < plan->nfuncs; i++)
			if (plan->funcs[i].first_site < sites)
				calls[i] += at->hits[plan->funcs[i].first_site];
	}
}

static void take_turns(struct probe *probe, uint32_t turn)
{
	__atomic_store_n(&probe->skel->bss->turn, turn, __ATOMIC_SEQ_CST);
}

int probe_off(struct probe *probe, const bool *off, size_t count, struct error *err)
{
	const bool *before = probe->attach.off;
	size_t nbefore = probe->attach.noff;
	int ret = 0;

	for (struct probe *at = probe; at; at = at->next) {
		ret = attach_again(&at->attach, off, count, err);
		if (!ret)
			continue;
		for (struct probe *undo = probe;; undo = undo->next) {
			attach_undo(&undo->attach, before, nbefore);
			if (undo == at)
				return ret;
		}
	}
	/* Where each site has a link of its own nothing is exchanged, but frames that are in use cannot be
	 * forgotten. */
	if (probe->config.features->uprobe_multi || pushdown_keeps_frames(&probe->config.pushdown))
		take_turns(probe, FT_TURN_CHANGING | probe->attach.round);
	for (struct probe *at = probe; at; at = at->next)
		attach_settle(&at->attach);
	if (pushdown_keeps_frames(&probe->config.pushdown))
		ret = forget_all(&probe->forget, probe->skel);
	take_turns(probe, probe->attach.round);
	return ret ? error_set(err, ret, "bpf: open frames: %s; leave --max-overhead out",
			       strerror(-ret))
		   : 0;
}
