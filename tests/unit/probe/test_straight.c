/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Instructions that are made of operations do what the operations say: both are run on the same registers and memory, those by
 * bpf_machine, these by fetch_vm.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>

#include "bpf_machine.h"
#include "probe/straight.h"

#define SITE     0x400000u
#define BIAS     0x10000u
#define MEMORY   0x20000u
#define TEXTS_AT 0x30000u
#define STATUSES 40
#define WORDS    24 /* slots that are filled to begin with */
#define FIRST    (8 + STATUSES)
#define SLOTS    (FIRST + 8 * WORDS)
#define ROOM     40 /* for what one operation reads */

static struct fetch_vm vm;
static struct bpf_machine machine;
static struct fetch *fetch;
static uint64_t memory[64];
static char texts[512];

static void emit(struct ft_op op)
{
	struct ft_op *at = fetch_op(fetch, op.code);

	assert_non_null(at);
	*at = op;
}

/* Small numbers, addresses of what is there and what is not, and lengths that make no sense. */
static uint64_t some_word(void)
{
	switch (rand() % 8) {
	case 0:
		return 0;
	case 1:
		return (uint64_t)rand() % (rand() % 2 ? 6 : 300);
	case 2:
		return MEMORY + (uint64_t)rand() % (sizeof(memory) + 16);
	case 3:
		return TEXTS_AT + (uint64_t)rand() % 100;
	case 4:
		return 0x123456000u;
	case 5:
		return (uint64_t)rand() << 50;
	case 6:
		return SITE + BIAS + (uint64_t)rand() % 0x20000;
	default:
		return MEMORY;
	}
}

static int begin(void **state)
{
	(void)state;
	memset(&vm, 0, sizeof(vm));
	vm.site = SITE;
	vm.pid = 412;
	vm.tid = 413;
	vm.goid = 18;
	strcpy(vm.comm, "main");
	for (size_t i = 0; i < sizeof(texts); i++)
		texts[i] = (char)('a' + i % 26);
	texts[200] = '\0';
	fetch_vm_map(&vm, MEMORY, memory, sizeof(memory));
	fetch_vm_map(&vm, TEXTS_AT, texts, sizeof(texts));
	fetch = fetch_new(arch_native());
	assert_non_null(fetch);
	fetch->nstatus = STATUSES;
	fetch->used = 3 * FT_VALUES_MAX / 4;
	fetch->sealed = true;
	return 0;
}

static int end(void **state)
{
	(void)state;
	fetch_free(fetch);
	return 0;
}

static void fill_registers(void)
{
	for (size_t i = 0; i < FT_REG_COUNT; i++)
		vm.regs[i] = some_word();
	vm.regs[FT_REG_IP] = SITE + BIAS;
}

/* All words that operations may ask for. */
static void fill_slots(void)
{
	for (uint16_t i = 0; i < WORDS; i += 8)
		emit((struct ft_op){
			.code = FT_OP_REGS,
			.reg = 8,
			.imm = (int64_t)(0x0706050403020100u + i / 8 * 0x0505050505050505u),
			.slot = (uint16_t)(FIRST + 8 * i),
			.reach = (uint16_t)(FIRST + 8 * i + 64)});
}

static void prepare_machine(void)
{
	struct ft_run *run = &machine.scratch.run;

	machine.vm = &vm;
	memset(&machine.scratch, 0xa5, sizeof(machine.scratch));
	for (size_t i = 0; i < FT_REG_COUNT; i++)
		machine.frame[arch_native()->frame[i]] = vm.regs[i];
	run->bias = BIAS;
	run->goid = vm.goid;
	run->tgid = (uint32_t)vm.pid;
	run->tid = (uint32_t)vm.tid;
	run->size = 0;
	run->away = 0;
	memset(machine.scratch.bytes + sizeof(struct ft_values), FT_V_UNREAD, STATUSES);
}

/* All at once, or those before `split` apart from the others. */
static void run_machine(size_t split)
{
	struct insns insns = {0};

	prepare_machine();
	straight_put(&insns, fetch->ops, 0, split, arch_native());
	insns_exit(&insns);
	bpf_machine_run(&machine, &insns, 0);
	insns_release(&insns);
	if (split == fetch->nops)
		return;
	straight_put(&insns, fetch->ops, split, fetch->nops, arch_native());
	insns_exit(&insns);
	bpf_machine_run(&machine, &insns, 0);
	insns_release(&insns);
}

static void compare(size_t split)
{
	uint32_t size;

	fetch_vm_run(&vm, fetch);
	run_machine(split);
	size = machine.scratch.run.size;
	if (size < fetch_least(fetch))
		size = fetch_least(fetch);
	assert_int_equal(size, vm.sent);
	/* Status 0 is nobody's. */
	assert_memory_equal(machine.scratch.bytes + sizeof(struct ft_values) + 1,
			    vm.bytes + sizeof(struct ft_values) + 1,
			    vm.sent - sizeof(struct ft_values) - 1);
}

static uint16_t some_slot(void)
{
	return (uint16_t)(FIRST + 8 * (rand() % WORDS));
}

/* One more operation. */
static void emit_some(uint16_t slot, uint8_t status)
{
	static const uint8_t codes[] = {FT_OP_REG,  FT_OP_IMM,  FT_OP_ADD,   FT_OP_BIAS,
					FT_OP_WORD, FT_OP_LOAD, FT_OP_SHIFT, FT_OP_MASK,
					FT_OP_PUT,  FT_OP_READ, FT_OP_READN, FT_OP_STR,
					FT_OP_NIL,  FT_OP_MORE, FT_OP_TASK,  FT_OP_GUESS,
					FT_OP_SAME, FT_OP_RANGE};
	struct ft_op op = {.code = codes[(size_t)rand() % sizeof(codes)], .status = status};

	op.slot = slot;
	op.len = (uint16_t)(1 + rand() % ROOM);
	op.from = some_slot();
	op.base = rand() % 2 ? some_slot() : 0;
	op.imm = rand() % 3 ? rand() % 20 : (int64_t)some_word();
	op.reg = (uint8_t)(rand() % 2);
	switch (op.code) {
	case FT_OP_REG:
		op.reg = (uint8_t)(rand() % FT_REG_COUNT);
		break;
	case FT_OP_LOAD:
		op.reg = (uint8_t)(FT_V_STEP + rand() % 3);
		break;
	case FT_OP_READN:
		op.imm = rand() % 2 ? 1 : rand() % 20;
		break;
	case FT_OP_READ:
		op.reg = 0;
		op.imm = rand() % 64;
		break;
	case FT_OP_TASK:
		op.reg = (uint8_t)(rand() % 4);
		break;
	case FT_OP_RANGE:
		op.imm = SITE;
		break;
	}
	op.reach = (uint16_t)(slot + ROOM);
	if (op.code != FT_OP_PUT && op.code != FT_OP_LOAD && op.code != FT_OP_READ &&
	    op.code != FT_OP_READN && op.code != FT_OP_STR && op.code != FT_OP_TASK &&
	    op.code != FT_OP_GUESS)
		op.slot = op.reach = 0;
	emit(op);
}

static void emit_many(size_t count, bool split)
{
	/* Now and then one goes before those that were written. */
	for (size_t i = 0; i < count; i++)
		emit_some((uint16_t)(SLOTS + ROOM * (i ^ (size_t)rand() % 2)),
			  (uint8_t)(1 + rand() % (STATUSES - 1)));
	/* The kernel side may begin anew between the two parts of them. */
	for (size_t i = 0; i < fetch->nops; i++)
		if (!split && i + 1 < fetch->nops && fetch->ops[i].code != FT_OP_REGS)
			fetch->ops[i].skip = (uint16_t)((size_t)rand() % (fetch->nops - i - 1));
}

static void test_operations(void **state)
{
	for (unsigned int seed = 1; seed <= 3000; seed++) {
		srand(seed);
		begin(state);
		for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
			memory[i] = some_word();
		fill_registers();
		fill_slots();
		emit_many(1 + (size_t)rand() % 40, false);
		compare(fetch->nops);
		end(state);
	}
}

/* A text of that place and length, at word `at` of the slots, to slot `slot`. */
static void put_text(uint16_t at, uint16_t slot, uint16_t len, uint8_t status, bool wanted)
{
	emit((struct ft_op){.code = FT_OP_READN,
			    .imm = 1,
			    .base = (uint16_t)(FIRST + 8 * at),
			    .from = (uint16_t)(FIRST + 8 * at + 8),
			    .slot = slot,
			    .len = len,
			    .reach = (uint16_t)(slot + (len + 7) / 8 * 8),
			    .status = status,
			    .reg = wanted ? FT_V_WANTED : FT_V_UNREAD});
}

static void put_number(size_t word, uint64_t number)
{
	uint16_t slot = (uint16_t)(FIRST + 8 * word);

	emit((struct ft_op){.code = FT_OP_IMM, .imm = (int64_t)number});
	emit((struct ft_op){.code = FT_OP_PUT, .slot = slot, .reach = (uint16_t)(slot + 8)});
}

static void text_words(uint64_t *words)
{
	for (size_t i = 0; i < WORDS; i += 2) {
		words[i] = TEXTS_AT + (uint64_t)rand() % 200;
		words[i + 1] = rand() % 4 ? (uint64_t)rand() % 80 : 0;
		if (rand() % 12 == 0)
			words[i + 1] = UINT64_MAX - (uint64_t)rand();
	}
}

/* Texts that lie in any order, overlap, are empty, longer than their slots, of no sensible length, or were not asked for. */
static void test_texts(void **state)
{
	uint64_t words[WORDS];

	for (unsigned int seed = 1; seed <= 3000; seed++) {
		uint16_t slot = SLOTS, ntexts = (uint16_t)(2 + seed % 8);

		srand(seed);
		begin(state);
		text_words(words);
		for (size_t i = 0; i < WORDS; i++)
			put_number(i, words[i]);
		emit((struct ft_op){.code = FT_OP_WANT, .status = 1, .reg = (uint8_t)(rand() % 5)});
		emit((struct ft_op){.code = FT_OP_TEXTS, .skip = ntexts});
		for (uint16_t i = 0; i < ntexts; i++) {
			uint16_t len = (uint16_t)(rand() % 6 ? 8 + 8 * (rand() % 8) : 300);

			put_text((uint16_t)(2 * i), slot, len, (uint8_t)(i + 1), i < 4);
			slot = (uint16_t)((slot + len + 7) / 8 * 8);
		}
		fill_registers();
		compare(fetch->nops);
		end(state);
	}
}

/* What a filter compares is read before the rest, by instructions of its own. */
static void test_parts(void **state)
{
	for (unsigned int seed = 1; seed <= 300; seed++) {
		srand(seed);
		begin(state);
		for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
			memory[i] = some_word();
		fill_registers();
		fill_slots();
		emit((struct ft_op){.code = FT_OP_READ,
				    .base = FIRST,
				    .slot = SLOTS,
				    .len = 8,
				    .reach = SLOTS + 8,
				    .status = 1});
		fetch->noperands = (size_t)rand() % (fetch->nops + 1);
		compare(fetch->noperands);
		end(state);
	}
}

/* Pages that are away may be constants of the executable; where no memory can be there are none. */
static void test_away(void **state)
{
	static const struct {
		uint64_t addr;
		uint32_t away;
	} rows[] = {{0x123456000u, 1}, {0x800, 0}, {0x900000000000u, 0}, {MEMORY, 0}, {0, 0}};

	(void)state;
	emit((struct ft_op){.code = FT_OP_REG, .reg = FT_REG_AX});
	emit((struct ft_op){
		.code = FT_OP_READ, .slot = FIRST, .len = 8, .reach = FIRST + 8, .status = 1});
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		vm.regs[FT_REG_AX] = rows[i].addr;
		compare(fetch->nops);
		assert_int_equal(machine.scratch.run.away, rows[i].away);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_parts),
		cmocka_unit_test_setup_teardown(test_away, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
