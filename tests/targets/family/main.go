// SPDX-License-Identifier: GPL-2.0-only

// A process that starts others of the same binary, several at once, each with
// the same goroutine numbers, and some one after another, like a restart.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"

	"targets/truth"
)

//go:noinline
func tracedWork(l *truth.Lane, n int) {
	l.Enter("main.tracedWork")
	for i := 0; i < n%3; i++ {
		tracedPart(l, i)
	}
	l.Leave()
}

//go:noinline
func tracedPart(l *truth.Lane, n int) {
	l.Enter("main.tracedPart")
	if n > 0 {
		tracedPart(l, n-1)
	}
	l.Leave()
}

//go:noinline
func tracedStart(l *truth.Lane, generations int) error {
	l.Enter("main.tracedStart")
	cmd := exec.Command("/proc/self/exe", strconv.Itoa(generations))
	cmd.Stderr = os.Stderr
	err := cmd.Run()
	l.Leave()
	return err
}

func main() {
	generations := 2
	if len(os.Args) > 1 {
		n, err := strconv.Atoi(os.Args[1])
		if err != nil {
			fmt.Fprintln(os.Stderr, "usage: family [GENERATIONS]")
			os.Exit(64)
		}
		generations = n
	}
	var wg sync.WaitGroup
	failed := make(chan error, 8)
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			l := truth.Here()
			for n := 0; n < 40; n++ {
				tracedWork(l, n)
			}
			if generations > 0 && i < 2 {
				if err := tracedStart(l, generations-1); err != nil {
					failed <- err
				}
			}
		}(i)
	}
	wg.Wait()
	truth.Flush()
	if len(failed) > 0 {
		fmt.Fprintln(os.Stderr, "family:", <-failed)
		os.Exit(1)
	}
}
