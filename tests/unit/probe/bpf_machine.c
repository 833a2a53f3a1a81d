/* SPDX-License-Identifier: GPL-2.0-only */
#include "bpf_machine.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define STEPS_MAX 100000

static uint64_t regs[MAX_BPF_REG];

static bool is_inside(const void *from, size_t size, uint64_t at, size_t len)
{
	uint64_t off = at - (uint64_t)(uintptr_t)from;

	return off <= size && len <= size - off;
}

static uint8_t *room(struct bpf_machine *m, uint64_t at, size_t len, bool write)
{
	bool frame = !write && is_inside(m->frame, sizeof(m->frame), at, len);

	assert_true(frame || is_inside(&m->scratch, sizeof(m->scratch), at, len));
	return (uint8_t *)(uintptr_t)at;
}

static size_t size_of(uint8_t code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	case BPF_W:
		return 4;
	default:
		return 8;
	}
}

static bool peek(const struct fetch_vm *vm, uint64_t addr, uint8_t *to, size_t len)
{
	for (size_t i = 0; i < vm->nregions; i++) {
		if (!is_inside(NULL, vm->regions[i].len, addr - vm->regions[i].addr, len))
			continue;
		memcpy(to, (const uint8_t *)vm->regions[i].bytes + (addr - vm->regions[i].addr),
		       len);
		return true;
	}
	return false;
}

/* As strncpy_from_user_nofault(): the length with the NUL that is always there. */
static int64_t read_str(const struct fetch_vm *vm, uint64_t addr, uint8_t *to, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!peek(vm, addr + i, &to[i], 1))
			return -EFAULT;
		if (i + 1 == len)
			to[i] = 0;
		if (!to[i])
			return (int64_t)i + 1;
	}
	return 0;
}

static void call(struct bpf_machine *m, int32_t helper)
{
	uint64_t ret = 0;
	uint8_t *to = room(m, regs[1], (size_t)regs[2], true);

	switch (helper) {
	case BPF_FUNC_probe_read_user:
		if (!peek(m->vm, regs[3], to, (size_t)regs[2]))
			ret = (uint64_t)-EFAULT;
		break;
	case BPF_FUNC_probe_read_user_str:
		ret = (uint64_t)read_str(m->vm, regs[3], to, (size_t)regs[2]);
		break;
	case BPF_FUNC_get_current_comm:
		assert_int_equal(regs[2], sizeof(m->vm->comm));
		memcpy(to, m->vm->comm, sizeof(m->vm->comm));
		break;
	default:
		fail_msg("helper %d", helper);
	}
	/* What a call leaves of them. */
	for (size_t i = 1; i <= 5; i++)
		regs[i] = 0xdeadbeefdeadbeef;
	regs[0] = ret;
}

static uint64_t calculated(uint8_t op, uint64_t a, uint64_t b)
{
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_AND:
		return a & b;
	case BPF_LSH:
		return a << (b & 63);
	case BPF_RSH:
		return a >> (b & 63);
	case BPF_MOV:
		return b;
	}
	fail_msg("arithmetic %x", op);
	return 0;
}

static bool holds(uint8_t op, uint64_t a, uint64_t b)
{
	switch (op) {
	case BPF_JA:
		return true;
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	case BPF_JSLT:
		return (int64_t)a < (int64_t)b;
	case BPF_JSLE:
		return (int64_t)a <= (int64_t)b;
	}
	fail_msg("jump %x", op);
	return false;
}

/* One that is no jump and no call; how many more it takes. */
static size_t move(struct bpf_machine *m, const struct bpf_insn *insn)
{
	uint64_t word = (uint64_t)(int64_t)insn->imm;
	size_t size = size_of(insn->code);

	switch (BPF_CLASS(insn->code)) {
	case BPF_LDX:
		word = 0;
		memcpy(&word, room(m, regs[insn->src_reg] + (uint64_t)insn->off, size, false),
		       size);
		regs[insn->dst_reg] = word;
		return 0;
	case BPF_STX:
		word = regs[insn->src_reg];
		/* fall through */
	case BPF_ST:
		memcpy(room(m, regs[insn->dst_reg] + (uint64_t)insn->off, size, true), &word, size);
		return 0;
	case BPF_ALU64:
		if (BPF_SRC(insn->code) == BPF_X)
			word = regs[insn->src_reg];
		regs[insn->dst_reg] = calculated(BPF_OP(insn->code), regs[insn->dst_reg], word);
		return 0;
	}
	assert_int_equal(insn->code, BPF_LD | BPF_IMM | BPF_DW);
	regs[insn->dst_reg] = (uint32_t)insn->imm | (uint64_t)(uint32_t)insn[1].imm << 32;
	return 1;
}

void bpf_machine_run(struct bpf_machine *m, const struct insns *insns, uint64_t number)
{
	size_t at = 0;

	assert_false(insns->failed);
	regs[1] = regs[6] = (uint64_t)(uintptr_t)m->frame;
	regs[2] = regs[7] = (uint64_t)(uintptr_t)&m->scratch;
	regs[3] = number;
	for (m->steps = 0;; m->steps++, at++) {
		const struct bpf_insn *insn = &insns->at[at];

		assert_true(at < insns->count && m->steps < STEPS_MAX);
		if (BPF_CLASS(insn->code) != BPF_JMP)
			at += move(m, insn);
		else if (BPF_OP(insn->code) == BPF_EXIT)
			return;
		else if (BPF_OP(insn->code) == BPF_CALL)
			call(m, insn->imm);
		else if (holds(BPF_OP(insn->code), regs[insn->dst_reg],
			       BPF_SRC(insn->code) == BPF_X ? regs[insn->src_reg]
							    : (uint64_t)(int64_t)insn->imm))
			at = (size_t)((ptrdiff_t)at + insn->off);
	}
}
