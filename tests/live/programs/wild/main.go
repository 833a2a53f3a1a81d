// SPDX-License-Identifier: GPL-2.0-only

// Wild hands around what must not be followed: nil, wild and dangling pointers, lengths that make no
// sense, memory that is protected, on disk only, taken away or never there. It never looks at any of it.
//
//	wild values            one call each; the first argument says what it is
//	wild pages FILE        memory that is there, or not, or on disk in FILE
//	wild unmap N           N calls at least, and until another thread has mapped and unmapped what they
//	                       point to as often; says "ticked" and how many it were on stderr
//	wild change N          N calls while another thread changes what they point to
//	wild never N           a call whose page nobody ever serves, then N others in another goroutine; says
//	                       "ticked" and waits for stdin to end before it serves the page
//	wild never N reached   the same, but the N others wait until somebody needs the page
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"unsafe"
)

type node struct {
	N     int
	Next  *node
	Name  string
	Links []*node
	Err   error
}

//go:noinline
func text(what string, s string) {}

//go:noinline
func raw(what string, b []byte) {}

//go:noinline
func list(what string, a []int) {}

//go:noinline
func texts(what string, w []string) {}

//go:noinline
func pointer(what string, p *node) {}

//go:noinline
func further(what string, p **node) {}

//go:noinline
func dynamic(what string, v any) {}

//go:noinline
func fails(what string, err error) {}

//go:noinline
func tables(what string, m map[string]int, c chan int, f func()) {}

//go:noinline
func tick(n int, s string) int { return n }

//go:noinline
func changing(s *string, b []byte) {}

// forge makes a value of type T of those words.
func forge[T any](words ...uintptr) T {
	var v T

	if unsafe.Sizeof(v) != uintptr(len(words))*8 {
		panic("forge: size")
	}
	copy(unsafe.Slice((*uintptr)(unsafe.Pointer(&v)), len(words)), words)
	return v
}

func word[T any](v *T, i int) *uintptr {
	return (*uintptr)(unsafe.Add(unsafe.Pointer(v), 8*i))
}

// Wild addresses: near nil, not canonical, the kernel's, the last one.
var wild = []uintptr{0x10, 0x8000dead0000, 0xdead000000000000, 0xffffffff81000000, 1<<64 - 1}

func values() {
	ok := "fine"
	at := *word(&ok, 0)
	for _, n := range []uintptr{1 << 63, 1<<64 - 1, 1 << 62, 1<<46 + 1} {
		what := fmt.Sprint("length ", int(n))
		text(what, forge[string](at, n))
		raw(what, forge[[]byte](at, n, n))
		list(what, forge[[]int](at, n, n))
		texts(what, forge[[]string](at, n, n))
	}
	raw("capacity", forge[[]byte](at, 4, 3))
	list("capacity", forge[[]int](at, 4, 3))
	for i, p := range append([]uintptr{0}, wild...) {
		what := fmt.Sprint("wild ", i)
		text(what, forge[string](p, 5))
		raw(what, forge[[]byte](p, 5, 5))
		list(what, forge[[]int](p, 5, 9))
		texts(what, []string{ok, forge[string](p, 3), ok})
		pointer(what, forge[*node](p))
		n := &node{N: 1, Name: "inner"}
		*word(n, 1) = p
		pointer("inside "+what, n)
		n = &node{N: 1, Name: forge[string](p, 5), Links: []*node{nil, forge[*node](p)}}
		pointer("below "+what, n)
		q := forge[*node](p)
		further(what, &q)
		further("outer "+what, forge[**node](p))
		dynamic(what, forge[any](p, at))
		fails(what, forge[error](p, at))
		var v any = n
		*word(&v, 1) = p
		dynamic("data "+what, v)
		v = 5
		*word(&v, 1) = p
		dynamic("number "+what, v)
		err := errors.New("boom")
		*word(&err, 1) = p
		fails("data "+what, err)
		err = errors.New("boom")
		*(*uintptr)(unsafe.Pointer(*word(&err, 1))) = p
		fails("text "+what, err)
		tables(what, forge[map[string]int](p), forge[chan int](p), forge[func()](p))
	}
	// Types that are none: text of the program, data that is no descriptor.
	dynamic("no type", forge[any](at, at))
	fails("no itab", forge[error](at, at))
	var e error = errors.New("x")
	itab := [4]uintptr{0, at, 0, 0}
	*word(&e, 0) = uintptr(unsafe.Pointer(&itab))
	fails("no type in it", e)
	runtime.KeepAlive(&itab)
}

func number(i int) int {
	n, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return n
}

func main() {
	// Nothing may look through these stacks.
	debug.SetGCPercent(-1)
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		grow(100)
		switch os.Args[1] {
		case "values":
			values()
		case "pages":
			pages(os.Args[2])
		case "unmap":
			unmap(number(2))
		case "change":
			change(number(2))
		case "never":
			never(number(2), len(os.Args) > 3)
		}
		done <- true
	}()
	<-done
}

//go:noinline
func grow(n int) (sum int) {
	var room [256]byte

	if n > 0 {
		sum = grow(n - 1)
	}
	return sum + int(room[n%256])
}

func waitForEnd() {
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		panic(err)
	}
}
