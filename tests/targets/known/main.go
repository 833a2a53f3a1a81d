// SPDX-License-Identifier: GPL-2.0-only

// Values of the types of which a tracer says what they mean, at every kind of place; the program writes what that is, a
// line of JSON for each call: {"func":"main.durations","args":["30s", ...]}.
package main

import (
	"encoding/json"
	"os"
)

var truth = json.NewEncoder(os.Stdout)

type call struct {
	Func string   `json:"func"`
	Args []string `json:"args"`
}

// want says what each argument of the next call of `name` means.
func want(name string, args ...string) {
	truth.Encode(call{"main." + name, args})
}

// everywhere is a value, behind a pointer, in a struct, a slice and an interface, and nil.
func everywhere(name, words string) {
	want(name, words, words, words, words, words, "null")
}

func main() {
	truth.SetEscapeHTML(false)
	times()
	nets()
	webs()
	buffers()
	numbers()
	locks()
	types()
	enumerations()
	databases()
	addresses()
	newer()
}
