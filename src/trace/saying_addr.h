/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * saying_addr: an IP address as Go writes it; internal to src/trace/value*.c.
 *
 * Sources: Go's src/net/ip.go (IP.String), src/net/netip/netip.go; RFC 5952.
 */
#ifndef FTRACE_TRACE_SAYING_ADDR_H
#define FTRACE_TRACE_SAYING_ADDR_H

#include <stdbool.h>
#include <stddef.h>

/* "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" and the NUL. */
#define VALUE_ADDR_MAX 40

/* The address of 4 or 16 bytes; of no bytes it is "". False for any other length. */
bool value_ip(const char *bytes, size_t len, char room[VALUE_ADDR_MAX]);

#endif
