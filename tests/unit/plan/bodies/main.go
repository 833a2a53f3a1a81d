// SPDX-License-Identifier: GPL-2.0-only

// Functions whose first and last instructions are of every kind that a plan has to tell apart.
package main

import (
	"fmt"
	"os"
	"runtime"
)

//go:noinline
func small(n int) int { return len(fmt.Sprint(n)) }

//go:noinline
func medium(n int) int {
	var room [64]int
	fmt.Sscan(os.Args[0], &room[n&63])
	return room[1]
}

//go:noinline
func large(n int) int {
	var room [2048]int
	fmt.Sscan(os.Args[0], &room[n&2047])
	return room[1]
}

//go:noinline
func leaf(n int) int { return n * 3 }

//go:noinline
func forever() {
	for {
		fmt.Print()
	}
}

func inlined(n int) int { return n + 1 }

type counter int

// Its only copy stands in counter.wrapped-fm.
func (c counter) wrapped(n int) int { return int(c) + n }

//go:noinline
func apply(f func(int) int) int { return f(1) }

// Two copies of inlined's code stand in main, from one place here.
func nested(n int) int { return inlined(n) ^ len(os.Args) }

// Instance has a name with brackets.
//
//go:noinline
func instance[T any](v T) string { return fmt.Sprint(v) }

//go:noinline
func recovers() {
	defer func() { recover() }()
	panic("again")
}

func plain()
func jumps()
func jumpsIf()
func jumpsByTable()
func jumpsByRegister()
func jumpsLater()
func loops()
func undecodable()
func intoTheMiddle()
func trap()

func main() {
	recovers()
	if len(os.Args) < 9 {
		return
	}
	fmt.Println(small(1), medium(2), large(3), leaf(4), inlined(len(os.Args)), instance(6),
		nested(len(os.Args)), nested(7+len(os.Args)))
	apply(counter(len(os.Args)).wrapped)
	plain()
	jumps()
	jumpsIf()
	jumpsByTable()
	jumpsByRegister()
	jumpsLater()
	loops()
	undecodable()
	intoTheMiddle()
	trap()
	go runtime.Goexit()
	forever()
}
