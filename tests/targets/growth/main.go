// SPDX-License-Identifier: GPL-2.0-only

// Deep recursion in fresh goroutines: the stack grows in the prologues of
// functions with each of the three stack checks that the compiler knows.
package main

import (
	"sync"

	"targets/truth"
)

//go:noinline
func fill(p []byte, n int) int {
	for i := range p {
		p[i] = byte(n + i)
	}
	return int(p[n%len(p)])
}

//go:noinline
func tracedSmall(l *truth.Lane, n int) int {
	l.Enter("main.tracedSmall")
	if n > 0 {
		n += tracedSmall(l, n-1)
	}
	l.Leave()
	return n
}

//go:noinline
func tracedMedium(l *truth.Lane, n int) int {
	var pad [1536]byte
	l.Enter("main.tracedMedium")
	r := fill(pad[:], n)
	if n > 0 {
		r += tracedMedium(l, n-1)
	}
	l.Leave()
	return r
}

//go:noinline
func tracedLarge(l *truth.Lane, n int) int {
	var pad [9000]byte
	l.Enter("main.tracedLarge")
	r := fill(pad[:], n)
	if n > 0 {
		r += tracedLarge(l, n-1)
	}
	l.Leave()
	return r
}

//go:noinline
func tracedMixed(l *truth.Lane, n int) int {
	var pad [300]byte
	l.Enter("main.tracedMixed")
	r := fill(pad[:], n)
	switch {
	case n == 0:
	case n%3 == 0:
		r += tracedLarge(l, n%4)
	case n%3 == 1:
		r += tracedMedium(l, n%5)
	default:
		r += tracedSmall(l, n%6)
	}
	if n > 0 {
		r += tracedMixed(l, n-1)
	}
	l.Leave()
	return r
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 60; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			l := truth.Here()
			switch i % 4 {
			case 0:
				tracedSmall(l, 300)
			case 1:
				tracedMedium(l, 60+i)
			case 2:
				tracedLarge(l, 40)
			case 3:
				tracedMixed(l, 40)
			}
		}(i)
	}
	wg.Wait()
	truth.Flush()
}
