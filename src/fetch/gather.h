/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gather: texts of a program that may be read together.
 *
 * Texts are often cut out of one, and lie side by side: method, path and query of a request. Where each lies is known only
 * when all that leads to them has been read. So the READN of a text goes to the end of the program, where one operation
 * does all of them, and what stays in its place is that it is wanted:
 *
 *     NIL x skip 2; READ p; READN a; READN b   become  NIL x skip 1; READ p, which wants a, b; TEXTS of 2; READN a; READN b
 *
 * What no operation can leave out is always wanted, and nothing stays. What is read stays the same, and so do statuses;
 * but a text that is read together with others lies behind the slots (FT_V_ELSEWHERE).
 */
#ifndef FTRACE_FETCH_GATHER_H
#define FTRACE_FETCH_GATHER_H

#include <stddef.h>

#include <ftrace/fetch.h>

/* Gathers the READNs that have a base and whose `reg` is 1, of `count` operations, at most FT_PROGRAM_MAX; there is place
 * for `room`. How many operations there are then. `reg` of all READNs is what TEXTS takes it for. */
size_t fetch_gather(struct ft_op *ops, size_t count, size_t room);

#endif
