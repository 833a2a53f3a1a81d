/* SPDX-License-Identifier: GPL-2.0-only */
/* rtype_says: the types whose words are known; internal to src/trace/rtype*.c. */
#ifndef FTRACE_TRACE_RTYPE_SAYS_H
#define FTRACE_TRACE_RTYPE_SAYS_H

#include "trace/rtype.h"

/* Fills says and words, by name and shape: what the file says of the fields has to be what is expected. */
void rtype_find_says(struct rtype *type);

#endif
