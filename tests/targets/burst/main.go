// SPDX-License-Identifier: GPL-2.0-only

// More events in less time than a small ring holds.
package main

import (
	"flag"
	"sync"

	"targets/truth"
)

//go:noinline
func tracedTree(l *truth.Lane, n int) {
	l.Enter("main.tracedTree")
	tracedLeaf(l)
	if n > 0 {
		tracedTree(l, n-1)
		tracedOther(l, n)
	}
	l.Leave()
}

//go:noinline
func tracedOther(l *truth.Lane, n int) {
	l.Enter("main.tracedOther")
	if n%2 == 0 {
		tracedLeaf(l)
	}
	l.Leave()
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

func main() {
	rounds := flag.Int("rounds", 4000, "trees of each goroutine")
	flag.Parse()
	var wg sync.WaitGroup
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l := truth.Here()
			for n := 0; n < *rounds; n++ {
				tracedTree(l, n%6)
			}
		}()
	}
	wg.Wait()
	truth.Flush()
}
