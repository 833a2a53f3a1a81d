// SPDX-License-Identifier: GPL-2.0-only

// Panics, and who recovers them. Where a call that recovers goes on, the log
// says which calls are gone; calls deferred while a panic is under way run on
// top of the frames that panicked, and hang below them.
package main

import (
	"sync"

	"targets/truth"
)

// protect is the recovering frame where none of the traced ones recovers.
//
//go:noinline
func protect(l *truth.Lane, f func(*truth.Lane)) {
	depth := l.Depth()
	if recovered(l, f) {
		l.Unwound(depth)
	}
}

//go:noinline
func recovered(l *truth.Lane, f func(*truth.Lane)) (is bool) {
	defer func() { is = recover() != nil }()
	f(l)
	return false
}

//go:noinline
func tracedC(l *truth.Lane, n int) {
	l.Enter("main.tracedC")
	if n >= 0 {
		panic(n)
	}
	l.Leave()
}

//go:noinline
func tracedB(l *truth.Lane, n int) {
	l.Enter("main.tracedB")
	tracedLeaf(l)
	tracedC(l, n)
	l.Leave()
}

//go:noinline
func tracedA(l *truth.Lane, n int) {
	l.Enter("main.tracedA")
	tracedB(l, n)
	tracedLeaf(l)
	l.Leave()
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

// tracedThree recovers what happened three frames down and returns normally.
//
//go:noinline
func tracedThree(l *truth.Lane, n int) {
	l.Enter("main.tracedThree")
	defer func() {
		l.Enter("main.tracedThree.func1")
		recover()
		tracedLeaf(l)
		l.Leave()
	}()
	tracedA(l, n)
}

// tracedRest has deferred calls left when it has recovered: they run after the
// dead frames are gone, and may stand deeper on the stack than those did.
//
//go:noinline
func tracedRest(l *truth.Lane, n int) {
	depth := l.Enter("main.tracedRest")
	defer func() {
		l.Unwound(depth)
		l.Enter("main.tracedRest.func1")
		tracedLeaf(l)
		l.Leave()
	}()
	defer func() {
		l.Unwound(depth)
		l.Enter("main.tracedRest.func2")
		tracedA(l, -1)
		l.Leave()
	}()
	defer func() {
		l.Enter("main.tracedRest.func3")
		recover()
		l.Leave()
	}()
	tracedC(l, n)
}

// tracedRestLoop is the same with defers on the heap.
//
//go:noinline
func tracedRestLoop(l *truth.Lane, n int) {
	depth := l.Enter("main.tracedRestLoop")
	over := false
	for i := 0; i < 4; i++ {
		i := i
		defer func() {
			if over {
				l.Unwound(depth)
			}
			l.Enter("main.tracedRestLoop.func1")
			tracedLeaf(l)
			if i == 2 {
				over = recover() != nil
			}
			l.Leave()
		}()
	}
	tracedB(l, n)
}

// tracedTwice panics in a deferred call while it panics.
//
//go:noinline
func tracedTwice(l *truth.Lane) {
	l.Enter("main.tracedTwice")
	defer func() {
		l.Enter("main.tracedTwice.func1")
		tracedLeaf(l)
		panic("second")
	}()
	tracedC(l, 1)
}

// tracedNested recovers a panic of its own inside a deferred call, while the
// first panic goes on.
//
//go:noinline
func tracedNested(l *truth.Lane) {
	l.Enter("main.tracedNested")
	defer func() {
		l.Enter("main.tracedNested.func1")
		depth := l.Depth()
		tracedThree(l, 5)
		l.Back(depth)
		tracedLeaf(l)
		l.Leave()
	}()
	tracedB(l, 1)
}

// tracedAgain recovers and panics anew.
//
//go:noinline
func tracedAgain(l *truth.Lane) {
	l.Enter("main.tracedAgain")
	defer func() {
		l.Enter("main.tracedAgain.func1")
		v := recover()
		tracedLeaf(l)
		panic(v)
	}()
	tracedA(l, 1)
}

//go:noinline
func tracedNil(l *truth.Lane, p *int) int {
	l.Enter("main.tracedNil")
	r := *p
	l.Leave()
	return r
}

//go:noinline
func tracedIndex(l *truth.Lane, s []int, i int) int {
	l.Enter("main.tracedIndex")
	r := s[i]
	l.Leave()
	return r
}

//go:noinline
func tracedDivide(l *truth.Lane, a, b int) int {
	l.Enter("main.tracedDivide")
	r := a / b
	l.Leave()
	return r
}

//go:noinline
func tracedGrow(l *truth.Lane, n int) int {
	var pad [700]byte
	l.Enter("main.tracedGrow")
	pad[n%700] = byte(n)
	r := n
	if n > 0 {
		r = tracedGrow(l, n-1)
	}
	l.Leave()
	return r + int(pad[n%700])
}

// tracedDeep lets the stack grow in a deferred call while it panics.
//
//go:noinline
func tracedDeep(l *truth.Lane) {
	l.Enter("main.tracedDeep")
	defer func() {
		l.Enter("main.tracedDeep.func1")
		tracedGrow(l, 60)
		recover()
		l.Leave()
	}()
	tracedA(l, 1)
}

func scenario(l *truth.Lane) {
	around := func(f func()) {
		depth := l.Depth()
		f()
		l.Back(depth)
	}
	around(func() { tracedThree(l, 3) })
	around(func() { tracedThree(l, -1) })
	around(func() { tracedRest(l, 1) })
	around(func() { tracedRestLoop(l, 1) })
	protect(l, tracedTwice)
	tracedLeaf(l)
	protect(l, tracedNested)
	protect(l, tracedAgain)
	protect(l, func(l *truth.Lane) { tracedNil(l, nil) })
	protect(l, func(l *truth.Lane) { tracedIndex(l, nil, 3) })
	protect(l, func(l *truth.Lane) { tracedDivide(l, 1, l.Depth()-1) })
	around(func() { tracedDeep(l) })
	tracedA(l, -1)
	protect(l, func(l *truth.Lane) { tracedA(l, 1) })
	tracedLeaf(l)
	// The last panic's frames are shown to be gone by nothing but the end.
	protect(l, func(l *truth.Lane) { tracedA(l, 1) })
}

func main() {
	var wg sync.WaitGroup
	scenario(truth.Here())
	for i := 0; i < 12; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			scenario(truth.Here())
		}()
	}
	wg.Wait()
	truth.Flush()
}
