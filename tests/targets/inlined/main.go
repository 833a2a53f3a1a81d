// SPDX-License-Identifier: GPL-2.0-only

// tracedSmall is inlined wherever it is called, so no probe sees it; that it
// is not there has to be said.
package main

import (
	"os"

	"targets/truth"
)

func tracedSmall(n int) int { return n + 1 }

//go:noinline
func tracedUser(l *truth.Lane, n int) int {
	l.Enter("main.tracedUser")
	n = tracedSmall(n) * tracedSmall(n+2)
	return n
}

func main() {
	l := truth.Here()
	l.BackWith(0, int64(tracedUser(l, len(os.Args))))
	truth.Flush()
}
