// SPDX-License-Identifier: GPL-2.0-only

// Very many goroutines, all inside a traced call at the same time.
package main

import (
	"flag"
	"sync"

	"targets/truth"
)

//go:noinline
func tracedHold(l *truth.Lane, ready *sync.WaitGroup, gate <-chan struct{}) {
	l.Enter("main.tracedHold")
	ready.Done()
	<-gate
	tracedLeaf(l)
	l.Leave()
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

func main() {
	n := flag.Int("n", 100000, "goroutines")
	flag.Parse()
	var ready, done sync.WaitGroup
	gate := make(chan struct{})
	ready.Add(*n)
	done.Add(*n)
	for i := 0; i < *n; i++ {
		go func() {
			tracedHold(truth.Here(), &ready, gate)
			done.Done()
		}()
	}
	ready.Wait()
	close(gate)
	done.Wait()
	truth.Flush()
}
