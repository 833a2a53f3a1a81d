// SPDX-License-Identifier: GPL-2.0-only

// What a plugin makes, in the hands of the program that loaded it.
package main

import (
	"os"
	"plugin"
)

type namer interface{ Name() string }

//go:noinline
func takes(a any, n namer, err error, f func() int) {}

func main() {
	p, err := plugin.Open(os.Args[1])
	if err != nil {
		panic(err)
	}
	make, err := p.Lookup("Make")
	if err != nil {
		panic(err)
	}
	for _, v := range make.(func() []any)() {
		n, _ := v.(namer)
		e, _ := v.(error)
		f, _ := v.(func() int)
		takes(v, n, e, f)
	}
}
