// SPDX-License-Identifier: GPL-2.0-only

// Closures, method values and generics: names that are not plain words.
package main

import "targets/truth"

type tracedType struct{ n int }

//go:noinline
func (t *tracedType) Pointer(l *truth.Lane) int {
	l.Enter("main.(*tracedType).Pointer")
	l.Leave()
	return t.n
}

//go:noinline
func (t tracedType) Value(l *truth.Lane) int {
	l.Enter("main.tracedType.Value")
	l.Leave()
	return t.n
}

//go:noinline
func tracedClosures(l *truth.Lane, n int) int {
	l.Enter("main.tracedClosures")
	add := func(k int) int {
		l.Enter("main.tracedClosures.func1")
		inner := func() int {
			l.Enter("main.tracedClosures.func1.1")
			l.Leave()
			return n * k
		}
		r := apply(inner)
		l.Leave()
		return r + n
	}
	r := applyTo(add, n) + applyTo(add, 2)
	l.Leave()
	return r
}

//go:noinline
func apply(f func() int) int { return f() }

//go:noinline
func applyTo(f func(int) int, n int) int { return f(n) }

//go:noinline
func tracedOne[T any](l *truth.Lane, v T, shape string) T {
	l.Enter("main.tracedOne[" + shape + "]")
	l.Leave()
	return v
}

//go:noinline
func tracedTwo[K comparable, V any](l *truth.Lane, k K, v V, shapes string) map[K]V {
	l.Enter("main.tracedTwo[" + shapes + "]")
	tracedOne(l, 1, truth.Shape(0, "int"))
	l.Leave()
	return map[K]V{k: v}
}

type tracedBox[T any] struct{ v T }

//go:noinline
func (b *tracedBox[T]) Get(l *truth.Lane, shape string) T {
	l.Enter("main.(*tracedBox[" + shape + "]).Get")
	l.Leave()
	return b.v
}

type getter interface {
	Get(l *truth.Lane, shape string) int
}

//go:noinline
func get(g getter, l *truth.Lane) int {
	l.Call("main.(*tracedBox[int]).Get")
	r := g.Get(l, truth.Shape(0, "int"))
	l.Back(0)
	return r
}

//go:noinline
func call(f func(*truth.Lane) int, l *truth.Lane) int { return f(l) }

type pair struct {
	A int
	B string
}

func main() {
	l := truth.Here()
	t := &tracedType{3}
	tracedClosures(l, 7)
	t.Pointer(l)
	t.Value(l)
	l.Call("main.(*tracedType).Pointer-fm")
	call(t.Pointer, l)
	l.Back(0)
	l.Call("main.tracedType.Value-fm")
	call(t.Value, l)
	l.Back(0)

	tracedOne(l, 1, truth.Shape(0, "int"))
	tracedOne(l, "a", truth.Shape(0, "string"))
	tracedOne(l, t, truth.Shape(0, "*uint8"))
	tracedOne(l, pair{1, "b"}, truth.Shape(0, "struct { A int; B string }"))
	tracedTwo(l, "k", 1.5, truth.Shape(0, "string")+","+truth.Shape(1, "float64"))
	tracedTwo(l, 4, []int{1}, truth.Shape(0, "int")+","+truth.Shape(1, "[]int"))

	box := &tracedBox[int]{5}
	box.Get(l, truth.Shape(0, "int"))
	(&tracedBox[string]{"s"}).Get(l, truth.Shape(0, "string"))
	get(box, l)
	truth.Flush()
}
