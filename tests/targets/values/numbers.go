// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"math"

	. "targets/values/expect"
)

//go:noinline
func signed(a int8, b int16, c int32, d int64, e int) (int8, int16, int32, int64, int) {
	return -a, -b, -c, -d, -e
}

//go:noinline
func unsigned(a uint8, b uint16, c uint32, d uint64, e uint, f uintptr) (v uint8, w uint16, x uint32,
	y uint64, z uint, p uintptr) {
	return ^a, ^b, ^c, ^d, ^e, ^f
}

//go:noinline
func narrow(a bool, b byte, c rune, d bool) (rune, byte, bool) { return c, b, a != d }

func integers() {
	for _, n := range []int64{0, 1, -1, 100, math.MinInt64, math.MaxInt64, -0x123456789abcdef} {
		a, b, c, d, e := int8(n), int16(n), int32(n), n, int(n)
		call := Args("main.signed", Item("a", "int8", Int(int64(a))), Item("b", "int16", Int(int64(b))),
			Item("c", "int32", Int(int64(c))), Item("d", "int64", Int(d)), Item("e", "int", Int(int64(e))))
		a, b, c, d, e = signed(a, b, c, d, e)
		call.Results(Item("~r0", "int8", Int(int64(a))), Item("~r1", "int16", Int(int64(b))),
			Item("~r2", "int32", Int(int64(c))), Item("~r3", "int64", Int(d)), Item("~r4", "int", Int(int64(e))))
	}
	for _, n := range []uint64{0, 1, 255, math.MaxUint64, 1 << 63, 0xfedcba9876543210} {
		a, b, c, d, e, f := uint8(n), uint16(n), uint32(n), n, uint(n), uintptr(n)
		call := Args("main.unsigned", Item("a", "uint8", Uint(uint64(a))), Item("b", "uint16", Uint(uint64(b))),
			Item("c", "uint32", Uint(uint64(c))), Item("d", "uint64", Uint(d)), Item("e", "uint", Uint(uint64(e))),
			Item("f", "uintptr", Uint(uint64(f))))
		a, b, c, d, e, f = unsigned(a, b, c, d, e, f)
		call.Results(Item("v", "uint8", Uint(uint64(a))), Item("w", "uint16", Uint(uint64(b))),
			Item("x", "uint32", Uint(uint64(c))), Item("y", "uint64", Uint(d)), Item("z", "uint", Uint(uint64(e))),
			Item("p", "uintptr", Uint(uint64(f))))
	}
	for _, a := range []bool{false, true} {
		for _, c := range []rune{0, 'ü', math.MaxInt32, -1} {
			call := Args("main.narrow", Item("a", "bool", Bool(a)), Item("b", "uint8", Uint(uint64(byte(c)))),
				Item("c", "int32", Int(int64(c))), Item("d", "bool", Bool(!a)))
			r0, r1, r2 := narrow(a, byte(c), c, !a)
			call.Results(Item("~r0", "int32", Int(int64(r0))), Item("~r1", "uint8", Uint(uint64(r1))),
				Item("~r2", "bool", Bool(r2)))
		}
	}
}

type floats struct {
	A float32
	B float64
	C complex64
	D complex128
}

//go:noinline
func single(a float32, b float64) (float64, float32) { return b, a }

//go:noinline
func throughPointer(f *floats) *floats { return f }

//go:noinline
func asValue(f floats, n int) (int, floats) { return n, f }

//go:noinline
func complexes(a complex128, b complex64) (complex64, complex128) { return b, a }

// Fifteen vector registers: the sixteenth float is in memory.
//
//go:noinline
func many(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p float64, q float32, r complex128) (z float64) {
	return a + p + float64(q) + real(r)
}

func inRegisters(from int, names ...string) []string {
	var items []string

	for i, name := range names {
		items = append(items, Item(name, "float64", InX(from+i)))
	}
	return items
}

func (f floats) fields() Value {
	return Struct(F("A", Float32(f.A)), F("B", Float64(f.B)), F("C", Complex64(f.C)), F("D", Complex128(f.D)))
}

func floating() {
	inf := math.Inf(1)
	for _, f := range []floats{
		{},
		{1.5, -2.25, 1 + 2i, -3.5 + 1e300i},
		{math.MaxFloat32, math.MaxFloat64, complex64(complex(inf, -inf)), complex(math.NaN(), 0)},
		{math.SmallestNonzeroFloat32, math.SmallestNonzeroFloat64, 0.1 - 0.1i, 0.1 + 1e-310i},
		{float32(-inf), inf, complex(float32(math.NaN()), 1), complex(math.Copysign(0, -1), 1e21)},
		{16777216, 9007199254740993, 1e10, 123456789012345678},
		{0.1, 0.1, 0.3, 1.0 / 3},
	} {
		call := Args("main.single", Item("a", "float32", InX(0)), Item("b", "float64", InX(1)))
		single(f.A, f.B)
		call.Results(Item("~r0", "float64", InX(0)), Item("~r1", "float32", InX(1)))

		f := f
		call = Args("main.throughPointer", Item("f", "*main.floats", f.fields()))
		throughPointer(&f)
		call.Results(Item("~r0", "*main.floats", f.fields()))

		hidden := Struct(F("A", InX(0)), F("B", InX(1)), F("C", InX(2)), F("D", InX(4)))
		call = Args("main.asValue", Item("f", "main.floats", hidden), Item("n", "int", Int(7)))
		asValue(f, 7)
		call.Results(Item("~r0", "int", Int(7)), Item("~r1", "main.floats", hidden))

		call = Args("main.complexes", Item("a", "complex128", InX(0)), Item("b", "complex64", InX(2)))
		complexes(f.D, f.C)
		call.Results(Item("~r0", "complex64", InX(0)), Item("~r1", "complex128", InX(2)))

		items := inRegisters(0, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o")
		call = Args("main.many", append(items, Item("p", "float64", Float64(f.B)),
			Item("q", "float32", Float32(f.A)), Item("r", "complex128", Complex128(f.D)))...)
		many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, f.B, f.A, f.D)
		call.Results(Item("z", "float64", InX(0)))
	}
}
