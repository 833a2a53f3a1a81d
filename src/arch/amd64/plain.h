/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plain: the instructions that nearly all code consists of, without a disassembler.
 *
 * Of a body of code only lengths, branches and a few other instructions are of interest, and a
 * disassembler finds out forty times as much. What is known from prefix, opcode and ModRM alone is
 * told here at once: moves, arithmetic, scalar SSE, relative branches, `ret`: 19 of 20 instructions
 * that Go compiles. All else, and whatever might be invalid, is left to amd64_any(), with whose
 * answers these agree bit by bit. Internal to src/arch/amd64/ and its tests.
 *
 * Source: Intel SDM volume 2, chapter 2 and appendix A.
 */
#ifndef FTRACE_ARCH_AMD64_PLAIN_H
#define FTRACE_ARCH_AMD64_PLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "arch/insn.h"

/* As amd64_decode(), for plain instructions; 0 for any other, with nothing said of it. */
int amd64_plain(const uint8_t *code, size_t len, uint64_t addr, struct insn *insn);

/* As amd64_decode(), for all instructions, by the disassembler. */
int amd64_any(const uint8_t *code, size_t len, uint64_t addr, struct insn *insn);

#endif
