// SPDX-License-Identifier: GPL-2.0-only

//go:build go1.23

package main

//go:noinline
func pairs(yield func(string, int) bool) {
	_ = yield("a", 1) && yield("b", 2)
}

// The compiler makes functions of the loops' bodies, whose unnamed parameters debug information
// leaves out, as it does the results of these.
//
//go:noinline
func ranged(n int) (string, int) {
	for _, v := range pairs {
		use(v)
		if v == n {
			return "x", v
		}
	}
	return "", n
}

func init() { kept = append(kept, ranged) }
