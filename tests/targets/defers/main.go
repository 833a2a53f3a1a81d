// SPDX-License-Identifier: GPL-2.0-only

// Deferred calls in each of the compiler's ways, and results that they change.
package main

import "targets/truth"

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

// tracedOpen has few defers and no loop: open-coded in the epilogue.
//
//go:noinline
func tracedOpen(l *truth.Lane, n int) (r int) {
	l.Enter("main.tracedOpen")
	defer func() {
		l.Enter("main.tracedOpen.func1")
		tracedLeaf(l)
		r += 1000
		l.Leave()
	}()
	if n > 3 {
		defer func() {
			l.Enter("main.tracedOpen.func2")
			r *= 2
			l.Leave()
		}()
	}
	return n
}

// tracedStack has more than eight: records on the stack.
//
//go:noinline
func tracedStack(l *truth.Lane, n int) (r int) {
	l.Enter("main.tracedStack")
	defer func() { l.Enter("main.tracedStack.func1"); r += 1; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func2"); r *= 2; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func3"); r += 3; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func4"); r *= 4; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func5"); r += 5; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func6"); r *= 6; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func7"); r += 7; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func8"); r *= 8; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func9"); r += 9; l.Leave() }()
	defer func() { l.Enter("main.tracedStack.func10"); tracedLeaf(l); l.Leave() }()
	if n%2 == 0 {
		return -n
	}
	return n
}

// tracedHeap defers in a loop: records on the heap.
//
//go:noinline
func tracedHeap(l *truth.Lane, n int) (r int) {
	l.Enter("main.tracedHeap")
	for i := 0; i < n; i++ {
		i := i
		defer func() {
			l.Enter("main.tracedHeap.func1")
			r += i * tracedValue(l, i)
			l.Leave()
		}()
	}
	return n
}

//go:noinline
func tracedValue(l *truth.Lane, i int) int {
	l.Enter("main.tracedValue")
	l.Leave()
	return i + 1
}

func main() {
	l := truth.Here()
	for i := 0; i < 8; i++ {
		l.BackWith(0, int64(tracedOpen(l, i)))
		l.BackWith(0, int64(tracedStack(l, i)))
		l.BackWith(0, int64(tracedHeap(l, i*3)))
	}
	truth.Flush()
}
