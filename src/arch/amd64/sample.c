/* SPDX-License-Identifier: GPL-2.0-only */
#include "arch/amd64/amd64.h"

#if defined(__x86_64__)

void amd64_sample_call(void);
extern const char amd64_sample_push[], amd64_sample_ret[];

/* arch/x86/kernel/uprobes.c: push is emulated, ret is stepped. */
asm(".pushsection .text\n"
    ".globl amd64_sample_call, amd64_sample_push, amd64_sample_ret\n"
    ".type amd64_sample_call, @function\n"
    "amd64_sample_call:\n"
    "amd64_sample_push: push %rbp\n"
    "	pop %rbp\n"
    "amd64_sample_ret: ret\n"
    ".size amd64_sample_call, . - amd64_sample_call\n"
    ".popsection\n");

const struct arch_sample amd64_sample = {
	.call = amd64_sample_call,
	.emulated = amd64_sample_push,
	.stepped = amd64_sample_ret,
};

#endif
