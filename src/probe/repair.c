/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/repair.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>

#include "probe/keeper.h"

int repair_load(bool multi)
{
	static const struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		    .expected_attach_type = multi ? BPF_TRACE_UPROBE_MULTI : 0);

	return bpf_prog_load(BPF_PROG_TYPE_KPROBE, "ftrace_repair", "GPL", insns, 2, &opts);
}

static int on_and_off(struct keeper *keeper, const struct keeper_sites *sites)
{
	size_t nlinks = sites->multi ? 1 : sites->count;
	uint32_t first, *links = calloc(nlinks, sizeof(*links));
	int ret = links ? keeper_attach(keeper, sites, &first) : -ENOMEM;

	for (size_t i = 0; i < nlinks && !ret; i++)
		links[i] = first + (uint32_t)i;
	if (!ret)
		ret = keeper_detach(keeper, links, nlinks);
	free(links);
	return ret;
}

static bool ends_it(int code)
{
	return code == -ESRCH || code == -EINTR || code == -EPIPE || code == -ENOMEM ||
	       code == -EPERM || code == -EACCES;
}

/* One place that cannot be probed keeps all of a link from being made: halves are tried. */
static int repair_part(struct keeper *keeper, struct keeper_sites sites)
{
	size_t half = sites.count / 2;
	int ret = on_and_off(keeper, &sites);

	if (!ret || ends_it(ret))
		return ret;
	if (!half)
		return 0;
	sites.count -= half;
	ret = repair_part(keeper, sites);
	if (ret)
		return ret;
	sites.offsets += sites.count;
	sites.cookies += sites.count;
	sites.count = half;
	return repair_part(keeper, sites);
}

int repair_places(struct keeper *keeper, int program, bool multi, int file, pid_t pid,
		  const unsigned long *offsets, size_t count)
{
	uint64_t *cookies = calloc(count, sizeof(*cookies));
	struct keeper_sites sites = {
		.program = program,
		.file = file,
		.pid = pid,
		.multi = multi,
		.offsets = offsets,
		.cookies = cookies,
		.count = count,
	};
	int ret = cookies ? repair_part(keeper, sites) : -ENOMEM;

	free(cookies);
	return ret;
}
