/* SPDX-License-Identifier: GPL-2.0-only */
#include "plan/states.h"

const char *state_name(unsigned int state)
{
	static const char *const names[FT_G_STATES] = {
		[FT_G_IDLE] = "idle",         [FT_G_RUNNABLE] = "runnable",
		[FT_G_RUNNING] = "running",   [FT_G_SYSCALL] = "syscall",
		[FT_G_WAITING] = "waiting",   [FT_G_DEAD] = "dead",
		[FT_G_COPYSTACK] = "running", [FT_G_PREEMPTED] = "preempted",
		[FT_G_LEAKED] = "leaked",     [FT_G_DEADEXTRA] = "deadextra",
	};

	return state < FT_G_STATES ? names[state] : NULL;
}
