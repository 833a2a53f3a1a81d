// SPDX-License-Identifier: GPL-2.0-only

// Crowd makes many calls, in ways that cost a tracer memory, and says how many it made:
//
//	hold N   N goroutines, all inside main.held at the same time
//	stay N   the same, and they stay there
//	alone N  one goroutine, that calls main.held N times
//	pass N   N goroutines that end right after one call of main.pass, some dozens at a time
//	never N  50 goroutines inside main.endless, that call main.pass N times in all, and never return
//	forge N  N calls of main.forged, in each of which the goroutine takes another id than it had
//	spin N   three times N trees of four calls (main.spin), as fast as possible; behind the first and the
//	         second time it prints "part 1" and "part 2", and goes on at the next SIGUSR1
//
// It ends by itself after ten minutes. It prints "ready" and begins at SIGUSR1; prints "made N" (calls), and ends at SIGUSR2.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

//go:noinline
func held(id int, name string, inside *sync.WaitGroup, gate <-chan struct{}) int {
	inside.Done()
	<-gate
	return id + len(name)
}

func hold(n int) int {
	return inside(n, true)
}

func stay(n int) int {
	return inside(n, false)
}

func inside(n int, leave bool) int {
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
	if leave {
		close(gate)
		outside.Wait()
	}
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

//go:noinline
func endless(id, n int, outside *sync.WaitGroup) {
	for i := 0; i < n; i++ {
		pass(id, "somebody")
	}
	outside.Done()
	select {}
}

func never(n int) int {
	const roots = 50
	var outside sync.WaitGroup
	outside.Add(roots)
	for i := 0; i < roots; i++ {
		go endless(i, n/roots, &outside)
	}
	outside.Wait()
	return n/roots*roots + roots
}

// The word of the current g that holds its id; the offset is one of those that Go 1.19 to 1.27 have.
func goid() *uint64 {
	var text [64]byte
	var id uint64
	fmt.Sscanf(string(text[:runtime.Stack(text[:], false)]), "goroutine %d ", &id)
	for _, offset := range []uintptr{152, 160} {
		word := (*uint64)(unsafe.Add(getg(), offset))
		if *word == id {
			return word
		}
	}
	panic("no id in g")
}

//go:noinline
func forged(id *uint64, next uint64) {
	*id = next
}

func forging(n int) int {
	done := make(chan bool)
	go func() {
		id := goid()
		old := *id
		for i := 1; i <= n; i++ {
			forged(id, 1<<32+uint64(i))
		}
		*id = old
		done <- true
	}()
	<-done
	return n
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
	ways := map[string]func(int) int{"hold": hold, "stay": stay, "alone": alone, "pass": passing, "never": never,
		"forge": forging, "spin": spinning}
	if len(os.Args) != 3 || ways[os.Args[1]] == nil {
		os.Exit(2)
	}
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		os.Exit(2)
	}
	time.AfterFunc(10*time.Minute, func() { os.Exit(3) })
	end := make(chan os.Signal, 1)
	signal.Notify(begin, syscall.SIGUSR1)
	signal.Notify(end, syscall.SIGUSR2)
	fmt.Println("ready")
	<-begin
	fmt.Println("made", ways[os.Args[1]](n))
	<-end
}
