/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fetch_memory: the memory of a process that runs tests/unit/fetch/values, made up.
 *
 *     0x1000 a main.student      0x2000 its *base        0x3000 a map of 3    0x3100 a channel, 2 of 8
 *     0x3200 a [3]int32          0x4000 four C strings   0x5000 "hello"       0x5100 "zhang"
 *     0x6000 "tag"               0x7000 the stack        0x8000 two students  0x9000 300 times 'x'
 */
#ifndef TESTS_PLAN_FETCH_MEMORY_H
#define TESTS_PLAN_FETCH_MEMORY_H

#include "fetch_vm.h"

/* main.student as the compiler lays it out. */
struct student {
	uint64_t base;
	uint64_t name, name_len;
	int64_t named_both, other_both;
	int16_t blank;
	int8_t age;
	uint8_t small;
	uint32_t pad;
	double f;
	uint64_t next;
	uint64_t kids, kids_len, kids_cap;
	int16_t marks[3], pad2;
	uint64_t props;
	uint64_t err, err_data;
};

extern struct student fetch_memory_student;
extern uint64_t fetch_memory_stack[256];

/* Empties `vm` and fills it: pid 412, tid 413, goid 18, comm "main", SP on the stack, and a site of
 * that address in a file that is loaded `bias` further on. */
void fetch_memory_set(struct fetch_vm *vm, uint64_t site, uint64_t bias);

/* Registers by the ABI's order: AX BX CX DI SI R8 R9 R10 R11. */
void fetch_memory_ints(struct fetch_vm *vm, const uint64_t *values, size_t count);

#endif
