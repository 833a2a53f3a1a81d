// SPDX-License-Identifier: GPL-2.0-only

// Methods that the compiler writes: for an embedded pointer it jumps to the
// method, for a value behind a pointer it calls it.
package main

import "targets/truth"

type hitter interface {
	Hit(l *truth.Lane) int
}

type tracedInner struct{ n int }

//go:noinline
func (t *tracedInner) Hit(l *truth.Lane) int {
	l.Enter("main.(*tracedInner).Hit")
	tracedLeaf(l)
	l.Leave()
	return t.n
}

type tracedOuter struct {
	pad int
	*tracedInner
}

type tracedMost struct {
	pad [3]int
	*tracedOuter
}

type tracedPlain struct{ n int }

//go:noinline
func (t tracedPlain) Hit(l *truth.Lane) int {
	l.Enter("main.tracedPlain.Hit")
	tracedLeaf(l)
	l.Leave()
	return t.n
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

//go:noinline
func hit(h hitter, l *truth.Lane) int { return h.Hit(l) }

// through stamps the call of a wrapper that jumps, except where the compiler
// makes it call: from Go 1.20 to 1.23, and in 1.19 with the race detector.
func through(h hitter, l *truth.Lane, wrapper string) {
	depth := l.Depth()
	l.Call(wrapper)
	if truth.Minor() >= 24 || (truth.Minor() <= 19 && !truth.Race) {
		l.Jumped()
		hit(h, l)
		return
	}
	hit(h, l)
	l.Back(depth)
}

//go:noinline
func tracedAll(l *truth.Lane, n int) {
	depth := l.Enter("main.tracedAll")
	outer := &tracedOuter{1, &tracedInner{n}}
	through(outer, l, "main.(*tracedOuter).Hit")
	through(&tracedMost{[3]int{}, outer}, l, "main.(*tracedMost).Hit")
	l.Call("main.(*tracedPlain).Hit")
	hit(&tracedPlain{n}, l)
	l.Back(depth)
	hit(outer.tracedInner, l)
	l.Leave()
}

func main() {
	l := truth.Here()
	for i := 0; i < 20; i++ {
		tracedAll(l, i)
		through(&tracedOuter{1, &tracedInner{i}}, l, "main.(*tracedOuter).Hit")
	}
	truth.Flush()
}
