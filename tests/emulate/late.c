/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Holds what src/plan/late.c says of the code in front of a late site against a processor that runs it.
 *
 *     late EXECUTABLE...
 *
 * Each function whose entry may be seen late runs in an emulator (unicorn) from its first instruction on, a few times,
 * with registers and memory of random contents, until it calls, leaves or has run for long. The site must be come by
 * exactly once with the stack pointer as it was, and up to there no register may have changed, nor memory been written,
 * of which late_find() does not say so. One line an executable; status 1 when anything differs.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unicorn/unicorn.h>
#include <unistd.h>

#include <ftrace/regs_amd64.h>

#include "plan/plan.h"

#define PAGE       4096ull
#define TURNS      3    /* of each function */
#define INSNS_MAX  2000 /* of one turn */
#define PAGES_MAX  512  /* that one turn may touch */
#define CODE_PAGES 1024

/* By FT_REG_*; RSP is set apart. */
static const int registers[] = {
	[FT_REG_AX] = UC_X86_REG_RAX,  [FT_REG_BX] = UC_X86_REG_RBX,
	[FT_REG_CX] = UC_X86_REG_RCX,  [FT_REG_DX] = UC_X86_REG_RDX,
	[FT_REG_SI] = UC_X86_REG_RSI,  [FT_REG_DI] = UC_X86_REG_RDI,
	[FT_REG_BP] = UC_X86_REG_RBP,  [FT_REG_SP] = UC_X86_REG_RSP,
	[FT_REG_R8] = UC_X86_REG_R8,   [FT_REG_R9] = UC_X86_REG_R9,
	[FT_REG_R10] = UC_X86_REG_R10, [FT_REG_R11] = UC_X86_REG_R11,
	[FT_REG_R12] = UC_X86_REG_R12, [FT_REG_R13] = UC_X86_REG_R13,
	[FT_REG_R14] = UC_X86_REG_R14, [FT_REG_R15] = UC_X86_REG_R15,
	[FT_REG_IP] = UC_X86_REG_RIP,  [FT_REG_FLAGS] = UC_X86_REG_RFLAGS,
};

#define NREGISTERS (FT_REG_FLAGS + 1)

/* What a processor says of itself is not kept: it is no register's affair. */
#define FLAGS_ARITHMETIC 0x8d5ull

struct turn {
	const struct plan_func *func;
	uint64_t before[NREGISTERS];
	unsigned int hits;
	unsigned int pages;
	bool stored;   /* before the site */
	char why[128]; /* what differs; empty: nothing */
};

struct counts {
	size_t funcs, leaves, wrong, unreached, unknown;
};

static uint64_t state = 1;

/* xorshift64. */
static uint64_t random_word(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void read_registers(uc_engine *uc, uint64_t *to)
{
	for (int i = 0; i < NREGISTERS; i++) {
		to[i] = 0;
		uc_reg_read(uc, registers[i], &to[i]);
	}
	to[FT_REG_FLAGS] &= FLAGS_ARITHMETIC;
}

static void compare(struct turn *turn, const uint64_t *now)
{
	const struct late *late = &turn->func->late;

	for (int i = 0; i < NREGISTERS; i++)
		if (i != FT_REG_IP && now[i] != turn->before[i] && !(late->written >> i & 1))
			snprintf(turn->why, sizeof(turn->why), "register %d differs", i);
	if (turn->stored && !late->stores)
		snprintf(turn->why, sizeof(turn->why), "memory was written");
}

static void on_code(uc_engine *uc, uint64_t addr, uint32_t size, void *arg)
{
	struct turn *turn = arg;
	uint64_t now[NREGISTERS];

	(void)size;
	if (addr - turn->func->entry >= turn->func->size) {
		uc_emu_stop(uc);
		return;
	}
	if (addr != turn->func->late.addr)
		return;
	read_registers(uc, now);
	if (now[FT_REG_SP] != turn->before[FT_REG_SP])
		return;
	if (!turn->hits++)
		compare(turn, now);
	else
		snprintf(turn->why, sizeof(turn->why), "it comes by again");
}

static void on_write(uc_engine *uc, uc_mem_type type, uint64_t addr, int size, int64_t value,
		     void *arg)
{
	struct turn *turn = arg;

	(void)uc, (void)type, (void)addr, (void)size, (void)value;
	turn->stored |= !turn->hits;
}

/* Every page is there, with random contents, so that code goes this way and that. */
static bool on_unmapped(uc_engine *uc, uc_mem_type type, uint64_t addr, int size, int64_t value,
			void *arg)
{
	uint64_t words[PAGE / 8];
	struct turn *turn = arg;

	(void)type, (void)size, (void)value;
	if (turn->pages++ == PAGES_MAX || uc_mem_map(uc, addr & -PAGE, PAGE, UC_PROT_ALL))
		return false;
	for (size_t i = 0; i < PAGE / 8; i++)
		words[i] = random_word() & (random_word() & 1 ? 0x7ffffffffff8ull : 0xf);
	uc_mem_write(uc, addr & -PAGE, words, sizeof(words));
	return true;
}

static bool map_code(uc_engine *uc, const struct image *image, const struct plan_func *func)
{
	uint64_t from = func->entry & -PAGE, to = (func->entry + func->size + PAGE) & -PAGE;
	const uint8_t *code = image_code(image, func->entry, func->size);

	return code && to - from <= CODE_PAGES * PAGE &&
	       !uc_mem_map(uc, from, to - from, UC_PROT_ALL) &&
	       !uc_mem_write(uc, func->entry, code, func->size);
}

static void set_registers(uc_engine *uc, struct turn *turn)
{
	for (int i = 0; i < NREGISTERS; i++) {
		uint64_t word = random_word() & (random_word() & 3 ? 0x7ffffffffff8ull : 0xff);

		if (i == FT_REG_SP)
			word = 0x7f0000000000ull + (random_word() & 0xfff8);
		if (i == FT_REG_FLAGS)
			word = (word & FLAGS_ARITHMETIC) | 2;
		if (i != FT_REG_IP)
			uc_reg_write(uc, registers[i], &word);
	}
	read_registers(uc, turn->before);
}

static void run_turn(const struct image *image, struct turn *turn)
{
	uc_hook hooks[3];
	uc_engine *uc;

	if (uc_open(UC_ARCH_X86, UC_MODE_64, &uc)) {
		fprintf(stderr, "late: the emulator does not start\n");
		exit(2);
	}
	if (map_code(uc, image, turn->func)) {
		set_registers(uc, turn);
		uc_hook_add(uc, &hooks[0], UC_HOOK_CODE, (void *)on_code, turn, 1, 0);
		uc_hook_add(uc, &hooks[1], UC_HOOK_MEM_WRITE, (void *)on_write, turn, 1, 0);
		uc_hook_add(uc, &hooks[2], UC_HOOK_MEM_READ_UNMAPPED | UC_HOOK_MEM_WRITE_UNMAPPED,
			    (void *)on_unmapped, turn, 1, 0);
		uc_emu_start(uc, turn->func->entry, 0, 0, INSNS_MAX);
	}
	uc_close(uc);
}

enum verdict { RIGHT, WRONG, UNREACHED };

static enum verdict run(const struct image *image, const struct plan_func *func)
{
	bool reached = false;

	for (int i = 0; i < TURNS; i++) {
		struct turn turn = {.func = func};

		run_turn(image, &turn);
		reached |= turn.hits;
		if (!*turn.why)
			continue;
		printf("%s: %s\n", func->name, turn.why);
		return WRONG;
	}
	return reached ? RIGHT : UNREACHED;
}

/* In a process of its own: there is code at which the emulator aborts. */
static void check(const struct image *image, const struct plan_func *func, struct counts *counts)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		enum verdict verdict = run(image, func);

		fflush(stdout);
		_exit((int)verdict);
	}
	counts->funcs++;
	counts->leaves += func->late.leaf;
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
		counts->unknown++;
		return;
	}
	counts->wrong += WEXITSTATUS(status) == WRONG;
	counts->unreached += WEXITSTATUS(status) == UNREACHED;
}

static struct plan *plan_of(const char *path)
{
	struct selection selection = {0};
	struct plan *plan = plan_new();
	struct error err = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct image *image = fd < 0 ? NULL : image_open(fd, path, &err);

	if (!plan || !image || selection_add_glob(&selection, "*", false, &err) ||
	    plan_add(plan, image, &selection, false, &err)) {
		fprintf(stderr, "late: %s: %s\n", path, fd < 0 ? "it cannot be opened" : err.text);
		exit(2);
	}
	selection_release(&selection);
	return plan;
}

int main(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++) {
		struct plan *plan = plan_of(argv[i]);
		struct counts counts = {0};

		for (size_t j = 0; j < plan->nfuncs; j++)
			if (plan->funcs[j].late.addr)
				check(plan->images[0].image, &plan->funcs[j], &counts);
		printf("%s: %zu functions, %zu of them leaves, %zu differ, %zu never came there, "
		       "%zu stopped the emulator\n",
		       argv[i], counts.funcs, counts.leaves, counts.wrong, counts.unreached,
		       counts.unknown);
		fflush(stdout);
		status |= counts.wrong || counts.unreached + counts.unknown > counts.funcs / 10;
		plan_free(plan);
	}
	return status;
}
