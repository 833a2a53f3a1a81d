// SPDX-License-Identifier: GPL-2.0-only

#include "textflag.h"

// Ends in another function.
TEXT ·assembled(SB), NOSPLIT, $0-16
	JMP ·further(SB)

TEXT ·further(SB), NOSPLIT, $0-16
	MOVQ n+0(FP), AX
	MOVQ AX, ret+8(FP)
	RET
