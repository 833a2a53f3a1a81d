// SPDX-License-Identifier: GPL-2.0-only

// Crowd makes many calls, in ways that cost a tracer memory, and says how many it made:
//
//	hold N   N goroutines, all inside main.held at the same time
//	alone N  one goroutine, that calls main.held N times
//	pass N   N goroutines that end right after one call of main.pass, some dozens at a time
//	spin N   three times N trees of four calls (main.spin), as fast as possible; behind the first and the
//	         second time it prints "part 1" and "part 2", and goes on at the next SIGUSR1
//
// It prints "ready" and begins at SIGUSR1; prints "made N" (calls), and ends at SIGUSR2.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
)

//go:noinline
func held(id int, name string, inside *sync.WaitGroup, gate <-chan struct{}) int {
	inside.Done()
	<-gate
	return id + len(name)
}

func hold(n int) int {
	var inside, outside sync.WaitGroup
	gate := make(chan struct{})
	inside.Add(n)
	outside.Add(n)
	for i := 0; i < n; i++ {
		go func(i int) {
			held(i, "somebody", &inside, gate)
			outside.Done()
		}(i)
	}
	inside.Wait()
	fmt.Println("held", n)
	close(gate)
	outside.Wait()
	return n
}

func alone(n int) int {
	var inside sync.WaitGroup
	gate := make(chan struct{})
	close(gate)
	inside.Add(n)
	for i := 0; i < n; i++ {
		held(i, "somebody", &inside, gate)
	}
	return n
}

//go:noinline
func pass(id int, name string) int {
	return id + len(name)
}

func passing(n int) int {
	var wait sync.WaitGroup
	slots := make(chan struct{}, 64)
	for i := 0; i < n; i++ {
		slots <- struct{}{}
		wait.Add(1)
		go func(i int) {
			pass(i, "somebody")
			<-slots
			wait.Done()
		}(i)
	}
	wait.Wait()
	return n
}

//go:noinline
func leaf(n int) int {
	return n ^ 5
}

//go:noinline
func branch(n int) int {
	return leaf(n) + leaf(n+1)
}

//go:noinline
func spin(n int) int {
	return branch(n) + 1
}

var begin = make(chan os.Signal, 1)

func spinning(n int) int {
	sum := 0
	for part := 1; part <= 3; part++ {
		for i := 0; i < n; i++ {
			sum += spin(sum)
		}
		if part < 3 {
			fmt.Println("part", part)
			<-begin
		}
	}
	return 3 * 4 * n
}

func main() {
	ways := map[string]func(int) int{"hold": hold, "alone": alone, "pass": passing, "spin": spinning}
	if len(os.Args) != 3 || ways[os.Args[1]] == nil {
		os.Exit(2)
	}
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		os.Exit(2)
	}
	end := make(chan os.Signal, 1)
	signal.Notify(begin, syscall.SIGUSR1)
	signal.Notify(end, syscall.SIGUSR2)
	fmt.Println("ready")
	<-begin
	fmt.Println("made", ways[os.Args[1]](n))
	<-end
}
