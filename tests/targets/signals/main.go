// SPDX-License-Identifier: GPL-2.0-only

// Signals arrive while traced calls run: their handler stands on a stack of
// its own, with the goroutine's g.
package main

import (
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"

	"targets/truth"
)

//go:noinline
func tracedSend(l *truth.Lane, pid int, sig syscall.Signal) {
	l.Enter("main.tracedSend")
	syscall.Kill(pid, sig)
	tracedSpin(l, 2000)
	l.Leave()
}

//go:noinline
func tracedSpin(l *truth.Lane, n int) (sum int) {
	l.Enter("main.tracedSpin")
	for i := 0; i < n; i++ {
		sum += i ^ sum
	}
	l.Leave()
	return sum
}

//go:noinline
func tracedGot(l *truth.Lane) {
	l.Enter("main.tracedGot")
	l.Leave()
}

func main() {
	got := make(chan os.Signal, 64)
	signal.Notify(got, syscall.SIGUSR1, syscall.SIGUSR2)
	var wg sync.WaitGroup
	var seen int64
	stop := make(chan struct{})
	handled := make(chan struct{})
	go func() {
		defer close(handled)
		l := truth.Here()
		for {
			select {
			case <-got:
				tracedGot(l)
				atomic.AddInt64(&seen, 1)
			case <-stop:
				return
			}
		}
	}()
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l := truth.Here()
			for n := 0; n < 100 || atomic.LoadInt64(&seen) < 20; n++ {
				tracedSend(l, os.Getpid(), syscall.SIGUSR1)
				tracedSend(l, os.Getpid(), syscall.SIGUSR2)
			}
		}()
	}
	wg.Wait()
	close(stop)
	<-handled
	truth.Flush()
	if atomic.LoadInt64(&seen) == 0 {
		os.Exit(1)
	}
}
