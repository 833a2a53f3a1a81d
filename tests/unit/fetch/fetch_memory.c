/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch_memory.h"

#include <string.h>

static const uint64_t base_words[] = {77, 0x6000, 3};
static const char word_text[] = "hello";
static const char name_text[] = "zhang\0\xff";
static const char tag_text[] = "tag";
static const uint64_t map_words[] = {3, 0};
static const uint64_t chan_words[] = {2, 8};
static const int32_t triple[] = {-1, -2, -3};
static const uint64_t pointers[] = {0x5000, 0, 0x666, 0x5100};
uint64_t fetch_memory_stack[256];
static const struct student kids[2] = {{.age = 9}, {.age = -10}};
struct student fetch_memory_student = {
	.base = 0x2000,
	.name = 0x5100,
	.name_len = 5,
	.named_both = 1,
	.other_both = 2,
	.age = -7,
	.small = 200,
	.f = 1.5,
	.next = 0,
	.kids = 0x8000,
	.kids_len = 2,
	.kids_cap = 2,
	.marks = {-1, 20, 300},
	.props = 0x3000,
};
static char manyx[300];

_Static_assert(sizeof(struct student) == 120, "as in Go");

void fetch_memory_set(struct fetch_vm *vm, uint64_t site, uint64_t bias)
{
	memset(fetch_memory_stack, 0, sizeof(fetch_memory_stack));
	memset(manyx, 'x', sizeof(manyx));
	memset(vm, 0, sizeof(*vm));
	vm->site = site;
	vm->regs[FT_REG_IP] = site + bias;
	vm->regs[FT_REG_SP] = 0x7000;
	vm->pid = 412;
	vm->tid = 413;
	vm->goid = 18;
	strcpy(vm->comm, "main");
	fetch_memory_stack[0] = 0x4b2c80;
	fetch_memory_stack[1] = 0x1122334455667788;
	fetch_vm_map(vm, 0x1000, &fetch_memory_student, sizeof(fetch_memory_student));
	fetch_vm_map(vm, 0x2000, base_words, sizeof(base_words));
	fetch_vm_map(vm, 0x3000, map_words, sizeof(map_words));
	fetch_vm_map(vm, 0x3100, chan_words, sizeof(chan_words));
	fetch_vm_map(vm, 0x3200, triple, sizeof(triple));
	fetch_vm_map(vm, 0x4000, pointers, sizeof(pointers));
	fetch_vm_map(vm, 0x5000, word_text, sizeof(word_text));
	fetch_vm_map(vm, 0x5100, name_text, sizeof(name_text));
	fetch_vm_map(vm, 0x6000, tag_text, sizeof(tag_text));
	fetch_vm_map(vm, 0x7000, fetch_memory_stack, sizeof(fetch_memory_stack));
	fetch_vm_map(vm, 0x8000, kids, sizeof(kids));
	fetch_vm_map(vm, 0x9000, manyx, sizeof(manyx));
}

void fetch_memory_ints(struct fetch_vm *vm, const uint64_t *values, size_t count)
{
	static const uint8_t order[] = {FT_REG_AX, FT_REG_BX, FT_REG_CX,  FT_REG_DI, FT_REG_SI,
					FT_REG_R8, FT_REG_R9, FT_REG_R10, FT_REG_R11};

	for (size_t i = 0; i < count; i++)
		vm->regs[order[i]] = values[i];
}
