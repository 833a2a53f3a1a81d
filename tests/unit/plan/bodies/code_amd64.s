// SPDX-License-Identifier: GPL-2.0-only

#define NOSPLIT 4

TEXT ·plain(SB), NOSPLIT, $0-0
	NOP
	RET

// A tail call.
TEXT ·jumps(SB), NOSPLIT, $0-0
	XORL AX, AX
	JMP ·plain(SB)

// One that is taken now and then: the assembler has no such jump, so 64 bytes back it is.
TEXT ·jumpsIf(SB), NOSPLIT, $0-0
	TESTQ AX, AX
	BYTE $0x74
	BYTE $0xc0
	RET

TEXT ·jumpsByTable(SB), NOSPLIT, $0-0
	JMP (AX)(CX*8)
	RET

TEXT ·jumpsByRegister(SB), NOSPLIT, $0-0
	JMP AX

// With its frame still there a jump through a register stays inside, as far as one can tell.
TEXT ·jumpsLater(SB), NOSPLIT, $16-0
	JMP AX
	RET

TEXT ·loops(SB), NOSPLIT, $0-0
again:
	DECQ AX
	JNE again
	RET

TEXT ·undecodable(SB), NOSPLIT, $0-0
	BYTE $0x90
	BYTE $0x06
	RET

// The jump goes one byte into the move behind it.
TEXT ·intoTheMiddle(SB), NOSPLIT, $0-0
	BYTE $0xeb
	BYTE $0x01
	MOVL $1, AX
	RET

TEXT ·trap(SB), NOSPLIT, $0-0
	BYTE $0xcc
	RET
