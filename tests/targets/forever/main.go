// SPDX-License-Identifier: GPL-2.0-only

// Functions that never return: loops without an end, select without a case.
package main

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"targets/truth"
)

var turns int64

//go:noinline
func tracedSelect(l *truth.Lane, ready *sync.WaitGroup) {
	l.Enter("main.tracedSelect")
	ready.Done()
	select {}
}

//go:noinline
func tracedSpin(l *truth.Lane, ready *sync.WaitGroup) {
	l.Enter("main.tracedSpin")
	ready.Done()
	for {
		atomic.AddInt64(&turns, 1)
		runtime.Gosched()
	}
}

//go:noinline
func tracedServe(l *truth.Lane, ready *sync.WaitGroup, work <-chan int) {
	l.Enter("main.tracedServe")
	for {
		n := <-work
		tracedHandle(l, n)
		ready.Done()
	}
}

//go:noinline
func tracedHandle(l *truth.Lane, n int) {
	l.Enter("main.tracedHandle")
	l.Leave()
}

func main() {
	var ready sync.WaitGroup
	work := make(chan int)
	ready.Add(3 + 20)
	go func() { tracedSelect(truth.Here(), &ready) }()
	go func() { tracedSpin(truth.Here(), &ready) }()
	go func() { tracedSpin(truth.Here(), &ready) }()
	go func() { tracedServe(truth.Here(), &ready, work) }()
	for i := 0; i < 20; i++ {
		work <- i
	}
	ready.Wait()
	truth.Flush()
	os.Exit(0)
}
