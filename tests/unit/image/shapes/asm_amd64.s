// SPDX-License-Identifier: GPL-2.0-only

#include "textflag.h"

// func asmadd(a int, b int32, s string) (r int64)
TEXT ·asmadd(SB), NOSPLIT, $0-40
	MOVQ	a+0(FP), AX
	MOVQ	AX, r+32(FP)
	RET
