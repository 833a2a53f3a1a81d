// SPDX-License-Identifier: GPL-2.0-only

// Direct and mutual recursion, also through frames that are not traced.
package main

import "targets/truth"

//go:noinline
func tracedFib(l *truth.Lane, n int) int {
	l.Enter("main.tracedFib")
	r := n
	if n > 1 {
		r = tracedFib(l, n-1) + tracedFib(l, n-2)
	}
	l.Leave()
	return r
}

//go:noinline
func tracedEven(l *truth.Lane, n int) bool {
	l.Enter("main.tracedEven")
	r := n == 0 || tracedOdd(l, n-1)
	l.Leave()
	return r
}

//go:noinline
func tracedOdd(l *truth.Lane, n int) bool {
	l.Enter("main.tracedOdd")
	r := n != 0 && tracedEven(l, n-1)
	l.Leave()
	return r
}

//go:noinline
func between(l *truth.Lane, n int, f func(*truth.Lane, int) int) int {
	var pad [64]int
	pad[n%64] = f(l, n)
	return pad[n%64]
}

//go:noinline
func tracedThrough(l *truth.Lane, n int) int {
	l.Enter("main.tracedThrough")
	r := 1
	if n > 0 {
		r += between(l, n-1, tracedThrough)
		r += between(l, n/2, tracedThrough)
	}
	l.Leave()
	return r
}

func main() {
	l := truth.Here()
	tracedFib(l, 12)
	tracedEven(l, 40)
	tracedOdd(l, 31)
	tracedThrough(l, 9)
	truth.Flush()
}
