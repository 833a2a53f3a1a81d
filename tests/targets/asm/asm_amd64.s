// SPDX-License-Identifier: GPL-2.0-only

#include "textflag.h"

// A frameless leaf, with two ways out.
TEXT ·tracedLeaf(SB), NOSPLIT|NOFRAME, $0-24
	MOVQ a+0(FP), AX
	ADDQ b+8(FP), AX
	JS   negative
	MOVQ AX, ret+16(FP)
	RET
negative:
	MOVQ $0, ret+16(FP)
	RET

// A frame, and the stack check that the assembler puts in.
TEXT ·tracedFrame(SB), 0, $512-16
	MOVQ a+0(FP), AX
	MOVQ AX, local-8(SP)
	ADDQ $1, AX
	MOVQ AX, ret+8(FP)
	RET

// A jump that leaves the function.
TEXT ·tracedJump(SB), NOSPLIT|NOFRAME, $0-24
	JMP ·tracedLeaf(SB)

// R14 and X15 are nothing special here: whoever takes R14 for g in the wrapper
// that is called next reads address 8.
TEXT ·tracedCallsGo(SB), 0, $16-0
	MOVQ $8, R14
	PCMPEQL X15, X15
	CALL ·tracedFromAsm(SB)
	RET
