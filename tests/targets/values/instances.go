// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"

	"targets/truth"
	. "targets/values/expect"
)

type pair[K comparable, V any] struct {
	Key K
	Val V
}

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

func one[T any](v T, typ string, want Value) {
	shape := truth.Shape(0, typ)
	call := Args("main.first["+shape+"]", Item("v", shape, want), Item("n", "int", Int(1)))
	first(v, 1)
	call.Results(Item("~r0", shape, want), Item("~r1", "int", Int(2)))
}

func instances() {
	one(5, "int", Int(5))
	one("s", "string", String("s"))
	one(point{1, 2}, "struct { X int32; Y int32 }", point{1, 2}.value())
	one(2.5, "float64", InX(0))
	one([]int{1}, "[]int", List(1, func(int) Value { return Int(1) }))
	one(any(3), "interface {}", Dynamic("int", Int(3)))
	p, n := &point{3, 4}, 6
	// All pointers have one shape: what is there cannot be followed.
	pointer := truth.Shape(0, "*uint8")
	call := Args("main.first["+pointer+"]", Item("v", pointer, firstByte(3)), Item("n", "int", Int(1)))
	first(p, 1)
	call.Results(Item("~r0", pointer, firstByte(3)), Item("~r1", "int", Int(2)))
	call = Args("main.first["+pointer+"]", Item("v", pointer, firstByte(6)), Item("n", "int", Int(1)))
	first(&n, 1)
	call.Results(Item("~r0", pointer, firstByte(6)), Item("~r1", "int", Int(2)))

	a, b := truth.Shape(0, "string"), truth.Shape(1, "int")
	call = Args(fmt.Sprintf("main.both[%s,%s]", a, b), Item("a", a, String("a")),
		Item("b", "[]"+b, List(2, func(i int) Value { return Int(int64(7 + i)) })))
	both("a", []int{7, 8})
	call.Results(Item("~r0", b, Int(7)), Item("~r1", a, String("a")))

	of := fmt.Sprintf("main.pair[%s,%s]", a, b)
	object := func(k string, v int) Value { return Struct(F("Key", String(k)), F("Val", Int(int64(v)))) }
	q := &pair[string, int]{"old", 1}
	call = Args(fmt.Sprintf("main.(*pair[%s,%s]).set", a, b), Item("p", "*"+of, object("old", 1)),
		Item("k", a, String("new")), Item("v", b, Int(2)))
	q.set("new", 2)
	call.Results(Item("~r0", of, object("new", 2)))
	call = Args(of+".get", Item("p", of, object("new", 2)), Item("k", a, String("new")))
	q.get("new")
	call.Results(Item("~r0", b, Int(2)), Item("~r1", "bool", Bool(true)))

	call = Args("main.takes", Item("p", "main.pair[string,int]", object("new", 2)),
		Item("q", "*main.pair[string,int]", object("new", 2)))
	takes(*q, q)
	call.Results(Item("~r0", "main.pair[int,[]string]", Struct(F("Key", Int(1)),
		F("Val", Elsewhere(1)))))
}

func firstByte(n uint64) Value { return Uint(n) }
