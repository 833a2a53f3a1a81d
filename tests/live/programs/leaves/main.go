// SPDX-License-Identifier: GPL-2.0-only

// Functions whose first instruction the kernel has to step, in a loop, and how often each was called.
package main

type pair struct {
	a, b int
	next *pair
}

// Straight to a ret.

//go:noinline
func (p *pair) first() int { return p.a }

//go:noinline
func (p *pair) set(n int) { p.b = n }

//go:noinline
func sum(a, b int) int { return a + b }

//go:noinline
func same(a, b int) (int, int) { return 7, b }

//go:noinline
func nothing() {}

// A branch that each call passes.

//go:noinline
func (p *pair) second() int {
	if p.a > 3 {
		return p.b
	}
	return p.next.a
}

//go:noinline
func length(p *pair) (n int) {
	for ; p != nil; p = p.next {
		n++
	}
	return n
}

//go:noinline
func safe(f func() int) (n int) {
	defer func() {
		if recover() != nil {
			n = -1
		}
	}()
	return f()
}

func main() {
	var none *pair
	p := &pair{a: 1, b: 2, next: &pair{a: 5}}
	total := 0
	for i := 0; i < 100; i++ {
		total += p.first() + sum(i, 1) + p.second() + length(p)
		p.set(i)
		_, b := same(1, i)
		total += b
		nothing()
	}
	total += safe(none.first) + safe(none.second) + safe(p.first)
	println(total)
}
