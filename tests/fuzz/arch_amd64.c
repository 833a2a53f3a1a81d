/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Any bytes as code: what is told of an instruction without the disassembler is what it would say.
 */
#include <stdbool.h>

#include "check.h"
#include "arch/amd64/plain.h"

#define ADDR 0x401000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold_against(const uint8_t *code, size_t size, const struct insn *plain)
{
	struct insn insn = {0};

	check(amd64_any(code, size, ADDR, &insn) == plain->len);
	check(plain->addr == insn.addr && plain->target == insn.target);
	check(plain->kind == insn.kind && plain->cond == insn.cond);
	check(plain->probeable == insn.probeable && plain->emulated == insn.emulated);
	check(plain->scaled_index == insn.scaled_index);
	check(plain->plain_return == insn.plain_return);
	check(plain->reads_stack_guard == insn.reads_stack_guard);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t at = 0; at < size;) {
		struct insn insn = {0};
		int length = amd64_plain(data + at, size - at, ADDR, &insn);

		check(length >= 0 && (size_t)length <= size - at);
		if (length)
			hold_against(data + at, size - at, &insn);
		else
			length = amd64_any(data + at, size - at, ADDR, &insn);
		at += length > 0 ? (size_t)length : 1;
	}
	return 0;
}
