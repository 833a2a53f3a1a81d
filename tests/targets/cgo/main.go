// SPDX-License-Identifier: GPL-2.0-only

// Go calls C, C calls back into Go, on a goroutine's own thread and on threads
// that C made.
package main

/*
#cgo LDFLAGS: -lpthread
void calls_back(int n);
void from_threads(int threads, int times);
*/
import "C"

import (
	"sync"

	"targets/truth"
)

//go:noinline
func tracedOut(l *truth.Lane, n int) {
	l.Enter("main.tracedOut")
	C.calls_back(C.int(n))
	tracedLeaf(l, n)
	l.Leave()
}

//go:noinline
func tracedLeaf(l *truth.Lane, n int) int {
	l.Enter("main.tracedLeaf")
	l.Leave()
	return n
}

//go:noinline
func tracedBack(l *truth.Lane, n int) {
	l.Enter("main.tracedBack")
	tracedLeaf(l, n)
	if n > 0 {
		tracedOut(l, n-1)
	}
	l.Leave()
}

//export goCallback
func goCallback(n C.int) {
	tracedBack(truth.Here(), int(n))
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l := truth.Here()
			for n := 0; n < 25; n++ {
				tracedOut(l, n%5)
			}
		}()
	}
	C.from_threads(4, 25)
	wg.Wait()
	truth.Flush()
}
