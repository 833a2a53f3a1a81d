// SPDX-License-Identifier: GPL-2.0-only

//go:build c

package main

// #include <sys/syscall.h>
// #include <unistd.h>
// static long asks(void) { return syscall(SYS_access, "/none", R_OK); }
import "C"

//go:noinline
func inC() {
	C.asks()
}
