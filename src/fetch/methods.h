/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * methods: the addresses of methods by which a program at a site tells what an interface holds.
 *
 * An itab holds them, in order of their names, and the pclntab names them: a stripped executable has it too, and one
 * that lacks the method lacks such values. It does not matter whether the linker made the itab or the program while
 * it ran.
 *
 * Sources: Go's src/internal/abi/iface.go (ITab); src/net, src/context/context.go, src/crypto/tls/conn.go.
 */
#ifndef FTRACE_FETCH_METHODS_H
#define FTRACE_FETCH_METHODS_H

#include <stdint.h>

#include "fetch/error_shape.h"
#include "image/image.h"

/* The first method of that interface. */
enum held_method {
	HELD_TIMER_CTX, /* context.Context: *context.timerCtx */
	HELD_TLS_CONN,  /* net.Conn: *tls.Conn, which begins with another one */
	HELD_TCP_CONN,  /* net.Conn, net.PacketConn: a pointer to a *net.netFD ... */
	HELD_UDP_CONN,
	HELD_UNIX_CONN,
	HELD_IP_CONN,
	HELD_TCP_LISTENER, /* ... the same of a net.Listener */
	HELD_UNIX_LISTENER,
	HELD_METHODS,
};

#define HELD_FIRST_OF_NET HELD_TCP_CONN

/* Where they are in one executable: vaddr; 0: not there. */
struct methods {
	uint64_t error[ERROR_METHODS];
	uint64_t held[HELD_METHODS];
	uint8_t dns_word; /* of net.DNSError's first string: 2 since 1.23, 0 before */
};

/* Looks through the names of all functions. */
void methods_find(struct methods *methods, const struct image *img);

#endif
