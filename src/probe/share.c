/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/share.h"

#include <bpf/libbpf.h>

#include <ftrace/image.h>

#include "ftrace.skel.h"

int share_maps(struct ftrace_bpf *from, struct ftrace_bpf *to)
{
	struct bpf_map *const pairs[][2] = {
		{from->maps.ring, to->maps.ring},       {from->maps.losses, to->maps.losses},
		{from->maps.drops, to->maps.drops},     {from->maps.pids, to->maps.pids},
		{from->maps.chunks, to->maps.chunks},   {from->maps.roots, to->maps.roots},
		{from->maps.running, to->maps.running}, {from->maps.bss, to->maps.bss},
		{from->maps.off_cpus, to->maps.off_cpus},
	};
	bool grouped = bpf_map__autocreate(to->maps.group);
	int ret = 0;

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]) && !ret; i++)
		ret = bpf_map__reuse_fd(pairs[i][1], bpf_map__fd(pairs[i][0]));
	if (!ret && grouped)
		ret = bpf_map__reuse_fd(to->maps.group, bpf_map__fd(from->maps.group));
	/* Without filters it has no room in the first one: then it belongs to the second alone. */
	if (!ret && from->rodata->filters_kept && to->rodata->filters_kept)
		ret = bpf_map__reuse_fd(to->maps.rejected, bpf_map__fd(from->maps.rejected));
	return ret;
}

void share_variables(struct ftrace_bpf *from, struct ftrace_bpf *to)
{
	to->bss = from->bss;
}
