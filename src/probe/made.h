/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * made: what the sites read as instructions of the kernel's programs, in the place of operations that are gone through.
 *
 *     run_made(number)  ->  1: sequence 0      in ftrace_entry what entries read, in ftrace_exit what exits do,
 *                           2: sequence 3      in ftrace_leaf what leaves read, where the loop is not needed
 *
 * It takes a fraction of the time at each hit, and the verifier too is done sooner with what a few functions read than with
 * the loop. It has to follow the instructions of each sequence, though: where there are many, they are made of those that
 * most functions have, and the loop goes through the others.
 */
#ifndef FTRACE_PROBE_MADE_H
#define FTRACE_PROBE_MADE_H

#include <stdbool.h>

#include "arch/arch.h"
#include "probe/programs.h"

/* Numbers the sequences of which instructions are to be made, and says which others there are; false: none. */
bool made_choose(struct programs *programs, const struct arch *arch);

/* None are to be made after all. */
void made_forget(struct programs *programs);

struct bpf_object;

/*
 * The programs that are loaded until the next call get the instructions for `programs`; NULL: none. What is named must stay
 * until then. `object` must have been opened after the first call. 0 or a negative errno.
 */
int made_set(const struct programs *programs, const struct arch *arch,
	     const struct bpf_object *object);

#endif
