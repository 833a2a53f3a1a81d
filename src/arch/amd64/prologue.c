/* SPDX-License-Identifier: GPL-2.0-only */
#include "arch/amd64/amd64.h"

/* The stack check is among the first instructions; the longest form has six. */
#define PROLOGUE_INSNS 10

/*
 * The jump to morestack, behind the comparison with g.stackguard0 (stacksplit() in obj6.go):
 *
 *   small frame   cmp 0x10(%r14),%rsp                        jbe
 *   medium        lea -N(%rsp),%r12;  cmp 0x10(%r14),%r12    jbe
 *   large         mov %rsp,%r12; sub $N,%r12; jb; cmp 0x10(%r14),%r12   jbe
 *
 * Behind it stands `push %rbp`, which the kernel emulates, unless the frame is empty.
 */
struct arch_prologue amd64_prologue(const struct insn *insns, size_t count)
{
	struct arch_prologue found = {0};

	for (size_t i = 0; i + 1 < count && i < PROLOGUE_INSNS; i++) {
		const struct insn *next = &insns[i + 1];

		if (!insns[i].reads_stack_guard)
			continue;
		if (next->kind != INSN_JCC || next->cond != AMD64_CC_BE)
			break;
		found.check = next;
		if (i + 2 < count && insns[i + 2].kind == INSN_PUSH)
			found.behind = &insns[i + 2];
		break;
	}
	return found;
}
