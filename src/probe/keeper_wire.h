/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keeper_wire: what ftrace and its keeper say to each other, on a stream socket; internal to src/probe.
 *
 *     ATTACH  request + {program, file} as SCM_RIGHTS, count struct keeper_site   ->  answer: first link's number
 *     DETACH  request, count uint32_t; with count 0 all                           ->  answer
 *     PID     request, one uint32_t                                               ->  answer: a PID
 *
 * Before the last answer to a request there may be some with KEEPER_PROGRESS. The first answer of all, which
 * nobody asked for, has the keeper's PID. Both ends are one executable: no version, no byte order.
 */
#ifndef FTRACE_PROBE_KEEPER_WIRE_H
#define FTRACE_PROBE_KEEPER_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum keeper_op { KEEPER_ATTACH = 1, KEEPER_DETACH, KEEPER_PID };

struct keeper_request {
	uint32_t op; /* enum keeper_op */
	uint32_t count;
	int32_t pid;    /* ATTACH */
	uint32_t multi; /* ATTACH */
};

struct keeper_site {
	uint64_t offset;
	uint64_t cookie;
};

enum keeper_answer_kind { KEEPER_DONE, KEEPER_PROGRESS };

struct keeper_answer {
	uint32_t kind; /* enum keeper_answer_kind */
	int32_t code;  /* 0 or a negative errno */
	uint64_t value;
};

/* Whole messages on a blocking socket: 0, -EPIPE at its end, or another negative errno. */
int keeper_send(int fd, const void *bytes, size_t len);
int keeper_receive(int fd, void *bytes, size_t len);

#endif
