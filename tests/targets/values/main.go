// SPDX-License-Identifier: GPL-2.0-only

// Values of every kind of type, at every kind of place that Go's calling convention has: the
// program writes what a tracer has to say of each call, by hand (expect).
package main

import "targets/values/expect"

func main() {
	integers()
	floating()
	texts()
	lists()
	structs()
	references()
	dynamics()
	instances()
	expect.Flush()
}
