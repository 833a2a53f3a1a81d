// SPDX-License-Identifier: GPL-2.0-only

// Callers calls functions by many ways, and prints for each call who its callers are, as the runtime
// sees them: one line a call, FUNCTION@FILE:LINE for each, innermost first. What is called, and traced,
// stands on the same line as the question.
package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

//go:noinline
func tracedLeaf(n int) int { return n + 1 }

//go:noinline
func tracedFrame(n int) int {
	var room [300]int
	room[n&255] = n
	return tracedLeaf(room[n&127]) + room[n&63]
}

// who prints the callers, its own caller first.
//
//go:noinline
func who() {
	var pcs [64]uintptr
	var line []string

	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		line = append(line, fmt.Sprintf("%s@%s:%d", frame.Function, filepath.Base(frame.File), frame.Line))
	}
	fmt.Println(strings.Join(line, " "))
}

// Inlined twice over.
func inner(n int) int { who(); return tracedFrame(n) }

func outer(n int) int { return inner(n) + 1 }

//go:noinline
func direct(n int) int { who(); return tracedLeaf(n) }

//go:noinline
func deep(n int) int {
	if n > 0 {
		return deep(n-1) + 1
	}
	return outer(n)
}

type adder interface{ add(n int) int }

type plain struct{ by int }

func (p plain) add(n int) int { who(); return tracedFrame(n + p.by) }

//go:noinline
func through(a adder) int { return a.add(1) }

//go:noinline
func deferred() {
	defer func() { who(); tracedLeaf(3) }()
	defer direct(2)
}

//go:noinline
func panics() {
	defer func() {
		recover()
		who(); tracedFrame(4)
	}()
	panic("stop")
}

func main() {
	direct(1)
	deep(5)
	through(plain{2})
	through(&plain{3})
	deferred()
	panics()
	done := make(chan bool)
	go func() {
		deep(20)
		func() { direct(7) }()
		close(done)
	}()
	<-done
}
