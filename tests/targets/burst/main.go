// SPDX-License-Identifier: GPL-2.0-only

// More events in less time than a small ring holds. It prints `ready`, makes the first half of them at
// SIGUSR1, prints `half`, and makes the other half at the next SIGUSR1.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

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

// work makes a half's trees each time that it is told to.
func work(trees int, begin <-chan bool, done *sync.WaitGroup) {
	l := truth.Here()
	for range begin {
		for n := 0; n < trees; n++ {
			tracedTree(l, n%6)
		}
		done.Done()
	}
}

func main() {
	rounds := flag.Int("rounds", 4000, "trees of each goroutine")
	flag.Parse()
	usr1 := make(chan os.Signal, 1)
	signal.Notify(usr1, syscall.SIGUSR1)
	var begin [4]chan bool
	var done sync.WaitGroup
	for i := range begin {
		begin[i] = make(chan bool)
		go work(*rounds/2, begin[i], &done)
	}
	for _, say := range []string{"ready", "half"} {
		fmt.Println(say)
		<-usr1
		done.Add(len(begin))
		for i := range begin {
			begin[i] <- true
		}
		done.Wait()
	}
	truth.Flush()
}
