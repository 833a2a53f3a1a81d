/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unprobed: functions that must not, or cannot sensibly, get a probe of any kind.
 *
 * Those of the runtime are known by name. Those of the FIPS 140 module are what lies in its range of code
 * (image/fips.h), whatever the build or GODEBUG says: any process may check itself at any start.
 *
 * Sources: Go's src/runtime/asm_amd64.s, duff_amd64.s, sys_linux_amd64.s, rt0_linux_amd64.s.
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
