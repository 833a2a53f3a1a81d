// SPDX-License-Identifier: GPL-2.0-only

// A process that replaces itself by the same binary, inside traced calls: the
// number of the process stays, and goroutine 1 begins anew.
package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"targets/truth"
)

//go:noinline
func tracedWork(l *truth.Lane, n int) {
	l.Enter("main.tracedWork")
	if n > 0 {
		tracedWork(l, n-1)
	}
	l.Leave()
}

//go:noinline
func tracedExec(l *truth.Lane, left int) error {
	l.Enter("main.tracedExec")
	tracedWork(l, left)
	exe, err := os.Executable()
	if err == nil {
		truth.Flush()
		err = syscall.Exec(exe, []string{exe, strconv.Itoa(left)}, os.Environ())
	}
	l.Leave()
	return err
}

func main() {
	left := 3
	if len(os.Args) > 1 {
		left, _ = strconv.Atoi(os.Args[1])
	}
	l := truth.Here()
	tracedWork(l, 5)
	if left > 0 {
		fmt.Fprintln(os.Stderr, "reexec:", tracedExec(l, left-1))
		os.Exit(1)
	}
	truth.Flush()
}
