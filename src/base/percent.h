/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * percent: text in which `%2C` stands for a byte (RFC 3986, 2.1).
 */
#ifndef FTRACE_BASE_PERCENT_H
#define FTRACE_BASE_PERCENT_H

#include <stddef.h>

#include "base/buf.h"

/* Appends what it stands for; a `%` that no two hexadecimal digits follow stands for itself. */
void percent_decode(struct buf *buf, const char *text, size_t len);

#endif
