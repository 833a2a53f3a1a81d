// SPDX-License-Identifier: GPL-2.0-only

package main

import . "targets/values/expect"

type point struct{ X, Y int32 }

func (p point) value() Value { return Struct(F("X", Int(int64(p.X))), F("Y", Int(int64(p.Y)))) }

//go:noinline
func slices(a []int, b []bool, c []point, more ...int16) ([]int, []uint16) {
	var u []uint16

	for _, n := range a {
		u = append(u, uint16(n))
	}
	return append(a[:len(a):len(a)], 99), u
}

func listOf(isNil bool, n int, elem func(i int) Value) Value {
	if isNil {
		return Null()
	}
	return List(n, elem)
}

func ofSlices() {
	for n := -1; n < 12; n++ {
		var a []int
		var b []bool
		var c []point
		var more []int16
		if n >= 0 {
			a, b, c = make([]int, n), make([]bool, n), make([]point, n, 2*n)
		}
		for i := 0; i < n; i++ {
			a[i], b[i], c[i] = (i-3)<<(8*(i%8)), i%3 == 0, point{int32(i), -int32(i) << 20}
			more = append(more, int16(i*-1000))
		}
		ints := func(a []int) Value {
			return listOf(a == nil, len(a), func(i int) Value { return Int(int64(a[i])) })
		}
		call := Args("main.slices", Item("a", "[]int", ints(a)),
			Item("b", "[]bool", listOf(b == nil, n, func(i int) Value { return Bool(b[i]) })),
			Item("c", "[]main.point", listOf(c == nil, n, func(i int) Value { return c[i].value() })),
			Item("more", "[]int16", listOf(more == nil, n, func(i int) Value { return Int(int64(more[i])) })))
		r, u := slices(a, b, c, more...)
		call.Results(Item("~r0", "[]int", ints(r)),
			Item("~r1", "[]uint16", listOf(u == nil, len(u), func(i int) Value { return Uint(uint64(u[i])) })))
	}
}

type (
	single1 struct{ A [1]int }
	pair2   struct{ A [2]int }
)

//go:noinline
func arrays(a [1]int, b [0]int, c [2]int, d [10]uint8, e [1][1]point, f struct{}, g single1, h pair2,
	n int) ([1]string, [3]int, int, [2][2]int8) {
	return [1]string{"one"}, [3]int{a[0], c[0], c[1]}, n, [2][2]int8{{1, -2}, {3, -4}}
}

func ofArrays() {
	for n := 0; n < 3; n++ {
		var d [10]uint8
		for i := range d {
			d[i] = uint8(100 * n * i)
		}
		p := point{int32(n), int32(-n)}
		one := func(n int) Value { return List(1, func(int) Value { return Int(int64(n)) }) }
		two := func(x, y int) Value { return List(2, func(i int) Value { return Int(int64([]int{x, y}[i])) }) }
		call := Args("main.arrays", Item("a", "[1]int", one(n)), Item("b", "[0]int", List(0, nil)),
			Item("c", "[2]int", two(n+1, -n)),
			Item("d", "[10]uint8", List(10, func(i int) Value { return Uint(uint64(d[i])) })),
			Item("e", "[1][1]main.point", List(1, func(int) Value { return List(1, func(int) Value { return p.value() }) })),
			Item("f", "struct {}", Struct()), Item("g", "main.single1", Struct(F("A", one(5*n)))),
			Item("h", "main.pair2", Struct(F("A", two(6*n, 7*n)))), Item("n", "int", Int(int64(n))))
		arrays([1]int{n}, [0]int{}, [2]int{n + 1, -n}, d, [1][1]point{{p}}, struct{}{}, single1{[1]int{5 * n}},
			pair2{[2]int{6 * n, 7 * n}}, n)
		call.Results(Item("~r0", "[1]string", List(1, func(int) Value { return String("one") })),
			Item("~r1", "[3]int", List(3, func(i int) Value { return Int(int64([]int{n, n + 1, -n}[i])) })),
			Item("~r2", "int", Int(int64(n))),
			Item("~r3", "[2][2]int8", List(2, func(i int) Value { return two([]int{1, 3}[i], []int{-2, -4}[i]) })))
	}
}

//go:noinline
func nested(a [][]int, b []*point, c []any, d []map[string]int, e [2][]byte, f []error) int {
	return len(a)
}

func ofNested() {
	p := &point{1, 2}
	call := Args("main.nested", Item("a", "[][]int", List(2, func(i int) Value {
		return List(i+1, func(j int) Value { return Int(int64(i + j + 1)) })
	})),
		Item("b", "[]*main.point", List(2, func(i int) Value { return []Value{p.value(), Null()}[i] })),
		Item("c", "[]interface {}", List(3, func(i int) Value {
			return []Value{Dynamic("int", Int(5)), Null(), Dynamic("string", String("in"))}[i]
		})),
		Item("d", "[]map[string]int", List(2, func(i int) Value { return []Value{Null(), Map(1)}[i] })),
		Item("e", "[2][]uint8", List(2, func(i int) Value { return []Value{String("abc"), Null()}[i] })),
		Item("f", "[]error", List(1, func(int) Value { return Null() })))
	nested([][]int{{1}, {2, 3}}, []*point{p, nil}, []any{5, nil, "in"}, []map[string]int{nil, {"a": 1}},
		[2][]byte{[]byte("abc"), nil}, []error{nil})
	call.Results(Item("~r0", "int", Int(2)))
}

func lists() {
	ofSlices()
	ofArrays()
	ofNested()
}
