/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unprobed: functions of the runtime that must not, or cannot sensibly, get a probe.
 *
 * Sources: Go's src/runtime/asm_amd64.s, duff_amd64.s, sys_linux_amd64.s, rt0_linux_amd64.s.
 */
#ifndef FTRACE_PLAN_UNPROBED_H
#define FTRACE_PLAN_UNPROBED_H

/* Why the function of that name is left out, or NULL when it may be probed. */
const char *unprobed_reason(const char *name);

#endif
