// SPDX-License-Identifier: GPL-2.0-only

// The process ends inside traced calls, in the way that its argument names,
// while other goroutines are parked inside traced calls of theirs.
package main

import (
	"fmt"
	"os"
	"sync"
	"syscall"

	"targets/truth"
)

//go:noinline
func tracedParked(l *truth.Lane, ready *sync.WaitGroup) {
	l.Enter("main.tracedParked")
	tracedWait(l, ready)
	l.Leave()
}

//go:noinline
func tracedWait(l *truth.Lane, ready *sync.WaitGroup) {
	l.Enter("main.tracedWait")
	tracedLeaf(l)
	ready.Done()
	select {}
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

//go:noinline
func tracedOuter(l *truth.Lane, how string) {
	l.Enter("main.tracedOuter")
	tracedLeaf(l)
	if how == "panic" {
		// Runs on top of the frames that panicked.
		defer func() {
			l.Enter("main.tracedOuter.func1")
			tracedLeaf(l)
			l.Leave()
		}()
	}
	tracedInner(l, how)
	l.Leave()
}

//go:noinline
func tracedInner(l *truth.Lane, how string) {
	l.Enter("main.tracedInner")
	tracedLeaf(l)
	tracedEnd(l, how)
	l.Leave()
}

//go:noinline
func tracedEnd(l *truth.Lane, how string) {
	l.Enter("main.tracedEnd")
	switch how {
	case "panic":
		panic("the end of the target, on purpose")
	case "exit":
		truth.Flush()
		os.Exit(3)
	case "kill":
		truth.Flush()
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "throw":
		// Found by the runtime, which runs no defers: unlock of an
		// unlocked mutex.
		truth.Flush()
		var mu sync.Mutex
		mu.Unlock()
	}
	l.Leave()
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: fatal panic|exit|kill|throw")
		os.Exit(64)
	}
	var ready sync.WaitGroup
	for i := 0; i < 6; i++ {
		ready.Add(1)
		go func() { tracedParked(truth.Here(), &ready) }()
	}
	ready.Wait()
	if os.Args[1] == "panic" {
		defer truth.Flush()
	}
	tracedOuter(truth.Here(), os.Args[1])
}
