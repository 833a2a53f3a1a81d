// SPDX-License-Identifier: GPL-2.0-only

// Functions whose parameters are of every kind and go to every kind of place. The unit tests
// of the DWARF reader and of the ABI assignment build it with several compilers; it is never run.
package main

import (
	"errors"
	"time"
	"unsafe"
)

type celsius float64
type inner struct{ a, b int32 }
type student struct {
	inner
	name string
	age  int
	_    int16
	next *student
}
type one [1]string
type empty struct{}
type fn func(int) string
type stringer interface{ String() string }
type pair[K comparable, V any] struct {
	k K
	v V
}
type fits struct{ a, b, c, d, e, f, g, h, i int8 }
type over struct{ a, b, c, d, e, f, g, h, i, j int8 }
type mix struct {
	f float32
	i int8
	c complex64
	s string
}
type hole struct {
	a int
	z [2]struct{}
}
type deep struct {
	x [1]struct {
		y [1]inner
		z [0]int
	}
	w float64
}
type node struct {
	kids []node
	up   *node
	by   map[string]node
	ch   chan node
}

var sink []any

//go:noinline
func use(args ...any) { sink = args }

//go:noinline
func text(args ...any) string { sink = args; return "" }

//go:noinline
func (s *student) String() string { return s.name + text(s.age) }

//go:noinline
func (s student) val(x int, y float64) (string, error) {
	return s.name, errors.New(text(x, y))
}

//go:noinline
func ints(a int8, b uint16, c int32, d int64, e uint, f uintptr, g bool, h rune, i byte, j int) int {
	return int(a) + int(b) + int(c) + int(d) + int(e) + int(f) + int(h) + int(i) + j
}

//go:noinline
func nums(a int16, b uint32, c uint64, d float32, e float64, f complex64, g complex128, h int) (float32, complex64) {
	return d + float32(e), f + complex64(g)
}

//go:noinline
func mixed(a float32, b int, c complex128, d string, e []int, f map[string]int, g chan int, h func(int) string, i error, j any) (x float64, y string, z error) {
	return float64(a) + float64(b) + real(c), d + text(e, f, g, h == nil, i, j), i
}

//go:noinline
func blanks(_ int, a string, _ float64, _ struct{}, b [2]int, c one, d [0]int, e empty) (_ int, s string, _ error) {
	use(b, c)
	return len(a), "", nil
}

//go:noinline
func unnamed(int, string) (int, error) { use("x"); return 1, nil }

//go:noinline
func unused(a int, b string, c celsius, d time.Duration) {}

//go:noinline
func variadic(f string, args ...any) int { return len(text(args...) + f) }

//go:noinline
func generic[T any](x T, n int) T { use(n); return x }

//go:noinline
func (p *pair[K, V]) get(k K) (V, bool) { use(k); return p.v, p.k == k }

//go:noinline
func (p pair[K, V]) has(k K, v V) bool { use(k); return p.k == k }

func inlinedGeneric[T any](x T, n int) T { return x }

//go:noinline
func ptrs(a unsafe.Pointer, b **int, c fn, d stringer, e *[4]int, f <-chan string) {
	use(a, b, c, d, e, f)
}

func inlined(_ int, a string, _ float64, b int) int { return len(a) + b }

//go:noinline
func closures(n int, s string) func(int) int {
	var e error
	cnt := 0
	return func(k int) int {
		cnt += k
		if cnt > 100 {
			e = errors.New(s)
		}
		use(n, s, cnt, e)
		return n + k + cnt
	}
}

//go:noinline
func results(a [3]int, b int) (int, [2]string, float64, string, string, string, string, int, inner) {
	use(a, b)
	return b, [2]string{}, 1, "", "", "", "", 2, inner{}
}

//go:noinline
func whole(a fits, b int) int { return int(a.a) + int(a.i) + b }

//go:noinline
func spilled(a over, b int8, c int) int { return int(a.a) + int(a.j) + int(b) + c }

//go:noinline
func late(a [7]int8, b int, c [3]int8, d [1][0]int, e [2]int16) (byte, [3]int8, byte) {
	use(a, b, c, e)
	return 1, c, 2
}

//go:noinline
func parts(a mix, b hole, c deep, d mix) mix { use(a, b, c, d); return d }

//go:noinline
func floats(a, b, c, d, e, f, g, h, i, j, k, l, m, n float64, o complex128, p float32, q float64) float64 {
	use(o, p, q)
	return a + b + c + d + e + f + g + h + i + j + k + l + m + n
}

//go:noinline
func nodes(n node, m *node) node { use(n, m); return n }

//go:noinline
func anonymous(x struct {
	a int
	b string
}) int {
	use(x.b)
	return x.a
}

var kept = []any{inlined, inlinedGeneric[string]}

func main() {
	s := &student{name: "x"}
	use(s.String(), ints(1, 2, 3, 4, 5, 6, true, 'x', 1, 1), kept)
	s.val(1, 2)
	nums(1, 2, 3, 4, 5, 6, 7, 8)
	mixed(1, 2, 3, "", nil, nil, nil, nil, nil, nil)
	blanks(1, "", 2, struct{}{}, [2]int{}, one{}, [0]int{}, empty{})
	unnamed(1, "")
	unused(1, "", 2, 3)
	variadic("", 1, 2)
	generic(1, 2)
	generic("", 2)
	p := &pair[string, int]{}
	p.get("x")
	p.has("x", 1)
	var st stringer = s
	ptrs(nil, nil, nil, st, nil, nil)
	inlined(1, "", 2, 1)
	inlinedGeneric(s.name, 1)
	use(closures(1, "x")(4))
	results([3]int{}, 1)
	whole(fits{}, 1)
	spilled(over{}, 1, 2)
	late([7]int8{}, 1, [3]int8{}, [1][0]int{}, [2]int16{})
	parts(mix{}, hole{}, deep{}, mix{})
	floats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17)
	nodes(node{}, nil)
	anonymous(struct {
		a int
		b string
	}{1, "x"})
	use(asmadd(1, 2, "x"))
}
