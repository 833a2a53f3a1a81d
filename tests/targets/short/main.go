// SPDX-License-Identifier: GPL-2.0-only

// Goroutines that end right after, and some of them inside, a traced call.
package main

import (
	"flag"
	"runtime"
	"sync"

	"targets/truth"
)

//go:noinline
func tracedOnce(l *truth.Lane, exit bool) {
	l.Enter("main.tracedOnce")
	if exit {
		l.Finished()
		runtime.Goexit()
	}
	l.Leave()
}

func main() {
	n := flag.Int("n", 100000, "goroutines")
	flag.Parse()
	var wg sync.WaitGroup
	slots := make(chan struct{}, 64)
	for i := 0; i < *n; i++ {
		slots <- struct{}{}
		wg.Add(1)
		go func(exit bool) {
			defer func() { <-slots; wg.Done() }()
			tracedOnce(truth.Here(), exit)
		}(i%5 == 3)
	}
	wg.Wait()
	truth.Alone()
	truth.Flush()
}
