// SPDX-License-Identifier: GPL-2.0-only

// The stack is copied between a call's entry and its end: it grows below the
// call, and the collector shrinks it again.
package main

import (
	"runtime"
	"sync"

	"targets/truth"
)

//go:noinline
func grow(n int) byte {
	var pad [1024]byte
	pad[n%len(pad)] = byte(n)
	if n > 0 {
		pad[0] += grow(n - 1)
	}
	return pad[0] + pad[n%len(pad)]
}

//go:noinline
func tracedHold(l *truth.Lane, n int) {
	l.Enter("main.tracedHold")
	grow(8 << (n % 4))
	runtime.GC()
	if n > 0 {
		tracedHold(l, n-1)
		tracedGrown(l, n)
	}
	runtime.GC()
	l.Leave()
}

//go:noinline
func tracedGrown(l *truth.Lane, n int) {
	l.Enter("main.tracedGrown")
	grow(64)
	tracedLeaf(l)
	l.Leave()
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 8; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			tracedHold(truth.Here(), 8)
		}()
	}
	wg.Wait()
	truth.Flush()
}
