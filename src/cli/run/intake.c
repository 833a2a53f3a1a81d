/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/run/intake.h"

#include "cli/target/target.h"
#include "probe/probe.h"

int intake_take(const struct intake *intake, struct plan *part, uint32_t *image, struct error *err)
{
	int ret;

	if (targets_adopt(intake->targets, part, image, err))
		return 1;
	ret = intake->grow(intake->arg);
	if (ret)
		return ret;
	return probe_add(intake->probe, *image, err) ? 1 : 0;
}
