// SPDX-License-Identifier: GPL-2.0-only

//go:build go1.23

package main

import "iter"

// The caller of next parks, and the coroutine gives it the thread back: nothing is ever runnable.
func init() {
	cases["pull"] = func() {
		next, stop := iter.Pull(func(yield func(int) bool) {
			for i := 0; yield(i); i++ {
			}
		})
		alone("pull", func(e *entry) {
			for i := 0; i < 5; i++ {
				e.timed("coroutine", func() { next() })
				e.Waits[i].Waker = -1
			}
		})
		stop()
	}
}
