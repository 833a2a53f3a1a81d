// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"unsafe"

	"targets/truth"
	. "targets/values/expect"
)

func addressOf(p *point) uintptr { return uintptr(unsafe.Pointer(p)) }

//go:noinline
func pointers(a *int, b **int, c *point, d *[3]int16, e *bool, u unsafe.Pointer) (**int, *struct{}, unsafe.Pointer) {
	return b, &struct{}{}, u
}

//go:noinline
func tables(m map[string]int, n map[int]struct{}, c chan int, r <-chan string, s chan<- *point) (map[string]int,
	chan int) {
	return m, c
}

//go:noinline
func code(f func(int) int, g func(), h func(string) string) func(int) int { return f }

//go:noinline
func double(n int) int { return 2 * n }

// A method of a value, one of a pointer.
//
//go:noinline
func (p point) add(n int32) int32 { return p.X + p.Y + n }

//go:noinline
func (b *base) greet(s string) string { return s + " from " + b.Tag }

//go:noinline
func variadic(first string, more ...any) int { return len(more) }

//go:noinline
func blanks(_ int, s string, _ []int, int8 int8) (_ string, n int) { return s, int(int8) }

//go:noinline
func unnamed(int, string) {}

//go:noinline
func capture(n int, s string) (func(int) int, func() string) {
	return func(k int) int { n += k; return n }, func() string { return s }
}

func references() {
	n, t, arr := 42, true, [3]int16{-1, 0, 1}
	p := &point{1, -1}
	for i := 0; i < 2; i++ {
		q, pp, pa, pt, up := &n, p, &arr, &t, unsafe.Pointer(p)
		vals := []Value{Int(42), p.value(), List(3, func(i int) Value { return Int(int64(arr[i])) }), Bool(true)}
		if i == 1 {
			q, pp, pa, pt, up = nil, nil, nil, nil, nil
			vals = []Value{Null(), Null(), Null(), Null()}
		}
		pq, inner := &q, Null()
		if q != nil {
			inner = Address(uintptr(unsafe.Pointer(q)))
		}
		call := Args("main.pointers", Item("a", "*int", vals[0]), Item("b", "**int", inner),
			Item("c", "*main.point", vals[1]), Item("d", "*[3]int16", vals[2]), Item("e", "*bool", vals[3]),
			Item("u", "unsafe.Pointer", Address(uintptr(up))))
		pointers(q, pq, pp, pa, pt, up)
		call.Results(Item("~r0", "**int", inner), Item("~r1", "*struct {}", Struct()),
			Item("~r2", "unsafe.Pointer", Address(uintptr(up))))
	}
	ofTables()
	functions(p)
}

func ofTables() {
	for n := -1; n < 20; n += 3 {
		var m map[string]int
		var k map[int]struct{}
		var c chan int
		var r chan string
		var s chan *point
		vals := []Value{Null(), Null(), Null(), Null(), Null()}
		if n >= 0 {
			m, k = map[string]int{}, map[int]struct{}{}
			c, r, s = make(chan int, n), make(chan string, n+1), make(chan *point)
			for i := 0; i < n; i++ {
				m[samples[i]], k[i] = i, struct{}{}
				c <- i
			}
			delete(k, 0)
			size := n
			if n > 0 {
				size--
			}
			vals = []Value{Map(n), Map(size), Chan(n, n), Chan(0, n+1), Chan(0, 0)}
		}
		call := Args("main.tables", Item("m", "map[string]int", vals[0]), Item("n", "map[int]struct {}", vals[1]),
			Item("c", "chan int", vals[2]), Item("r", "<-chan string", vals[3]), Item("s", "chan<- *main.point", vals[4]))
		tables(m, k, c, r, s)
		call.Results(Item("~r0", "map[string]int", vals[0]), Item("~r1", "chan int", vals[2]))
	}
}

func functions(p *point) {
	b := &base{1, "base"}
	for _, nils := range []bool{false, true} {
		f, g, h := double, func() { p.X++ }, b.greet
		vals := []Value{Func("main.double"), Func("main.functions.func1"), Func("main.(*base).greet-fm")}
		if nils {
			f, g, h = nil, nil, nil
			vals = []Value{Null(), Null(), Null()}
		}
		call := Args("main.code", Item("f", "func(int) int", vals[0]), Item("g", "func()", vals[1]),
			Item("h", "func(string) string", vals[2]))
		code(f, g, h)
		call.Results(Item("~r0", "func(int) int", vals[0]))
	}
	call := Args("main.double", Item("n", "int", Int(21)))
	double(21)
	call.Results(Item("~r0", "int", Int(42)))

	methods(b, point{5, 6})

	call = Args("main.variadic", Item("first", "string", String("x")), Item("more", "[]interface {}", Null()))
	variadic("x")
	call.Results(Item("~r0", "int", Int(0)))
	more := []Value{Dynamic("int", Int(1)), Dynamic("string", String("two")), Null(),
		Dynamic("main.point", point{5, 6}.value())}
	call = Args("main.variadic", Item("first", "string", String("y")),
		Item("more", "[]interface {}", List(4, func(i int) Value { return more[i] })))
	variadic("y", 1, "two", nil, point{5, 6})
	call.Results(Item("~r0", "int", Int(4)))

	items := []string{Item("~p0", "int", Int(7)), Item("s", "string", String("z")),
		Item("~p2", "[]int", List(1, func(int) Value { return Int(8) })), Item("int8", "int8", Int(-3))}
	if truth.Minor() < 22 {
		items = []string{items[1], items[3]}
	}
	call = Args("main.blanks", items...)
	blanks(7, "z", []int{8}, -3)
	call.Results(Item("~r0", "string", String("z")), Item("n", "int", Int(-3)))

	items = []string{Item("~p0", "int", Int(11)), Item("~p1", "string", String("w"))}
	if truth.Minor() < 22 {
		items = nil
	}
	call = Args("main.unnamed", items...)
	unnamed(11, "w")
	call.Results()
}

func methods(b *base, q point) {
	greet := func(s string, how func(string) string) {
		call := Args("main.(*base).greet", Item("b", "*main.base", Struct(F("ID", Int(1)), F("Tag", String("base")))),
			Item("s", "string", String(s)))
		r := how(s)
		call.Results(Item("~r0", "string", String(r)))
	}
	greet("direct", func(s string) string { return b.greet(s) })
	greet("value", b.greet)
	greet("expression", func(s string) string { return (*base).greet(b, s) })

	for _, how := range []func(int32) int32{q.add, func(n int32) int32 { return point.add(q, n) },
		func(n int32) int32 { return interface{ add(int32) int32 }(q).add(n) }} {
		call := Args("main.point.add", Item("p", "main.point", q.value()), Item("n", "int32", Int(-100)))
		r := how(-100)
		call.Results(Item("~r0", "int32", Int(int64(r))))
	}
	call := Args("main.capture", Item("n", "int", Int(10)), Item("s", "string", String("kept")))
	count, say := capture(10, "kept")
	call.Results(Item("~r0", "func(int) int", Func("main.capture.func1")),
		Item("~r1", "func() string", Func("main.capture.func2")))
	for i := 1; i < 4; i++ {
		call = Args("main.capture.func1", Item("k", "int", Int(int64(i))))
		r := count(i)
		call.Results(Item("~r0", "int", Int(int64(r))))
	}
	call = Args("main.capture.func2")
	r := say()
	call.Results(Item("~r0", "string", String(r)))
}
