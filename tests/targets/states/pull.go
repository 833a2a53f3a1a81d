// SPDX-License-Identifier: GPL-2.0-only

//go:build go1.23

package main

import "iter"

// A coroutine that is resumed n times: both sides change their state without the scheduler.
//
//go:noinline
func pull(n int) {
	next, stop := iter.Pull(func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	})
	defer stop()
	for i := 0; i < n; i++ {
		if v, ok := next(); !ok || v != i {
			panic("not what was yielded")
		}
	}
}
