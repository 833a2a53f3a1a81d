// SPDX-License-Identifier: GPL-2.0-only

//go:build cgo

package main

// #include <unistd.h>
import "C"

// Calls to C are system calls to the runtime.
func init() {
	cases["c"] = func() {
		alone("c", func(e *entry) {
			from := now()
			C.usleep(10000)
			e.Syscall = now() - from - 1000000
			if e.Syscall > 10000000 {
				e.Syscall = 10000000
			}
		})
	}
}
