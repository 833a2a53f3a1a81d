// SPDX-License-Identifier: GPL-2.0-only

package truth

import (
	"runtime"
	"strconv"
	"strings"
)

// Minor is N of the Go 1.N that built the program.
func Minor() int {
	v := strings.TrimPrefix(runtime.Version(), "go1.")
	if end := strings.IndexFunc(v, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		v = v[:end]
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		panic("truth: not a release of Go 1: " + runtime.Version())
	}
	return n
}

// Shape is the name that the linker gives to type argument number i of an
// instance whose underlying type is written typ.
func Shape(i int, typ string) string {
	if Minor() < 20 {
		return "go.shape." + typ + "_" + strconv.Itoa(i)
	}
	return "go.shape." + typ
}
