// SPDX-License-Identifier: GPL-2.0-only

// A program that is attached to while calls are running: some goroutines are
// parked inside traced calls, others go in and out all the time. SIGUSR1 lets
// the parked ones go on and ends the busy ones; it prints `ready` when all of
// them are where they should be. With -hold it then stays until SIGUSR2.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"targets/truth"
)

//go:noinline
func tracedParked(l *truth.Lane, n int, ready *sync.WaitGroup, gate <-chan struct{}) {
	l.Enter("main.tracedParked")
	tracedLeaf(l)
	if n > 0 {
		tracedParked(l, n-1, ready, gate)
	} else {
		ready.Done()
		<-gate
	}
	tracedLeaf(l)
	l.Leave()
}

//go:noinline
func tracedBusy(l *truth.Lane, n int) {
	l.Enter("main.tracedBusy")
	tracedLeaf(l)
	if n > 0 {
		tracedBusy(l, n-1)
	}
	time.Sleep(100 * time.Microsecond)
	l.Leave()
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

func main() {
	hold := flag.Bool("hold", false, "stay until SIGUSR2")
	flag.Parse()
	usr1 := make(chan os.Signal, 1)
	usr2 := make(chan os.Signal, 1)
	signal.Notify(usr1, syscall.SIGUSR1)
	signal.Notify(usr2, syscall.SIGUSR2)
	gate := make(chan struct{})
	var ready, done sync.WaitGroup
	var stop int32
	for i := 0; i < 6; i++ {
		ready.Add(1)
		done.Add(2)
		go func(i int) {
			defer done.Done()
			tracedParked(truth.Here(), i, &ready, gate)
		}(i)
		go func(i int) {
			defer done.Done()
			l := truth.Here()
			for atomic.LoadInt32(&stop) == 0 {
				tracedBusy(l, i)
			}
		}(i)
	}
	ready.Wait()
	fmt.Println("ready")
	<-usr1
	close(gate)
	atomic.StoreInt32(&stop, 1)
	done.Wait()
	if *hold {
		<-usr2
	}
	truth.Flush()
}
