// SPDX-License-Identifier: GPL-2.0-only

// Starts programs from inside traced calls: until its exec the child runs on
// the memory, and on the g, of its parent.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"

	"targets/truth"
)

//go:noinline
func tracedStart(l *truth.Lane, name string) error {
	l.Enter("main.tracedStart")
	err := exec.Command(name).Run()
	tracedLeaf(l)
	l.Leave()
	return err
}

//go:noinline
func tracedLeaf(l *truth.Lane) {
	l.Enter("main.tracedLeaf")
	l.Leave()
}

func main() {
	var wg sync.WaitGroup
	for i := 0; i < 3; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			l := truth.Here()
			for n := 0; n < 5; n++ {
				if err := tracedStart(l, "/bin/true"); err != nil {
					fmt.Fprintln(os.Stderr, "vfork:", err)
					os.Exit(1)
				}
				// The child returns from the exec that failed and exits.
				if tracedStart(l, "/") == nil {
					fmt.Fprintln(os.Stderr, "vfork: a directory was executed")
					os.Exit(1)
				}
			}
		}()
	}
	wg.Wait()
	truth.Flush()
}
