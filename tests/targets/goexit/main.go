// SPDX-License-Identifier: GPL-2.0-only

// runtime.Goexit inside traced calls, with defers that call traced functions.
// The frames stay on the stack while the defers run, and end with the goroutine.
package main

import (
	"runtime"
	"sync"

	"targets/truth"
)

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

//go:noinline
func tracedGo(l *truth.Lane, exit bool) {
	l.Enter("main.tracedGo")
	tracedLeaf(l)
	if exit {
		runtime.Goexit()
	}
	l.Leave()
}

//go:noinline
func tracedDefers(l *truth.Lane, exit bool) {
	l.Enter("main.tracedDefers")
	defer func() {
		l.Enter("main.tracedDefers.func1")
		tracedLeaf(l)
		tracedGo(l, false)
		l.Leave()
	}()
	tracedGo(l, exit)
}

//go:noinline
func tracedOuter(l *truth.Lane, exit bool) {
	l.Enter("main.tracedOuter")
	for i := 0; i < 3; i++ {
		defer func() {
			l.Enter("main.tracedOuter.func1")
			l.Leave()
		}()
	}
	depth := l.Depth()
	tracedDefers(l, exit)
	l.Back(depth)
}

// tracedPanics ends its goroutine from a deferred call while it panics.
//
//go:noinline
func tracedPanics(l *truth.Lane) {
	l.Enter("main.tracedPanics")
	defer func() {
		l.Enter("main.tracedPanics.func1")
		tracedGo(l, true)
		l.Leave()
	}()
	panic("aborted by Goexit")
}

// tracedRescue panics in a call deferred by a goroutine that is ending, and
// recovers that: the ending goes on.
//
//go:noinline
func tracedRescue(l *truth.Lane) {
	l.Enter("main.tracedRescue")
	var depth int
	defer func() {
		l.Unwound(depth)
		l.Enter("main.tracedRescue.func1")
		tracedLeaf(l)
		l.Leave()
	}()
	defer func() {
		l.Enter("main.tracedRescue.func2")
		recover()
		l.Leave()
	}()
	defer func() {
		depth = l.Depth()
		l.Enter("main.tracedRescue.func3")
		tracedLeaf(l)
		panic("recovered while ending")
	}()
	tracedGo(l, true)
}

func main() {
	var wg sync.WaitGroup
	run := func(f func(l *truth.Lane)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l := truth.Here()
			defer l.Finished()
			f(l)
		}()
	}
	for i := 0; i < 10; i++ {
		run(func(l *truth.Lane) { tracedGo(l, true) })
		run(func(l *truth.Lane) { tracedDefers(l, true) })
		run(func(l *truth.Lane) { tracedOuter(l, true) })
		run(func(l *truth.Lane) { tracedOuter(l, false); l.Back(0) })
		run(tracedPanics)
		run(tracedRescue)
	}
	wg.Wait()
	truth.Alone()
	truth.Flush()
}
