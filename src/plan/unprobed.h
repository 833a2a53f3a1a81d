/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unprobed: functions that must not, or cannot sensibly, get a probe of any kind.
 *
 * Those of the runtime are known by name. Those of the FIPS 140 module are what lies in its range of code
 * (image/fips.h), whatever the build or GODEBUG says: any process may check itself at any start.
 *
 * An entry and its exit find each other by goroutine (or thread) and by their distance from the stack's upper bound
 * (docs/architecture.md). So a function of the runtime is left out that changes one of them in between. Others that
 * leave a stack for a while come back to it as it was (systemstack, asmcgocall, sigtrampgo, badsignal), or never
 * return (execute, park_m), which is what is told of them.
 *
 * Sources: Go's src/runtime/asm_amd64.s, duff_amd64.s, sys_linux_amd64.s, rt0_linux_amd64.s, proc.go and cgocall.go
 * (all that call setg(), or set g.stack of what they run on), cgo/asm_amd64.s, cgo/gcc_amd64.S; 1.19 to 1.27.
 */
#ifndef FTRACE_PLAN_UNPROBED_H
#define FTRACE_PLAN_UNPROBED_H

#include <stdbool.h>

#include "image/image.h"

/* Why the function is left out, or NULL when it may be probed. */
const char *unprobed_reason(const struct image_info *info, const struct image_func *func);

/* The reason is that it is of the FIPS 140 module. */
bool unprobed_is_fips(const char *reason);

#endif
