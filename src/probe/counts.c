/* SPDX-License-Identifier: GPL-2.0-only */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>

#include <ftrace/image.h>
#include <ftrace/record.h>

#include "ftrace.skel.h"
#include "probe/probe_state.h"

static void count_drops(struct probe *probe)
{
	int cpus = libbpf_num_possible_cpus();
	__u64 *values = cpus > 0 ? calloc((size_t)cpus, sizeof(*values)) : NULL;

	if (!values)
		return;
	probe->counts.lost = 0;
	for (__u32 kind = 0; kind < FT_KINDS; kind++) {
		if (bpf_map__lookup_elem(probe->skel->maps.drops, &kind, sizeof(kind), values,
					 (size_t)cpus * sizeof(*values), 0))
			continue;
		for (int cpu = 0; cpu < cpus; cpu++)
			probe->counts.lost += values[cpu];
	}
	free(values);
}

/* The programs on tracepoints run for all processes: what they miss are no hits. */
static void count_missed(const struct probe *probe, struct probe_counts *counts)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, probe->skel->obj)
	{
		struct bpf_prog_info info = {0};
		__u32 len = sizeof(info);

		if (!bpf_prog_get_info_by_fd(bpf_program__fd(prog), &info, &len) &&
		    info.type == BPF_PROG_TYPE_KPROBE)
			counts->missed += info.recursion_misses;
	}
}

/* Of the entries whose keys have `turn` in the bits of `mask`; with `take` they are gone then. */
struct stats_visit {
	int (*each)(void *arg, uint32_t func, const struct ft_stats *stats);
	void *arg;
	__u32 mask, turn;
	bool take;
};

static int each_stats(struct probe *probe, const struct stats_visit *visit)
{
	const struct plan *plan = probe->config.plan;
	struct bpf_map *map = probe->skel->maps.stats;
	struct ft_stats stats;
	__u32 key, next;
	int ret = bpf_map__get_next_key(map, NULL, &key, sizeof(key));

	while (!ret) {
		__u32 site = key & ~FT_STATS_TURN;
		int more = bpf_map__get_next_key(map, &key, &next, sizeof(next));
		bool wanted = (key & visit->mask) == visit->turn && site < plan->nsites;

		if (wanted &&
		    !bpf_map__lookup_elem(map, &key, sizeof(key), &stats, sizeof(stats), 0))
			ret = visit->each(visit->arg, plan->sites[site].func, &stats);
		if (ret < 0)
			return ret;
		if (wanted && visit->take)
			bpf_map__delete_elem(map, &key, sizeof(key), 0);
		key = next;
		ret = more;
	}
	return 0;
}

static int visit_stats(struct probe *probe, const struct stats_visit *visit)
{
	int ret = 0;

	for (; probe && !ret; probe = probe->next)
		ret = each_stats(probe, visit);
	return ret;
}

int probe_stats(struct probe *probe,
		int (*each)(void *arg, uint32_t func, const struct ft_stats *stats), void *arg)
{
	return visit_stats(probe, &(struct stats_visit){.each = each, .arg = arg});
}

void probe_stats_turn(struct probe *probe)
{
	__u32 turn = probe->skel->bss->stats_turn ^ FT_STATS_TURN;

	for (; probe; probe = probe->next)
		*(volatile __u32 *)&probe->skel->bss->stats_turn = turn;
}

int probe_stats_take(struct probe *probe,
		     int (*each)(void *arg, uint32_t func, const struct ft_stats *stats), void *arg)
{
	return visit_stats(probe, &(struct stats_visit){
					  .each = each,
					  .arg = arg,
					  .mask = FT_STATS_TURN,
					  .turn = probe->skel->bss->stats_turn ^ FT_STATS_TURN,
					  .take = true,
				  });
}

static bool is_empty(const struct bpf_map *map)
{
	/* Of the first key nothing but its being there is of interest. */
	uint64_t key[8];

	return bpf_map__key_size(map) > sizeof(key) ||
	       bpf_map__get_next_key(map, NULL, key, bpf_map__key_size(map));
}

/* A call is in the one map until it ends, and then in the other. */
bool probe_was_called(const struct probe *probe)
{
	for (; probe; probe = probe->next)
		if (!is_empty(probe->skel->maps.chunks) || !is_empty(probe->skel->maps.stats))
			return true;
	return false;
}

void probe_count(struct probe *probe, struct probe_counts *counts)
{
	count_drops(probe);
	probe->counts.missed = 0;
	for (const struct probe *at = probe; at; at = at->next)
		count_missed(at, &probe->counts);
	probe->counts.skipped = probe->skel->bss->skipped;
	probe->counts.unkept = probe->skel->bss->unkept;
	*counts = probe->counts;
}
