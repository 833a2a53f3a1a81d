// SPDX-License-Identifier: GPL-2.0-only

#define NOSPLIT 4

TEXT ·toRet(SB), NOSPLIT, $0-0
	MOVQ 8(AX), AX
	RET

TEXT ·toRetStores(SB), NOSPLIT, $0-0
	MOVQ BX, 8(AX)
	RET

TEXT ·onlyRet(SB), NOSPLIT, $0-0
	RET

TEXT ·toTail(SB), NOSPLIT, $0-0
	MOVQ BX, CX
	JMP ·onlyRet(SB)

TEXT ·toBranch(SB), NOSPLIT, $0-0
	MOVQ (AX), CX
	TESTQ CX, CX
	JEQ done
	INCQ DX
done:
	RET

TEXT ·toCall(SB), NOSPLIT, $0-0
	MOVQ BX, CX
	CALL ·onlyRet(SB)
	RET

// Seen again each time around.
TEXT ·loopsBefore(SB), NOSPLIT, $0-0
	MOVQ BX, CX
again:
	DECQ CX
	JNE again
	RET

TEXT ·loopsBehind(SB), NOSPLIT, $0-0
	MOVQ BX, CX
	TESTQ CX, CX
	JEQ done
again:
	DECQ CX
	JNE again
done:
	RET

// Where a table leads is not known.
TEXT ·byTable(SB), NOSPLIT, $0-0
	MOVQ BX, CX
	TESTQ CX, CX
	JEQ done
	JMP (AX)(CX*8)
done:
	RET

TEXT ·changesSP(SB), NOSPLIT, $0-0
	SUBQ $8, SP
	ADDQ $8, SP
	RET

TEXT ·changesBP(SB), NOSPLIT, $0-0
	XORL BP, BP
	RET

TEXT ·callsKernel(SB), NOSPLIT, $0-0
	MOVQ BX, AX
	SYSCALL
	RET

// Code behind the end, which has another.
TEXT ·twoEnds(SB), NOSPLIT, $0-0
	MOVQ BX, AX
	RET
	MOVQ CX, AX
	RET

// Cheap as it is.
TEXT ·begins(SB), NOSPLIT, $0-0
	PUSHQ AX
	POPQ AX
	RET
