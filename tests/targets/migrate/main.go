// SPDX-License-Identifier: GPL-2.0-only

// Goroutines that move between threads inside every call: each call begins on
// a thread that is known, and its end comes on whichever is next.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"

	"targets/truth"
)

//go:noinline
func tracedMove(l *truth.Lane, turn chan int, n int) {
	l.EnterOn("main.tracedMove")
	runtime.UnlockOSThread()
	turn <- n
	runtime.Gosched()
	n = <-turn
	if n%3 == 0 {
		runtime.LockOSThread()
		tracedInner(l, turn)
	}
	l.Leave()
}

//go:noinline
func tracedInner(l *truth.Lane, turn chan int) {
	l.EnterOn("main.tracedInner")
	runtime.UnlockOSThread()
	runtime.Gosched()
	l.Leave()
}

func main() {
	rounds := flag.Int("rounds", 500, "calls of each goroutine")
	flag.Parse()
	runtime.GOMAXPROCS(4)
	var wg sync.WaitGroup
	var mu sync.Mutex
	moved := 0
	for i := 0; i < 8; i++ {
		wg.Add(1)
		turn := make(chan int)
		go func() {
			for n := range turn {
				turn <- n
			}
		}()
		go func() {
			defer wg.Done()
			defer close(turn)
			l := truth.Here()
			mine := 0
			for n := 0; n < *rounds; n++ {
				runtime.LockOSThread()
				at := syscall.Gettid()
				tracedMove(l, turn, n)
				if syscall.Gettid() != at {
					mine++
				}
			}
			mu.Lock()
			moved += mine
			mu.Unlock()
		}()
	}
	wg.Wait()
	if moved == 0 {
		fmt.Fprintln(os.Stderr, "migrate: no goroutine has moved, so the run shows nothing")
		os.Exit(1)
	}
	truth.Flush()
}
