/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/identify.h"

#include <stdlib.h>
#include <string.h>

#include "base/peek.h"
#include "cli/procfs.h"

/* Source: Go's src/runtime/runtime2.go, _Gdead and _Gscan. */
#define G_DEAD 6
#define G_SCAN 0x1000

int identify_process(const struct identify *identify, struct process *process,
		     const struct ft_record *first)
{
	const struct plan *plan = identify->plan;
	const struct image_info *info;
	uint64_t offset;

	process->image =
		first->kind && first->site < plan->nsites ? plan->sites[first->site].image : 0;
	info = image_info(plan->images[process->image].image);
	/* Not what /proc/PID/exe says: the process may have ended, or run something else by now. */
	process->exe = procfs_file(image_fd(plan->images[process->image].image));
	if (!process->exe)
		process->exe = strdup(info->path);
	process->nspid = procfs_nspid((pid_t)process->pid);
	process->go = info->go_version;
	process->build_id = info->build_id;
	process->whole = identify->started && process->pid == (uint32_t)identify->started;
	if (info->pie && !image_offset(plan->images[process->image].image, info->text, &offset))
		process->bias =
			procfs_bias((pid_t)process->pid, info->dev, info->ino, info->text, offset);
	return 0;
}

bool identify_is_gone(const struct identify *identify, const struct process *process, uint64_t g,
		      uint64_t goid)
{
	const struct goroutine_layout *layout = &identify->plan->images[process->image].goroutine;
	uint32_t status;
	uint64_t now;

	if (peek_read((pid_t)process->pid, g + layout->goid, &now, sizeof(now)) ||
	    peek_read((pid_t)process->pid, g + layout->status, &status, sizeof(status)))
		return false;
	return now != goid || (status & ~(uint32_t)G_SCAN) == G_DEAD;
}
