/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/reading/opening.h"

static int open_all(struct watched *watched, void *arg, struct error *err)
{
	struct opening *opening = arg;
	int ret;

	opening->targets.watched = watched;
	ret = targets_open(&opening->targets, opening->opt, err);
	opening->targets.watched = NULL;
	if (!ret && opening->more)
		ret = opening->more(&opening->targets, opening->arg, err);
	return ret;
}

int opening_run(struct opening *opening, struct error *err)
{
	opening->watched = (struct watched){.work = open_all, .arg = opening};
	return watched_run(&opening->watched, &opening->running, err);
}
