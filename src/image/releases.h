/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * releases: the releases of Go whose own layouts are known, by what stands behind "1.". What is older is refused; of
 * what is newer only debug information tells.
 */
#ifndef FTRACE_IMAGE_RELEASES_H
#define FTRACE_IMAGE_RELEASES_H

#include <stdbool.h>

#define GO_OLDEST 19
#define GO_NEWEST 27

static inline bool go_is_known(int minor)
{
	return minor >= GO_OLDEST && minor <= GO_NEWEST;
}

#endif
