/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/target/identify.h"

#include <stdlib.h>
#include <string.h>

#include "base/peek.h"
#include "cli/target/exe_path.h"
#include "host/procfs.h"
#include "probe/inodes.h"

/* Source: Go's src/runtime/runtime2.go, _Gdead and _Gscan. */
#define G_DEAD 6
#define G_SCAN 0x1000
/* goid and atomicstatus are neighbours in all known layouts. */
#define G_PART 64

struct mapped {
	struct inodes *inodes;
	pid_t pid;
	const struct file_id *file;
};

static bool is_mapped(void *arg, uint64_t start, uint64_t end)
{
	const struct mapped *mapped = arg;
	struct file_id file;

	return !inodes_of_mapping(mapped->inodes, mapped->pid, start, end, &file) &&
	       file_id_same(&file, mapped->file);
}

/* The load bias of an executable that is not the one that the process was started as: the dynamic linker
 * was, or it is a library. */
static uint64_t library_bias(const struct targets *targets, uint32_t image, pid_t pid)
{
	const struct image *img = targets->plan->images[image].image;
	struct mapped mapped = {targets->inodes, pid, &targets->files[image]};
	uint64_t text = image_info(img)->text, offset, at = 0;

	if (!image_offset(img, text, &offset))
		at = procfs_code(pid, offset, is_mapped, &mapped);
	return at ? at - text : 0;
}

int identify_process(const struct identify *identify, struct process *process,
		     const struct ft_record *first)
{
	struct targets *targets = identify->targets;
	const struct plan *plan = targets->plan;
	const struct image_info *info;
	struct runner runner;
	bool runs_it;

	process->image =
		first->kind && first->site < plan->nsites ? plan->sites[first->site].image : 0;
	info = image_info(plan->images[process->image].image);
	/* It may have ended, or run something else by now. */
	process->exe =
		exe_path_find(targets, process->image, (pid_t)process->pid, &runner, &runs_it);
	if (!process->exe)
		process->exe = strdup(info->path);
	process->nspid = procfs_nspid((pid_t)process->pid);
	process->go = info->go_version;
	process->build_id = info->build_id;
	process->whole = identify->started && process->pid == (uint32_t)identify->started;
	/* The kernel notes where the first byte of code went (fs/binfmt_elf.c, load_elf_binary()). */
	if (info->pie)
		process->bias = runs_it && runner.code ? runner.code - info->code
						       : library_bias(targets, process->image,
								      (pid_t)process->pid);
	return 0;
}

bool identify_is_gone(const struct identify *identify, const struct process *process, uint64_t g,
		      uint64_t goid)
{
	const struct goroutine_layout *layout =
		&identify->targets->plan->images[process->image].goroutine;
	uint32_t first = layout->goid < layout->status ? layout->goid : layout->status;
	uint32_t end = layout->goid > layout->status ? layout->goid : layout->status;
	unsigned char bytes[G_PART];
	uint32_t status;
	uint64_t now;

	/* Both at once: each look costs. */
	if (end - first > sizeof(bytes) - sizeof(now) ||
	    peek_read((pid_t)process->pid, g + first, bytes, end - first + sizeof(now)))
		return false;
	memcpy(&now, bytes + (layout->goid - first), sizeof(now));
	memcpy(&status, bytes + (layout->status - first), sizeof(status));
	return now != goid || (status & ~(uint32_t)G_SCAN) == G_DEAD;
}
