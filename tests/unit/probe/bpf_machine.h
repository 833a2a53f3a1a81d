/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bpf_machine: carries out the few BPF instructions that src/probe/insns.h makes, on a frame of registers, a scratch and the memory
 * of a fetch_vm.
 *
 * Fails the test where an instruction reaches beyond the frame and the scratch, is not known, or the program does not end.
 */
#ifndef TESTS_PROBE_BPF_MACHINE_H
#define TESTS_PROBE_BPF_MACHINE_H

#include <ftrace/scratch.h>

#include "fetch/fetch_vm.h"
#include "probe/insns.h"

struct bpf_machine {
	const struct fetch_vm *vm; /* memory and comm */
	uint64_t frame[32];        /* struct pt_regs */
	struct ft_scratch scratch;
	size_t steps; /* of the last run */
};

/* Runs until it exits, with `r6` the frame and `r7` the scratch, or these two as the first arguments and `number` as the third. */
void bpf_machine_run(struct bpf_machine *machine, const struct insns *insns, uint64_t number);

#endif
