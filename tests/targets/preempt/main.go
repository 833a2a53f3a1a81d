// SPDX-License-Identifier: GPL-2.0-only

// Preemption requests land in the prologues of functions called in tight
// loops, while the collector and the scheduler are kept busy.
package main

import (
	"flag"
	"runtime"
	"sync"
	"sync/atomic"

	"targets/truth"
)

//go:noinline
func tracedStep(l *truth.Lane, n int) int {
	l.Enter("main.tracedStep")
	n = tracedTiny(l, n) + tracedPlain(l, n)
	l.Leave()
	return n
}

//go:noinline
func tracedTiny(l *truth.Lane, n int) int {
	l.Enter("main.tracedTiny")
	l.Leave()
	return n + 1
}

// tracedPlain grows nothing and calls nothing that is traced.
//
//go:noinline
func tracedPlain(l *truth.Lane, n int) int {
	var pad [200]byte
	l.Enter("main.tracedPlain")
	for i := range pad {
		pad[i] = byte(n * i)
	}
	l.Leave()
	return int(pad[n&127])
}

func main() {
	rounds := flag.Int("rounds", 1500, "steps of each worker")
	procs := flag.Int("procs", 2, "GOMAXPROCS")
	flag.Parse()
	runtime.GOMAXPROCS(*procs)

	var busy int32 = 4
	var wg sync.WaitGroup
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l := truth.Here()
			for n := 0; n < *rounds; n++ {
				tracedStep(l, n)
			}
			atomic.AddInt32(&busy, -1)
		}()
	}
	for atomic.LoadInt32(&busy) > 0 {
		runtime.GC()
		runtime.Gosched()
	}
	wg.Wait()
	truth.Flush()
}
