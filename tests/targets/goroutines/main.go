// SPDX-License-Identifier: GPL-2.0-only

// A program that knows who started which of its goroutines. Each calls traced() and notes what should be told of it: its
// number, its parent's (0: none), the function that it runs, the line of its go statement (0: not in this file), and where that
// is. With an argument some goroutines are there, and wait, before it says "ready"; SIGUSR1 lets them go on.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

var (
	lock  sync.Mutex
	notes []string
	done  sync.WaitGroup
)

func number() uint64 {
	var text [64]byte

	n, _ := strconv.ParseUint(string(bytes.Fields(text[:runtime.Stack(text[:], false)])[1]), 10, 64)
	return n
}

// The line behind that of the call.
func next() int {
	_, _, line, _ := runtime.Caller(1)
	return line + 1
}

//go:noinline
func traced(parent uint64, runs, where string, line int) {
	lock.Lock()
	notes = append(notes, fmt.Sprint(number(), " ", parent, " ", runs, " ", where, " ", line))
	lock.Unlock()
	done.Done()
}

//go:noinline
func plain() { traced(plainParent, "main.plain", "main.handle", plainLine) }

var (
	plainParent uint64
	plainLine   int
)

//go:noinline
func worker(parent uint64, where string, line int) { traced(parent, "main.worker", where, line) }

// Small enough to be inlined into what the compiler makes of its go statement.
func small(parent uint64, line int) { traced(parent, "main.small", "main.handle", line) }

type server struct{ parent uint64 }

//go:noinline
func (s *server) serve(line int) { traced(s.parent, "main.(*server).serve", "main.handle", line) }

//go:noinline
func handle(f func(uint64, string, int)) {
	me := number()
	s := &server{me}
	done.Add(7)
	plainParent, plainLine = me, next()
	go plain()
	line := next()
	go worker(me, "main.handle", line)
	literal := next()
	go func() { traced(me, "main.handle.func1", "main.handle", literal) }()
	taking := next()
	go func(line int) { traced(me, "main.handle.func2", "main.handle", line) }(taking)
	line = next()
	go s.serve(line)
	line = next()
	go f(me, "main.handle", line)
	line = next()
	go small(me, line)
	done.Wait()
}

// In no traced call.
func outside() {
	me := number()
	done.Add(2)
	line := next()
	go worker(me, "main.outside", line)
	time.AfterFunc(time.Millisecond, func() { traced(0, "main.outside.func1", "time.goFunc", 0) })
	done.Wait()
}

func before() (release func()) {
	me := number()
	gate := make(chan int)
	for i := 0; i < 3; i++ {
		done.Add(1)
		line := next()
		go func() { <-gate; traced(me, "main.before.func1", "main.before", line) }()
	}
	return func() { close(gate); done.Wait() }
}

func main() {
	if len(os.Args) > 1 {
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGUSR1)
		release := before()
		fmt.Println("ready")
		<-c
		release()
	}
	for i := 0; i < 3; i++ {
		over := make(chan int)
		go func() {
			handle(worker)
			outside()
			close(over)
		}()
		<-over
	}
	for _, note := range notes {
		fmt.Println(note)
	}
}
