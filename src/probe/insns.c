/* SPDX-License-Identifier: GPL-2.0-only */
#include "probe/insns.h"

#include <stdlib.h>

#include "base/vec.h"

static void put(struct insns *insns, uint8_t code, uint8_t dst, uint8_t src, uint32_t offset,
		uint32_t number)
{
	struct bpf_insn *at =
		insns->failed ? NULL : vec_push(&insns->at, &insns->count, &insns->cap);

	if (!at || offset > INT16_MAX) {
		insns->failed = true;
		return;
	}
	*at = (struct bpf_insn){
		.code = code,
		.dst_reg = dst,
		.src_reg = src,
		.off = (__s16)offset,
		.imm = (__s32)number,
	};
}

void insns_load(struct insns *insns, uint8_t size, uint8_t dst, uint8_t base, uint32_t offset)
{
	put(insns, BPF_LDX | BPF_MEM | size, dst, base, offset, 0);
}

void insns_store(struct insns *insns, uint8_t size, uint8_t base, uint32_t offset, uint8_t src)
{
	put(insns, BPF_STX | BPF_MEM | size, base, src, offset, 0);
}

void insns_store_number(struct insns *insns, uint8_t size, uint8_t base, uint32_t offset,
			uint32_t number)
{
	put(insns, BPF_ST | BPF_MEM | size, base, 0, offset, number);
}

void insns_number(struct insns *insns, uint8_t op, uint8_t dst, int32_t number)
{
	put(insns, BPF_ALU64 | BPF_K | op, dst, 0, 0, (uint32_t)number);
}

void insns_reg(struct insns *insns, uint8_t op, uint8_t dst, uint8_t src)
{
	put(insns, BPF_ALU64 | BPF_X | op, dst, src, 0, 0);
}

void insns_word(struct insns *insns, uint8_t dst, uint64_t word)
{
	if ((uint64_t)(int32_t)word == word) {
		insns_number(insns, BPF_MOV, dst, (int32_t)word);
		return;
	}
	put(insns, BPF_LD | BPF_IMM | BPF_DW, dst, 0, 0, (uint32_t)word);
	put(insns, 0, 0, 0, 0, (uint32_t)(word >> 32));
}

void insns_call(struct insns *insns, uint32_t helper)
{
	put(insns, BPF_JMP | BPF_CALL, 0, 0, 0, helper);
}

void insns_exit(struct insns *insns)
{
	put(insns, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

size_t insns_jump(struct insns *insns)
{
	put(insns, BPF_JMP | BPF_JA, 0, 0, 0, 0);
	return insns->count - 1;
}

size_t insns_jump_if(struct insns *insns, uint8_t op, uint8_t dst, int32_t number)
{
	put(insns, BPF_JMP | BPF_K | op, dst, 0, 0, (uint32_t)number);
	return insns->count - 1;
}

size_t insns_jump_if_reg(struct insns *insns, uint8_t op, uint8_t dst, uint8_t src)
{
	put(insns, BPF_JMP | BPF_X | op, dst, src, 0, 0);
	return insns->count - 1;
}

void insns_land(struct insns *insns, size_t jump)
{
	insns_lead(insns, jump, insns->count);
}

void insns_lead(struct insns *insns, size_t jump, size_t target)
{
	int64_t off = (int64_t)target - (int64_t)jump - 1;

	if (insns->failed)
		return;
	if (off < INT16_MIN || off > INT16_MAX)
		insns->failed = true;
	else
		insns->at[jump].off = (__s16)off;
}

void insns_release(struct insns *insns)
{
	free(insns->at);
	*insns = (struct insns){0};
}
