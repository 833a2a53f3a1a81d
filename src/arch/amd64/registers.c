/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registers of x86-64: those in which Go passes values (abi-internal.md), and all by the names that rules
 * have for them. The kernel's own spelling (arch/x86/kernel/ptrace.c: ax, r8, ip)
 * is the whole register, so `ax` is 64 bits; the assembler's names have their own widths, and no
 * name is left for the 16 bits of ax to sp.
 */
#include <string.h>

#include <ftrace/regs_amd64.h>

#include "arch/amd64/amd64.h"
#include "base/units.h"

/* DWARF numbers: System V ABI, figure "DWARF Register Number Mapping". */
static const struct arch_abi_register ints[] = {
	{"AX", 0, FT_REG_AX}, {"BX", 3, FT_REG_BX},    {"CX", 2, FT_REG_CX},
	{"DI", 5, FT_REG_DI}, {"SI", 4, FT_REG_SI},    {"R8", 8, FT_REG_R8},
	{"R9", 9, FT_REG_R9}, {"R10", 10, FT_REG_R10}, {"R11", 11, FT_REG_R11},
};

static const struct arch_abi_register floats[] = {
	{"X0", 17, 0},  {"X1", 18, 0},  {"X2", 19, 0},  {"X3", 20, 0},  {"X4", 21, 0},
	{"X5", 22, 0},  {"X6", 23, 0},  {"X7", 24, 0},  {"X8", 25, 0},  {"X9", 26, 0},
	{"X10", 27, 0}, {"X11", 28, 0}, {"X12", 29, 0}, {"X13", 30, 0}, {"X14", 31, 0},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert(COUNT(ints) + COUNT(floats) <= ARCH_ABI_REGISTERS, "room for all of a value");

/* A call has put the return address on the stack. */
const struct arch_abi amd64_abi = {
	.ints = ints,
	.floats = floats,
	.nints = COUNT(ints),
	.nfloats = COUNT(floats),
	.sp = FT_REG_SP,
	.fp = FT_REG_BP,
	.ip = FT_REG_IP,
	.closure = FT_REG_DX,
	.stack = 8,
	.cfa = 8,
};

/* Source: the kernel's arch/x86/include/uapi/asm/ptrace.h. */
const uint8_t amd64_frame[FT_REGS] = {
	[FT_REG_R15] = 0, [FT_REG_R14] = 1, [FT_REG_R13] = 2,    [FT_REG_R12] = 3,
	[FT_REG_BP] = 4,  [FT_REG_BX] = 5,  [FT_REG_R11] = 6,    [FT_REG_R10] = 7,
	[FT_REG_R9] = 8,  [FT_REG_R8] = 9,  [FT_REG_AX] = 10,    [FT_REG_CX] = 11,
	[FT_REG_DX] = 12, [FT_REG_SI] = 13, [FT_REG_DI] = 14,    [FT_REG_ORIG_AX] = 15,
	[FT_REG_IP] = 16, [FT_REG_CS] = 17, [FT_REG_FLAGS] = 18, [FT_REG_SP] = 19,
	[FT_REG_SS] = 20,
};

static const struct {
	char name[9];
	uint8_t reg, bits, shift;
} names[] = {
	{"ax", FT_REG_AX, 64, 0},
	{"rax", FT_REG_AX, 64, 0},
	{"eax", FT_REG_AX, 32, 0},
	{"al", FT_REG_AX, 8, 0},
	{"ah", FT_REG_AX, 8, 8},
	{"bx", FT_REG_BX, 64, 0},
	{"rbx", FT_REG_BX, 64, 0},
	{"ebx", FT_REG_BX, 32, 0},
	{"bl", FT_REG_BX, 8, 0},
	{"bh", FT_REG_BX, 8, 8},
	{"cx", FT_REG_CX, 64, 0},
	{"rcx", FT_REG_CX, 64, 0},
	{"ecx", FT_REG_CX, 32, 0},
	{"cl", FT_REG_CX, 8, 0},
	{"ch", FT_REG_CX, 8, 8},
	{"dx", FT_REG_DX, 64, 0},
	{"rdx", FT_REG_DX, 64, 0},
	{"edx", FT_REG_DX, 32, 0},
	{"dl", FT_REG_DX, 8, 0},
	{"dh", FT_REG_DX, 8, 8},
	{"si", FT_REG_SI, 64, 0},
	{"rsi", FT_REG_SI, 64, 0},
	{"esi", FT_REG_SI, 32, 0},
	{"sil", FT_REG_SI, 8, 0},
	{"di", FT_REG_DI, 64, 0},
	{"rdi", FT_REG_DI, 64, 0},
	{"edi", FT_REG_DI, 32, 0},
	{"dil", FT_REG_DI, 8, 0},
	{"bp", FT_REG_BP, 64, 0},
	{"rbp", FT_REG_BP, 64, 0},
	{"ebp", FT_REG_BP, 32, 0},
	{"bpl", FT_REG_BP, 8, 0},
	{"sp", FT_REG_SP, 64, 0},
	{"rsp", FT_REG_SP, 64, 0},
	{"esp", FT_REG_SP, 32, 0},
	{"spl", FT_REG_SP, 8, 0},
	{"ip", FT_REG_IP, 64, 0},
	{"rip", FT_REG_IP, 64, 0},
	{"eip", FT_REG_IP, 32, 0},
	{"flags", FT_REG_FLAGS, 64, 0},
	{"rflags", FT_REG_FLAGS, 64, 0},
	{"eflags", FT_REG_FLAGS, 32, 0},
	{"cs", FT_REG_CS, 64, 0},
	{"ss", FT_REG_SS, 64, 0},
	{"orig_ax", FT_REG_ORIG_AX, 64, 0},
	{"orig_rax", FT_REG_ORIG_AX, 64, 0},
};

/* r8 to r15, with d, w or b behind it for 32, 16 or 8 bits. */
static bool find_numbered(const char *name, size_t len, struct arch_register *found)
{
	uint64_t number;

	if (len < 2 || name[0] != 'r' || name[1] == '0')
		return false;
	found->bits = 64;
	switch (name[len - 1]) {
	case 'd':
		found->bits = 32;
		break;
	case 'w':
		found->bits = 16;
		break;
	case 'b':
		found->bits = 8;
		break;
	}
	len -= found->bits != 64;
	if (units_number(name + 1, len - 1, 10, &number) || number < 8 || number > 15)
		return false;
	found->number = (uint8_t)(FT_REG_R8 + (number - 8));
	return true;
}

bool amd64_find_register(const char *name, size_t len, struct arch_register *found)
{
	for (size_t i = 0; i < COUNT(names); i++) {
		if (strlen(names[i].name) != len || memcmp(names[i].name, name, len) != 0)
			continue;
		found->number = names[i].reg;
		found->bits = names[i].bits;
		found->shift = names[i].shift;
		return true;
	}
	return find_numbered(name, len, found);
}

void amd64_each_register(void (*each)(const char *name, void *arg), void *arg)
{
	static const char *const numbered[] = {"r8",  "r9",  "r10", "r11",
					       "r12", "r13", "r14", "r15"};

	for (size_t i = 0; i < COUNT(names); i++)
		each(names[i].name, arg);
	for (size_t i = 0; i < COUNT(numbered); i++)
		each(numbered[i], arg);
}
