/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch_vm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

void fetch_vm_map(struct fetch_vm *vm, uint64_t addr, const void *bytes, size_t len)
{
	assert_true(vm->nregions < FETCH_VM_REGIONS);
	vm->regions[vm->nregions].addr = addr;
	vm->regions[vm->nregions].bytes = bytes;
	vm->regions[vm->nregions++].len = len;
}

/* What bytes of a record are before anything is written there. */
#define UNWRITTEN 0xa5

static bool peek(const struct fetch_vm *vm, uint64_t addr, void *to, size_t len)
{
	/* That would be a pointer which nobody has put there. */
	assert_true(addr != UNWRITTEN * 0x0101010101010101u);
	for (size_t i = 0; i < vm->nregions; i++) {
		uint64_t at = addr - vm->regions[i].addr;

		if (at > vm->regions[i].len || len > vm->regions[i].len - at)
			continue;
		memcpy(to, (const char *)vm->regions[i].bytes + at, len);
		return true;
	}
	return false;
}

struct run {
	struct fetch_vm *vm;
	uint32_t size; /* of the values */
	uint64_t acc;
	uint32_t skip;
};

static uint8_t *at(const struct run *run, uint32_t place, uint32_t len)
{
	assert_true(place >= sizeof(struct ft_values) && place + len <= run->size);
	return run->vm->bytes + place;
}

static uint64_t word(const struct run *run, uint32_t place)
{
	uint64_t value;

	memcpy(&value, at(run, place, 8), 8);
	return value;
}

static void set_word(const struct run *run, uint32_t place, uint64_t value)
{
	memcpy(at(run, place, 8), &value, 8);
}

static void set_status(const struct run *run, const struct ft_op *op, uint8_t status)
{
	run->vm->bytes[sizeof(struct ft_values) + op->status] = status;
}

static void fail_op(struct run *run, const struct ft_op *op, uint8_t status)
{
	set_status(run, op, status);
	if (FT_V_IS_FAULT(status) && op->slot)
		set_word(run, op->slot, run->acc);
	run->skip = op->skip;
}

static void op_readn(struct run *run, const struct ft_op *op)
{
	uint64_t count = word(run, op->from), len = op->len;

	if (count >= FT_COUNT_MAX) {
		fail_op(run, op, FT_V_LENGTH);
		return;
	}
	if (count * (uint64_t)op->imm < len)
		len = count * (uint64_t)op->imm;
	if (len && !peek(run->vm, run->acc, at(run, op->slot, (uint32_t)len), len))
		fail_op(run, op, FT_V_FAULT);
	else
		set_status(run, op, count * (uint64_t)op->imm > op->len ? FT_V_CUT : FT_V_OK);
}

static void op_guess(struct run *run, const struct ft_op *op)
{
	uint64_t count = word(run, op->from), len;

	if (count >= FT_COUNT_MAX) {
		fail_op(run, op, FT_V_LENGTH);
		return;
	}
	len = count * 8 < op->len ? count * 8 : op->len;
	if (!len || peek(run->vm, run->acc, at(run, op->slot, (uint32_t)len), len)) {
		set_status(run, op, FT_V_OK);
		return;
	}
	len = count < op->len ? count : op->len;
	if (peek(run->vm, run->acc, at(run, op->slot, (uint32_t)len), len))
		set_status(run, op, FT_V_CUT);
	else
		fail_op(run, op, FT_V_FAULT);
}

static void op_str(struct run *run, const struct ft_op *op)
{
	uint8_t *slot = at(run, op->slot, op->len);

	for (uint32_t i = 0; i < op->len; i++) {
		if (!peek(run->vm, run->acc + i, &slot[i], 1)) {
			fail_op(run, op, FT_V_FAULT);
			return;
		}
		if (i + 1 == op->len)
			slot[i] = 0;
		if (slot[i])
			continue;
		/* The kernel cannot tell text that just fits from text that was cut. */
		set_status(run, op, i + 1 == op->len ? FT_V_CUT : FT_V_OK);
		return;
	}
}

static void op_task(struct run *run, const struct ft_op *op)
{
	const struct fetch_vm *vm = run->vm;

	if (op->reg == FT_TASK_COMM)
		memcpy(at(run, op->slot, 16), vm->comm, 16);
	else
		set_word(run, op->slot,
			 op->reg == FT_TASK_PID   ? vm->pid
			 : op->reg == FT_TASK_TID ? vm->tid
						  : vm->goid);
	set_status(run, op, FT_V_OK);
}

static void op_regs(struct run *run, const struct ft_op *op)
{
	assert_in_range(op->reg, 1, FT_REGS_MAX);
	for (unsigned int i = 0; i < op->reg; i++) {
		struct ft_op put = {.status = (uint8_t)(op->status ? op->status + i : 0)};

		run->acc = run->vm->regs[op->imm >> (8 * i) & (FT_REGS - 1)];
		set_word(run, (uint16_t)(op->slot + 8 * i), run->acc);
		set_status(run, &put, FT_V_OK);
	}
}

static void want(const struct run *run, uint32_t first, uint32_t count)
{
	assert_true(count <= FT_WANT_MAX && first + count <= FT_STATUS_MAX);
	memset(run->vm->bytes + sizeof(struct ft_values) + first, FT_V_WANTED, count);
}

static void op_read(struct run *run, const struct ft_op *op)
{
	run->acc += (uint64_t)op->imm;
	if (!peek(run->vm, run->acc, at(run, op->slot, op->len), op->len)) {
		fail_op(run, op, FT_V_FAULT);
		return;
	}
	set_status(run, op, FT_V_OK);
	want(run, op->status + 1u, FT_READ_WANTS(op->reg));
}

/* As many bytes of a text as its slot holds, 0: it is not to be read, or empty. */
static uint64_t wanted(const struct run *run, const struct ft_op *op)
{
	uint64_t count;

	if (run->vm->bytes[sizeof(struct ft_values) + op->status] != op->reg)
		return 0;
	count = word(run, op->from);
	if (count >= FT_COUNT_MAX)
		return 0;
	return count < op->len ? count : op->len;
}

struct span {
	uint64_t from, to;
	size_t texts;
};

static struct span find_span(const struct run *run, const struct ft_op *texts, size_t count)
{
	struct span span = {0};

	for (size_t i = 0; i < count; i++) {
		uint64_t len = wanted(run, &texts[i]);
		uint64_t from = len ? word(run, texts[i].base) : 0, to = from + len;

		if (!len)
			continue;
		if (run->vm->sent < texts[i].reach)
			run->vm->sent = texts[i].reach;
		if (!span.texts)
			span = (struct span){from, from, 0};
		if (from > span.to + FT_TEXTS_GAP || to + FT_TEXTS_GAP < span.from)
			continue;
		from = from < span.from ? from : span.from;
		to = to > span.to ? to : span.to;
		if (to - from <= FT_TEXTS_SPAN)
			span = (struct span){from, to, span.texts + 1};
	}
	return span;
}

static void op_texts(struct run *run, const struct ft_op *texts, size_t count)
{
	struct span span = find_span(run, texts, count);
	uint32_t place = run->vm->sent, size = (uint32_t)(span.to - span.from);

	assert_in_range(count, 2, FT_STATUS_MAX);
	if (span.texts > 1) {
		run->size += (size + 7) / 8 * 8;
		assert_true(peek(run->vm, span.from, at(run, place, size), size));
		run->vm->sent += (size + 7) / 8 * 8;
	}
	for (size_t i = 0; i < count; i++) {
		const struct ft_op *op = &texts[i];
		uint64_t len = wanted(run, op);

		assert_true(op->code == FT_OP_READN && op->base && op->imm == 1);
		run->acc = word(run, op->base);
		if (len && span.texts > 1 && run->acc >= span.from && run->acc + len <= span.to) {
			set_word(run, op->slot, place + (run->acc - span.from));
			set_status(run, op, FT_V_ELSEWHERE);
		} else if (run->vm->bytes[sizeof(struct ft_values) + op->status] == op->reg) {
			op_readn(run, op);
		}
		run->skip = 0;
	}
}

static void run_op(struct run *run, const struct ft_op *op)
{
	uint64_t value;

	if (op->base)
		run->acc = word(run, op->base);
	switch (op->code) {
	case FT_OP_REG:
		run->acc = run->vm->regs[op->reg & (FT_REGS - 1)];
		return;
	case FT_OP_IMM:
		run->acc = (uint64_t)op->imm;
		return;
	case FT_OP_ADD:
		run->acc += (uint64_t)op->imm;
		return;
	case FT_OP_BIAS:
		run->acc += run->vm->regs[FT_REG_IP] - run->vm->site;
		return;
	case FT_OP_WORD:
		run->acc = word(run, op->from);
		return;
	case FT_OP_LOAD:
		if (peek(run->vm, run->acc, &value, 8))
			run->acc = value;
		else
			fail_op(run, op, op->reg);
		return;
	case FT_OP_SHIFT:
		run->acc >>= op->imm & 63;
		return;
	case FT_OP_MASK:
		run->acc &= (uint64_t)op->imm;
		return;
	case FT_OP_PUT:
		set_word(run, op->slot, run->acc);
		set_status(run, op, FT_V_OK);
		return;
	case FT_OP_READ:
		op_read(run, op);
		return;
	case FT_OP_WANT:
		want(run, op->status, op->reg);
		return;
	case FT_OP_TEXTS:
		op_texts(run, op + 1, op->skip);
		run->skip = op->skip;
		return;
	case FT_OP_GUESS:
		op_guess(run, op);
		return;
	case FT_OP_READN:
		op_readn(run, op);
		return;
	case FT_OP_STR:
		op_str(run, op);
		return;
	case FT_OP_NIL:
		if (!run->acc)
			fail_op(run, op, FT_V_NIL);
		return;
	case FT_OP_MORE:
		if ((int64_t)word(run, op->from) <= op->imm)
			fail_op(run, op, FT_V_INDEX);
		return;
	case FT_OP_TASK:
		op_task(run, op);
		return;
	case FT_OP_REGS:
		op_regs(run, op);
		return;
	case FT_OP_SAME:
		if (run->acc - (uint64_t)op->imm == run->vm->regs[FT_REG_IP] - run->vm->site)
			run->skip = op->skip;
		return;
	case FT_OP_RANGE:
		if (op->reg && !run->acc)
			fail_op(run, op, FT_V_NIL);
		else if (run->acc - (uint64_t)op->imm - (run->vm->regs[FT_REG_IP] - run->vm->site) <
			 (uint64_t)op->len * FT_RANGE_UNIT)
			run->skip = op->skip;
		return;
	}
	fail_msg("operation %u", op->code);
}

void fetch_vm_run(struct fetch_vm *vm, const struct fetch *fetch)
{
	struct run run = {.vm = vm, .size = fetch_size(fetch)};

	assert_true(fetch->sealed && run.size <= FT_VALUES_MAX && run.size % 8 == 0);
	vm->sent = fetch_least(fetch);
	memset(vm->bytes, UNWRITTEN, sizeof(vm->bytes));
	memset(vm->bytes + sizeof(struct ft_values), FT_V_UNREAD, fetch->nstatus);
	for (size_t i = 0; i < fetch->nops; i++) {
		assert_true(i + fetch->ops[i].skip < fetch->nops);
		if (run.skip) {
			run.skip--;
			continue;
		}
		if (vm->sent < fetch->ops[i].reach)
			vm->sent = fetch->ops[i].reach;
		run_op(&run, &fetch->ops[i]);
	}
	assert_true(vm->sent <= run.size);
	memset(vm->bytes + vm->sent, UNWRITTEN, sizeof(vm->bytes) - vm->sent);
}

uint8_t fetch_vm_status(const struct fetch_vm *vm, uint8_t number)
{
	return number ? vm->bytes[sizeof(struct ft_values) + number] : FT_V_OK;
}
