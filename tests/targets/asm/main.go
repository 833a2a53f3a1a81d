// SPDX-License-Identifier: GPL-2.0-only

// Assembly: ABI0 bodies behind wrappers, frameless leaves, a jump from one to
// another, and a call from assembly back into Go.
package main

import "targets/truth"

// In asm_amd64.s.
func tracedLeaf(a, b int) int
func tracedFrame(a int) int
func tracedJump(a, b int) int
func tracedCallsGo()

var lane *truth.Lane

// Called through a variable, a function of assembly has a wrapper before it.
var (
	leaf  = tracedLeaf
	frame = tracedFrame
)

// tracedFromAsm has no arguments: its ABI0 wrapper jumps.
//
//go:noinline
func tracedFromAsm() {
	lane.Enter("main.tracedFromAsm")
	lane.Leave()
}

//go:nosplit
//go:noinline
func tracedNosplit(a int) int { return a + 1 }

//go:nosplit
//go:noinline
func tracedLoop(p *[64]byte) (sum int) {
	for _, b := range p {
		sum += int(b)
	}
	return sum
}

func main() {
	lane = truth.Here()
	l := lane
	var bytes [64]byte
	for i := 0; i < 50; i++ {
		l.Call("main.tracedLeaf.abi0")
		tracedLeaf(i, 1)
		l.Back(0)

		l.Call("main.tracedFrame.abi0")
		tracedFrame(i)
		l.Back(0)

		l.Call("main.tracedLeaf")
		l.Call("main.tracedLeaf.abi0")
		leaf(i, 1)
		l.Back(1)
		l.Back(0)

		l.Call("main.tracedFrame")
		l.Call("main.tracedFrame.abi0")
		frame(i)
		l.Back(1)
		l.Back(0)

		l.Call("main.tracedJump.abi0")
		l.Jumped()
		l.Call("main.tracedLeaf.abi0")
		tracedJump(i, 2)
		l.Back(0)

		l.Call("main.tracedCallsGo.abi0")
		l.Call("main.tracedFromAsm.abi0")
		l.Jumped()
		tracedCallsGo()
		l.Back(0)

		l.Call("main.tracedNosplit")
		tracedNosplit(i)
		l.Back(0)
		l.Call("main.tracedLoop")
		tracedLoop(&bytes)
		l.Back(0)
	}
	truth.Flush()
}
