// SPDX-License-Identifier: GPL-2.0-only

// The executable whose bytes the fuzz programs change: a little of everything that a reader of it
// looks at.
package main

import (
	"errors"
	"os"
	"strconv"
)

type point struct {
	x, y  int32
	label string
}

type shape interface {
	area(scale float64) (float64, error)
}

type node struct {
	point
	next    *node
	weights []float64
	seen    map[string]*node
	signal  chan error
	corners [3]point
	visit   func(*node) bool
	any     interface{}
}

var errEmpty = errors.New("nothing in it")

//go:noinline
func (p point) area(scale float64) (float64, error) {
	if scale == 0 {
		return 0, errEmpty
	}
	return float64(p.x) * float64(p.y) * scale, nil
}

//go:noinline
func (n *node) link(next *node, names ...string) (count int, err error) {
	for _, name := range names {
		n.seen[name] = next
	}
	n.next = next
	return len(n.seen), nil
}

func double(n int) int { return 2 * n }

//go:noinline
func inlines(n int) int { return double(n) + double(double(n+1)) }

//go:noinline
func largest[T int | string](values []T) (best T) {
	for _, value := range values {
		if value > best {
			best = value
		}
	}
	return best
}

//go:noinline
func recovers(index int, values []byte) (value byte, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			err = errors.New("out of range")
		}
	}()
	return values[index], nil
}

//go:noinline
func choose(n int) string {
	switch n {
	case 0:
		return "zero"
	case 1:
		return "one"
	case 2:
		return "two"
	case 3:
		return "three"
	case 4:
		return "four"
	case 5:
		return "five"
	case 6:
		return "six"
	case 7:
		return "seven"
	case 8:
		return "eight"
	}
	return strconv.Itoa(n)
}

//go:noinline
func words(b bool, r rune, c complex128, u uintptr, s string, e error, i interface{}) (int, string) {
	return len(s), s
}

func main() {
	n := &node{seen: map[string]*node{}, signal: make(chan error, 1)}
	n.visit = func(other *node) bool { return other == n }
	count, err := n.link(&node{}, os.Args...)
	var s shape = n.point
	area, _ := s.area(float64(count))
	value, _ := recovers(count, []byte("abc"))
	length, text := words(true, 'x', 1i, 4, choose(count), err, area)
	println(inlines(count), largest([]int{1, 2}), largest(os.Args), value, length, text)
}
