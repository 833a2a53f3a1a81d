// SPDX-License-Identifier: GPL-2.0-only

// Functions for the unit tests of what is read at a site: the tests make up registers and
// memory themselves, so it is built and never run.
package main

import "errors"

type base struct {
	id  int
	tag string
}
type named struct {
	name string
	both int
}
type other struct{ both int }
type student struct {
	*base
	named
	other
	_     int16
	age   int8
	small uint8
	f     float64
	next  *student
	kids  []student
	marks [3]int16
	props map[string]int
	err   error
}
type point struct {
	x int32
	y float32
	z int32
}
type celsius float64

var counter = 7
var sink []any

//go:noinline
func use(args ...any) { sink = args }

//go:noinline
func (s *student) greet(n int, word string) string { use(s, n, word); return word }

//go:noinline
func numbers(a int8, b uint16, c int32, d uint64, e bool, f float64, g celsius) (int8, uint16, float32) {
	use(a, b, c, d, e, f, g)
	return a, b, 1
}

//go:noinline
func lists(a []int, b [4]byte, c *[3]int32, d map[string]int, e chan int, f string) ([]string, error) {
	use(a, b, c, d, e, f)
	return nil, errors.New(f)
}

//go:noinline
func structs(p point, q struct{ a, b int16 }, r [1]string, big [40]student) point {
	use(p, q, r, big)
	return p
}

type huge struct {
	head int
	body [380]int64
	last struct{ in, out int }
	text string
}

//go:noinline
func large(h huge, rows [8][50]int64) { use(h, rows) }

//go:noinline
func wide(a, b, c, d string, e string, f int32) string { use(a, b, c, d, e, f); return e }

//go:noinline
func faces(err error, v any, fn func(int) int, raw []byte, names []string, rec []point) (n int, ok bool) {
	use(err, v, fn, raw, names, rec)
	return 1, true
}

//go:noinline
func links(ps []*base, pp **base, big *[100]int64, link []struct {
	p *base
	n int
}, two [2]*base, many [20]int16, tags [2]string) {
	use(ps, pp, big, link, two, many, tags)
}

//go:noinline
func generic[T any](x T, n int) T { use(x, n); return x }

//go:noinline
func blanks(_ int, a string, _ int) { use(a) }

//go:noinline
func closures(k int, s string) func(int) int {
	total := 0
	return func(n int) int { total += n; use(s, total, k); return total + k }
}

type reader interface{ read() int }

//go:noinline
func reads(r, s, t reader) { use(r, s, t) }

func main() {
	s := &student{base: &base{}}
	use(s.greet(1, "x"), counter)
	numbers(1, 2, 3, 4, true, 5, 6)
	lists(nil, [4]byte{}, nil, nil, nil, "")
	structs(point{}, struct{ a, b int16 }{}, [1]string{}, [40]student{})
	large(huge{}, [8][50]int64{})
	wide("", "", "", "", "", 1)
	faces(nil, nil, nil, nil, nil, nil)
	links(nil, nil, nil, nil, [2]*base{}, [20]int16{}, [2]string{})
	generic("x", 1)
	blanks(1, "", 2)
	reads(nil, nil, nil)
	use(closures(1, "x")(2))
}
