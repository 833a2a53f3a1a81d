// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"errors"
	"fmt"
	"net"
	"time"
	"unsafe"

	"targets/truth"
	"targets/values/box"
	. "targets/values/expect"
)

// Instances of generic functions share code by shape, which is all that debug information has of
// their types. What is to be told are the real ones.

type pair[K comparable, V any] struct {
	Key K
	Val V
}

type count int

type student struct {
	Name string
	Age  int
}

func (s student) value() Value {
	return Struct(F("Name", String(s.Name)), F("Age", Int(int64(s.Age))))
}

type holder struct{ P *point }

//go:noinline
func first[T any](v T, n int) (T, int) { return v, n + 1 }

//go:noinline
func both[A any, B any](a A, b []B) (B, A) { return b[0], a }

//go:noinline
func (p *pair[K, V]) set(k K, v V) pair[K, V] { p.Key, p.Val = k, v; return *p }

//go:noinline
func (p pair[K, V]) get(k K) (V, bool) { return p.Val, p.Key == k }

//go:noinline
func takes(p pair[string, int], q *pair[string, int]) pair[int, []string] {
	return pair[int, []string]{1, []string{"v"}}
}

//go:noinline
func made[T any](s []T, m map[string]T, p *T, ps []*T, a [2]T, f func(T) T, c chan T) ([]T, *T) {
	return s, p
}

//go:noinline
func paired[K comparable, T any](p pair[K, []T], q *pair[K, *pair[K, T]]) *pair[K, *pair[K, T]] {
	return q
}

type to[T any] interface{ *T }

// The constraint tells what the pointer points to, so each such type has a shape of its own.
//
//go:noinline
func pointed[T any, P to[T]](p P, v T) P { return p }

//go:noinline
func sum[T ~int | ~int64 | ~float64](a, b T) T { return a + b }

//go:noinline
func inside[T any](v T) func(int) T {
	w := []T{v}
	return func(n int) T { w = append(w, v); return w[n] }
}

//go:noinline
func onlyResult[T any](n int) (v *T) { return v }

// one calls first with a v of the type `real`, whose underlying type is `typ`.
func one[T any](v T, typ, real string, want Value) {
	call := Args("main.first["+truth.Shape(0, typ)+"]", Item("v", real, want), Item("n", "int", Int(1)))
	first(v, 1)
	call.Results(Item("~r0", real, want), Item("~r1", "int", Int(2)))
}

func instances() {
	one(5, "int", "int", Int(5))
	one(count(6), "int", "main.count", Int(6))
	one(time.Second, "int64", "time.Duration", Means(Int(1e9), "1s"))
	one("s", "string", "string", String("s"))
	one(point{1, 2}, "struct { X int32; Y int32 }", "main.point", point{1, 2}.value())
	one(2.5, "float64", "float64", InX(0))
	one([]int{1}, "[]int", "[]int", List(1, func(int) Value { return Int(1) }))
	one(any(3), "interface {}", "interface {}", Dynamic("int", Int(3)))
	one(stringer(&point{5, 5}), "interface { String() string }", "main.stringer",
		Dynamic("*main.point", point{5, 5}.value()))
	one(errors.New("boom"), "interface { Error() string }", "error",
		Says("*errors.errorString", Struct(F("s", String("boom"))), "boom"))
	one(holder{}, "struct { P *main.point }", "main.holder", Struct(F("P", Null())))
	one(true, "bool", "bool", Bool(true))
	one(net.IPv4(127, 0, 0, 1).To4(), "[]uint8", "net.IP", Means(String("\x7f\x00\x00\x01"), "127.0.0.1"))
	ofPointers()
	ofTwo()
	ofMade()
	ofPaired()
	ofOthers()
}

// All pointers have one shape.
func ofPointers() {
	const shape = "*uint8"
	n, s, b := 6, "pointed", byte(7)
	p := &n
	one(&point{3, 4}, shape, "*main.point", point{3, 4}.value())
	one(&n, shape, "*int", Int(6))
	one(&s, shape, "*string", String("pointed"))
	one(&b, shape, "*uint8", Uint(7))
	wait := 90 * time.Minute
	one(&wait, shape, "*time.Duration", Means(Int(int64(wait)), wait.String()))
	one(&p, shape, "**int", Address(uintptr(unsafe.Pointer(p))))
	one(&student{"zhang", 100}, shape, "*main.student", student{"zhang", 100}.value())
	one((*student)(nil), shape, "*main.student", Null())
	one(&pair[string, *point]{"k", nil}, shape, "*main.pair[string,*main.point]",
		Struct(F("Key", String("k")), F("Val", Null())))
	one(&box.Item{ID: 8}, shape, "*targets/values/box.Item", Struct(F("ID", Int(8))))
}

func ofTwo() {
	a, b := truth.Shape(0, "string"), truth.Shape(1, "int")
	call := Args(fmt.Sprintf("main.both[%s,%s]", a, b), Item("a", "string", String("a")),
		Item("b", "[]int", List(2, func(i int) Value { return Int(int64(7 + i)) })))
	both("a", []int{7, 8})
	call.Results(Item("~r0", "int", Int(7)), Item("~r1", "string", String("a")))

	of, real := fmt.Sprintf("main.pair[%s,%s]", a, b), "main.pair[string,main.count]"
	object := func(k string, v int) Value { return Struct(F("Key", String(k)), F("Val", Int(int64(v)))) }
	q := &pair[string, count]{"old", 1}
	call = Args(fmt.Sprintf("main.(*pair[%s,%s]).set", a, b), Item("p", "*"+real, object("old", 1)),
		Item("k", "string", String("new")), Item("v", "main.count", Int(2)))
	q.set("new", 2)
	call.Results(Item("~r0", real, object("new", 2)))
	call = Args(of+".get", Item("p", real, object("new", 2)), Item("k", "string", String("new")))
	q.get("new")
	call.Results(Item("~r0", "main.count", Int(2)), Item("~r1", "bool", Bool(true)))

	// A pointer in what a pointer points to is not followed, one in a parameter is.
	b = truth.Shape(1, "*uint8")
	of, real = fmt.Sprintf("main.pair[%s,%s]", a, b), "main.pair[string,*main.student]"
	s, r := &student{"ken", 18}, &pair[string, *student]{"old", nil}
	call = Args(fmt.Sprintf("main.(*pair[%s,%s]).set", a, b),
		Item("p", "*"+real, Struct(F("Key", String("old")), F("Val", Null()))),
		Item("k", "string", String("new")), Item("v", "*main.student", s.value()))
	r.set("new", s)
	call.Results(Item("~r0", real, Struct(F("Key", String("new")), F("Val", s.value()))))
	call = Args(of+".get", Item("p", real, Struct(F("Key", String("new")), F("Val", s.value()))),
		Item("k", "string", String("none")))
	r.get("none")
	call.Results(Item("~r0", "*main.student", s.value()), Item("~r1", "bool", Bool(false)))

	plain := func(k string, v int) Value { return Struct(F("Key", String(k)), F("Val", Int(int64(v)))) }
	t := pair[string, int]{"new", 2}
	call = Args("main.takes", Item("p", "main.pair[string,int]", plain("new", 2)),
		Item("q", "*main.pair[string,int]", plain("new", 2)))
	takes(t, &t)
	call.Results(Item("~r0", "main.pair[int,[]string]", Struct(F("Key", Int(1)),
		F("Val", Elsewhere(1)))))
}

func ofMade() {
	var c chan *student
	s := []*student{{"ada", 16}, nil, {"ken", 18}}
	vals := []Value{s[0].value(), Null(), s[2].value()}
	list := List(3, func(i int) Value { return vals[i] })
	p := Address(uintptr(unsafe.Pointer(s[2])))
	call := Args("main.made["+truth.Shape(0, "*uint8")+"]", Item("s", "[]*main.student", list),
		Item("m", "map[string]*main.student", Map(1)), Item("p", "**main.student", p),
		Item("ps", "[]**main.student", List(1, func(int) Value { return p })),
		Item("a", "[2]*main.student", List(2, func(i int) Value { return vals[i] })),
		Item("f", "func(*main.student) *main.student", Null()), Item("c", "chan *main.student", Null()))
	made(s, map[string]*student{"a": nil}, &s[2], []**student{&s[2]}, [2]*student{s[0], nil}, nil, c)
	call.Results(Item("~r0", "[]*main.student", list), Item("~r1", "**main.student", p))

	n, k := count(4), make(chan count, 2)
	k <- 1
	list = List(2, func(i int) Value { return Int(int64(5 + i)) })
	call = Args("main.made["+truth.Shape(0, "int")+"]", Item("s", "[]main.count", list),
		Item("m", "map[string]main.count", Null()), Item("p", "*main.count", Int(4)),
		Item("ps", "[]*main.count", List(2, func(i int) Value { return []Value{Int(4), Null()}[i] })),
		Item("a", "[2]main.count", List(2, func(i int) Value { return Int(int64(-i)) })),
		Item("f", "func(main.count) main.count", Func("main.later")), Item("c", "chan main.count", Chan(1, 2)))
	made([]count{5, 6}, nil, &n, []*count{&n, nil}, [2]count{0, -1}, later, k)
	call.Results(Item("~r0", "[]main.count", list), Item("~r1", "*main.count", Int(4)))
}

func later(n count) count { return n + 1 }

func ofPaired() {
	a := truth.Shape(0, "string")
	s := &student{"eve", 7}
	in := &pair[string, *student]{"in", s}
	call := Args(fmt.Sprintf("main.paired[%s,%s]", a, truth.Shape(1, "*uint8")),
		Item("p", "main.pair[string,[]*main.student]", Struct(F("Key", String("p")), F("Val", Elsewhere(1)))),
		Item("q", "*main.pair[string,*main.pair[string,*main.student]]", Struct(F("Key", String("q")),
			F("Val", Address(uintptr(unsafe.Pointer(in)))))))
	q := &pair[string, *pair[string, *student]]{"q", in}
	paired(pair[string, []*student]{"p", []*student{s}}, q)
	call.Results(Item("~r0", "*main.pair[string,*main.pair[string,*main.student]]", Struct(F("Key", String("q")),
		F("Val", Address(uintptr(unsafe.Pointer(in)))))))

	call = Args(fmt.Sprintf("main.pointed[%s,%s]", truth.Shape(0, "struct { Name string; Age int }"),
		truth.Shape(1, "*main.student")), Item("p", "*main.student", s.value()),
		Item("v", "main.student", student{"adam", 8}.value()))
	pointed(s, student{"adam", 8})
	call.Results(Item("~r0", "*main.student", s.value()))
}

func ofOthers() {
	call := Args("main.sum["+truth.Shape(0, "int64")+"]", Item("a", "time.Duration", Means(Int(60e9), "1m0s")),
		Item("b", "time.Duration", Means(Int(1), "1ns")))
	sum(time.Minute, 1)
	call.Results(Item("~r0", "time.Duration", Means(Int(60e9+1), "1m0.000000001s")))

	call = Args("main.onlyResult["+truth.Shape(0, "*uint8")+"]", Item("n", "int", Int(3)))
	onlyResult[*point](3)
	call.Results(Item("v", "**main.point", Null()))

	// Of a closure the dictionary is not known: a pointer is what it is, and nothing is made up.
	p := &point{6, 7}
	call = Args("main.inside["+truth.Shape(0, "*uint8")+"]", Item("v", "*main.point", p.value()))
	f := inside(p)
	call.Results(Item("~r0", "func(int) *main.point", Func("main.inside["+truth.Shape(0, "*uint8")+"].func1")))
	call = Args("main.inside["+truth.Shape(0, "*uint8")+"].func1", Item("n", "int", Int(1)))
	f(1)
	call.Results(Item("~r0", truth.Shape(0, "*uint8"), Address(uintptr(unsafe.Pointer(p)))))

	b := &box.Box[*box.Item]{}
	item := Struct(F("ID", Int(9)))
	of := fmt.Sprintf("targets/values/box.(*Box[%s]).Put", truth.Shape(0, "*uint8"))
	call = Args(of, Item("b", "*targets/values/box.Box[*targets/values/box.Item]", Struct(F("N", Int(0)), F("Val", Null()))),
		Item("v", "*targets/values/box.Item", item))
	b.Put(&box.Item{ID: 9})
	call.Results(Item("~r0", "*targets/values/box.Item", item))
}
