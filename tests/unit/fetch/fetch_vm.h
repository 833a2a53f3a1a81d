/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fetch_vm: runs the operations of a fetch in the test, on registers and memory that the test makes
 * up, as ftrace/fetch.h describes them.
 *
 * Memory is what fetch_vm_map() put there; everything else faults. The bytes mapped stay the
 * caller's. What the record would hold is in `bytes`, filled with rubbish before each run.
 */
#ifndef TESTS_PLAN_FETCH_VM_H
#define TESTS_PLAN_FETCH_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ftrace/regs_amd64.h>

#include "base/buf.h"
#include "fetch/fetch.h"

#define FETCH_VM_REGIONS 32

struct fetch_vm {
	uint64_t regs[FT_REGS]; /* by FT_REG_* */
	uint64_t site;          /* address of the site in the file; its load bias is IP minus it */
	uint64_t pid, tid, goid;
	char comm[16];
	struct {
		uint64_t addr;
		const void *bytes;
		size_t len;
	} regions[FETCH_VM_REGIONS];
	size_t nregions;
	uint8_t bytes[2 * FT_VALUES_MAX];
	size_t sent; /* of these; the others are rubbish again */
};

void fetch_vm_map(struct fetch_vm *vm, uint64_t addr, const void *bytes, size_t len);

/* Runs a sealed fetch. Fails the test when an operation leaves the bounds of the record. */
void fetch_vm_run(struct fetch_vm *vm, const struct fetch *fetch);

uint8_t fetch_vm_status(const struct fetch_vm *vm, uint8_t number);

/* The value of an item as text: 3, "abc", {x:1, y:<in X0>}, &{...}, <unreadable 0x10>, <nil>. */
void fetch_vm_print(const struct fetch_vm *vm, const struct fetch_item *item, struct buf *buf);

#endif
