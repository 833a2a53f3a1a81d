// SPDX-License-Identifier: GPL-2.0-only

// Work in phases, each of which begins when somebody says so: whoever comes in between knows that
// nothing of the one before is still to come.
//
// Each SIGUSR1 begins the next phase of -trees, in which every worker makes that many trees of calls; what
// the last one makes hangs below main.tracedLast. It prints "ready" and after each phase "phase N", and
// ends after the last.
//
// Between phases each SIGUSR2 has every worker call main.tracedPing once: who sees one in a trace knows that all
// that was made before it has been read.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
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
		tracedLeaf(l)
	}
	l.Leave()
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

//go:noinline
func tracedLast(l *truth.Lane, n int) {
	l.Enter("main.tracedLast")
	tracedTree(l, n)
	l.Leave()
}

//go:noinline
func tracedPing(l *truth.Lane) {
	l.Enter("main.tracedPing")
	l.Leave()
}

// work makes as many trees as it gets told, or one ping.
func work(orders <-chan int, last func() bool, done *sync.WaitGroup) {
	l := truth.Here()
	for trees := range orders {
		if trees == ping {
			tracedPing(l)
		}
		for n := 0; n < trees; n++ {
			if last() {
				tracedLast(l, n%4)
			} else {
				tracedTree(l, n%4)
			}
		}
		done.Done()
	}
}

// ping is the order that wants no trees.
const ping = -1

func main() {
	workers := flag.Int("workers", 4, "goroutines")
	threads := flag.Bool("threads", false, "give each a thread of its own")
	list := flag.String("trees", "10", "trees of each worker, phase by phase")
	flag.Parse()
	next := make(chan os.Signal, 1000)
	signal.Notify(next, syscall.SIGUSR1, syscall.SIGUSR2)
	phases := strings.Split(*list, ",")
	phase := 0
	last := func() bool { return phase == len(phases)-1 }
	orders := make([]chan int, *workers)
	var there, done sync.WaitGroup
	there.Add(*workers)
	for i := range orders {
		orders[i] = make(chan int)
		go func(i int) {
			if *threads {
				runtime.LockOSThread()
			}
			there.Done()
			work(orders[i], last, &done)
		}(i)
	}
	there.Wait()
	fmt.Println("ready")
	all := func(what int) {
		done.Add(*workers)
		for _, order := range orders {
			order <- what
		}
		done.Wait()
	}
	for phase < len(phases) {
		if <-next == syscall.SIGUSR2 {
			all(ping)
			continue
		}
		trees, err := strconv.Atoi(phases[phase])
		if err != nil {
			panic(err)
		}
		all(trees)
		phase++
		fmt.Println("phase", phase)
	}
	truth.Flush()
}
