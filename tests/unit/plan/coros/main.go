// SPDX-License-Identifier: GPL-2.0-only

// A coroutine, which takes the part of the runtime along that changes states without the scheduler.
package main

import "iter"

//go:noinline
func small(n int) int {
	next, stop := iter.Pull(func(yield func(int) bool) { yield(n) })
	defer stop()
	v, _ := next()
	return v
}

func main() {
	println(small(1))
}
