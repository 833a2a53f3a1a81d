// SPDX-License-Identifier: GPL-2.0-only

// One function for each way in which a function can be called.
package main

import (
	"os"
	"strings"
	"sync"
)

var sink string

// What tasks say when they are done.
var tasks = make(chan int, 64)

type shape interface{ area(n int) int }

type square struct{ side int }

//go:noinline
func (s square) area(n int) int { return leaf(s.side) * n }

type outer struct {
	name string
	square
}

//go:noinline
func leaf(n int) int { return n + len(os.Args) }

//go:noinline
func middle(n int) int { return leaf(n) + 1 }

// A chain: one level each.
//
//go:noinline
func top(n int) int { return middle(n) + 2 }

// Calls itself and its caller.
//
//go:noinline
func ring(n int) int {
	if n <= 0 {
		return 0
	}
	return ringBack(n-1) + ring(n-2)
}

//go:noinline
func ringBack(n int) int { return ring(n) }

func small(n int) int { return middle(n) * 2 }

// Calls what small calls, since that has no code of its own.
//
//go:noinline
func inlines(n int) int { return small(n) }

//go:noinline
func assembled(n int) int

func further(n int) int

//go:noinline
func usesAssembly(n int) int { return assembled(n) }

//go:noinline
func task(n int) {
	sink = strings.Repeat("x", n)
	tasks <- n
}

//go:noinline
func bare() { task(1) }

//go:noinline
func goes(n int) {
	var done sync.WaitGroup
	done.Add(1)
	go bare()
	go task(n)
	go func() { middle(n); done.Done() }()
	done.Wait()
	<-tasks
	<-tasks
}

//go:noinline
func defers(n int) {
	defer task(n)
	defer bare()
	defer func() { middle(n) }()
}

// Defers that are neither open-coded nor on the stack.
//
//go:noinline
func defersInLoop(n int) {
	for i := 0; i < n; i++ {
		defer task(i)
		defer bare()
	}
}

//go:noinline
func apply(f func(int) int, n int) int { return f(n) }

// Hands a literal to apply, which is its code, and leaf, which is not.
//
//go:noinline
func literals(n int) int {
	return apply(func(i int) int { return middle(i) + n }, n) + apply(leaf, n)
}

//go:noinline
func throughInterface(s shape, n int) int { return s.area(n) + s.area(n+1) }

// Its method is promoted: the wrapper of outer.area stands in the method table only.
//
//go:noinline
func direct(o outer, n int) int { return o.area(n) }

//go:noinline
func generic[T any](v T, n int) (T, int) { return v, leaf(n) }

//go:noinline
func instances(n int) int {
	_, a := generic("a", n)
	_, b := generic(1.5, n)
	return a + b
}

//go:noinline
func allocates(n int) []int { return append(make([]int, n, n*2), middle(n)) }

func main() {
	n := len(os.Args)
	top(n)
	ring(n)
	inlines(n)
	usesAssembly(n)
	goes(n)
	defers(n)
	defersInLoop(n)
	literals(n)
	throughInterface(square{n}, n)
	throughInterface(&outer{"", square{n}}, n)
	direct(outer{"", square{n}}, n)
	instances(n)
	allocates(n)
}
