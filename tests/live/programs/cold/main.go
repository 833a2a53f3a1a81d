// SPDX-License-Identifier: GPL-2.0-only

// Cold hands around parts of a large constant, each far from the others, on pages that nobody has come to. It
// never looks at any of it.
package main

const (
	line  = "0123456789abcdefghijklmnopqrstuv"
	page  = line + line + line + line + line + line + line + line
	block = page + page + page + page + page + page + page + page +
		page + page + page + page + page + page + page + page
	part  = block + block + block + block + block + block + block + block
	large = part + part + part + part + part + part + part + part +
		part + part + part + part + part + part + part + part +
		part + part + part + part + part + part + part + part +
		part + part + part + part + part + part + part + part
)

//go:noinline
func text(s string) string { return s }

//go:noinline
func raw(n int, s ...string) int { return n + len(s) }

func main() {
	whole := large
	// The kernel brings in 64 KB around each page that is needed.
	for i := 1; i < 8; i++ {
		at := i*128<<10 + i
		text(whole[at : at+10])
	}
	raw(1, whole[70<<10:70<<10+4], whole[200<<10:200<<10+4])
}
