# SPDX-License-Identifier: GPL-2.0-only
#
# Debug information that no compiler writes, for the unit test of the DWARF reader: an out-of-line
# function that lists a part of its abstract function's parameters in another order, and types
# that cannot be. The unit has no ranges, so that its functions are found only by looking everywhere.

	.macro	die abbrev, name, size=-1
	.uleb128 \abbrev
	.asciz	"\name"
	.if	\size >= 0
	.byte	\size
	.endif
	.endm

	.macro	ref label
	.long	\label - info
	.endm

	.macro	field name, offset, type
	die	4, "\name"
	.byte	\offset
	ref	\type
	.endm

	.section .debug_abbrev, "", @progbits
	.macro	abbrev number, tag, children
	.uleb128 \number, \tag
	.byte	\children
	.endm
	.macro	attr name, form
	.uleb128 \name, \form
	.endm

	abbrev	1, 0x11, 1	# compile_unit: name, language
	attr	0x03, 0x08
	attr	0x13, 0x0b
	attr	0, 0
	abbrev	2, 0x24, 0	# base_type: name, byte_size, go_kind
	attr	0x03, 0x08
	attr	0x0b, 0x0b
	attr	0x2900, 0x0b
	attr	0, 0
	abbrev	3, 0x13, 1	# structure_type: name, byte_size
	attr	0x03, 0x08
	attr	0x0b, 0x0b
	attr	0, 0
	abbrev	4, 0x0d, 0	# member: name, data_member_location, type
	attr	0x03, 0x08
	attr	0x38, 0x0b
	attr	0x49, 0x13
	attr	0, 0
	abbrev	5, 0x16, 0	# typedef: name, type
	attr	0x03, 0x08
	attr	0x49, 0x13
	attr	0, 0
	abbrev	6, 0x2e, 1	# subprogram: name
	attr	0x03, 0x08
	attr	0, 0
	abbrev	7, 0x05, 0	# formal_parameter: name, type
	attr	0x03, 0x08
	attr	0x49, 0x13
	attr	0, 0
	abbrev	8, 0x2e, 1	# subprogram: abstract_origin, low_pc
	attr	0x31, 0x13
	attr	0x11, 0x01
	attr	0, 0
	abbrev	9, 0x05, 0	# formal_parameter: abstract_origin
	attr	0x31, 0x13
	attr	0, 0
	abbrev	10, 0x01, 1	# array_type: name, byte_size, type
	attr	0x03, 0x08
	attr	0x0b, 0x0b
	attr	0x49, 0x13
	attr	0, 0
	abbrev	11, 0x21, 0	# subrange_type: count
	attr	0x37, 0x07
	attr	0, 0
	.byte	0

	.section .debug_info, "", @progbits
info:
	.long	end - version
version:
	.short	4
	.long	0
	.byte	8
	die	1, "main", 0x16

int:	die	2, "int", 8
	.byte	2
narrow:	die	2, "narrow", 4	# an int of four bytes
	.byte	2
nokind:	die	2, "nokind", 8	# Go has no kind 31
	.byte	31

good:	die	3, "good", 16
	field	"a", 0, int
	field	"b", 8, int
	.byte	0
self:	die	3, "self", 8	# contains itself
	field	"a", 0, self
	.byte	0
ping:	die	3, "ping", 8	# and so by way of another
	field	"a", 0, pong
	.byte	0
pong:	die	3, "pong", 8
	field	"a", 0, ping
	.byte	0
over:	die	3, "over", 16	# b begins in a
	field	"a", 0, int
	field	"b", 4, int
	.byte	0
out:	die	3, "out", 12	# b ends behind it
	field	"a", 0, int
	field	"b", 8, int
	.byte	0
loop:	die	5, "loop"	# is itself
	ref	loop
wrap:	die	10, "wrap", 16	# 2^61 + 2 elements
	ref	int
	.uleb128 11
	.quad	0x2000000000000002
	.byte	0
short:	die	10, "short", 16	# three elements do not go into it
	ref	int
	.uleb128 11
	.quad	3
	.byte	0
array:	die	10, "array", 16
	ref	int
	.uleb128 11
	.quad	2
	.byte	0

abstract:
	die	6, "main.f"
f.a:	die	7, "a"
	ref	int
f.b:	die	7, "b"
	ref	good
f.c:	die	7, "c"
	ref	int
f.d:	die	7, "d"
	ref	int
	.byte	0

	.uleb128 8		# d, _, b: a and c are not listed
	ref	abstract
	.quad	0x1000
	.uleb128 9
	ref	f.d
	die	7, "_"
	ref	int
	.uleb128 9
	ref	f.b
	.byte	0

	.uleb128 8		# _, a, c
	ref	abstract
	.quad	0x2000
	die	7, "_"
	ref	int
	.uleb128 9
	ref	f.a
	.uleb128 9
	ref	f.c
	.byte	0

	.byte	0
end:
