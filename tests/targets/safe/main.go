// SPDX-License-Identifier: GPL-2.0-only

// A function that panics is called again and again by one that recovers and is
// not traced itself: each call stands at the depth of the one before.
package main

import "targets/truth"

//go:noinline
func safe(l *truth.Lane, n int) {
	defer func() { recover() }()
	tracedBad(l, n)
}

//go:noinline
func tracedBad(l *truth.Lane, n int) {
	l.Enter("main.tracedBad")
	if n%3 == 1 {
		tracedWorse(l, n)
	}
	if n%7 != 0 {
		panic(n)
	}
	l.Leave()
}

//go:noinline
func tracedWorse(l *truth.Lane, n int) {
	l.Enter("main.tracedWorse")
	if n%2 == 0 {
		panic(n)
	}
	l.Leave()
}

func main() {
	l := truth.Here()
	for n := 0; n < 1000; n++ {
		safe(l, n)
		l.Unwound(0)
	}
	truth.Flush()
}
