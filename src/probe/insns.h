/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * insns: BPF instructions, put one behind the other.
 *
 * Without any the struct is all zero; insns_release(). Where memory is out, or a jump is too long, `failed` is set and
 * what is there is of no use; nothing else has to be asked. All arithmetic is of 64 bits.
 *
 * Source: the kernel's Documentation/bpf/standardization/instruction-set.rst.
 */
#ifndef FTRACE_PROBE_INSNS_H
#define FTRACE_PROBE_INSNS_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct insns {
	struct bpf_insn *at;
	size_t count, cap;
	bool failed;
};

/* `size` is BPF_B, BPF_H, BPF_W or BPF_DW; `base` is a register, and memory is at base + offset. */
void insns_load(struct insns *insns, uint8_t size, uint8_t dst, uint8_t base, uint32_t offset);
void insns_store(struct insns *insns, uint8_t size, uint8_t base, uint32_t offset, uint8_t src);
void insns_store_number(struct insns *insns, uint8_t size, uint8_t base, uint32_t offset,
			uint32_t number);

/* dst = dst `op` number, or src; `op` is BPF_ADD and its like, BPF_MOV among them. */
void insns_number(struct insns *insns, uint8_t op, uint8_t dst, int32_t number);
void insns_reg(struct insns *insns, uint8_t op, uint8_t dst, uint8_t src);

/* dst = word */
void insns_word(struct insns *insns, uint8_t dst, uint64_t word);

void insns_call(struct insns *insns, uint32_t helper);
void insns_exit(struct insns *insns);

/* A jump, when dst `op` number (sign-extended), or src; its index, for insns_land(). */
size_t insns_jump(struct insns *insns);
size_t insns_jump_if(struct insns *insns, uint8_t op, uint8_t dst, int32_t number);
size_t insns_jump_if_reg(struct insns *insns, uint8_t op, uint8_t dst, uint8_t src);

/* That jump leads to what is put next, or to instruction `target`. */
void insns_land(struct insns *insns, size_t jump);
void insns_lead(struct insns *insns, size_t jump, size_t target);

void insns_release(struct insns *insns);

#endif
