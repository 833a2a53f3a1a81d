/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nameless: a temporary file without a name, which goes whatever happens.
 */
#ifndef FTRACE_BASE_NAMELESS_H
#define FTRACE_BASE_NAMELESS_H

/* In TMPDIR, or /tmp, to be read and written. The descriptor, or a negative errno. */
int nameless_open(void);

#endif
