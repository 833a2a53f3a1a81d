// SPDX-License-Identifier: GPL-2.0-only

// Brief calls functions whose values are large, or lead elsewhere: what is read of them in brief is told by
// the test.
package main

import (
	"errors"
	"io"
	"strings"
)

// More than what is read of a struct, and none of it says what a server is.
type options struct {
	a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p string
}

type server struct {
	opts   options
	id     int
	name   string
	next   *server
	tags   []string
	codes  []int32
	counts map[string]int
	err    error
	from   io.Reader
}

type early struct{ n int }

func (e *early) Read([]byte) (int, error) { return e.n, io.EOF }

// The linker does not know that it is a Reader: its itab is made while the program runs.
type late struct{ n int }

func (l *late) Read([]byte) (int, error) { return l.n, io.EOF }

type kind uint8

var sink []any

func asReader(v any) io.Reader { return v.(io.Reader) }

//go:noinline
func (s *server) serve(n int) { sink = append(sink[:0], n) }

//go:noinline
func readers(a, b, c io.Reader) { sink = append(sink[:0], a, b, c) }

//go:noinline
func anything(a, b, c, d, e, f any) { sink = append(sink[:0], a, b, c, d, e, f) }

//go:noinline
func lists(names []string, args []any, codes []int32, servers []*server) {
	sink = append(sink[:0], names, args, codes, servers)
}

//go:noinline
func many(a, b, c, d, e int) (int, int) { sink = append(sink[:0], a, b, c, d, e); return a, b }

// request has texts that were cut out of one line, and others.
type request struct {
	method, path, query, host string
}

//go:noinline
func handle(r *request, n int) int { return n }

//go:noinline
func parts(a, b, c, d string) {}

func requests() {
	line := []byte("GET /items?id=7 HTTP/1.1")
	whole := string(line)
	long := "/" + strings.Repeat("x", 300) + "?end"
	handle(&request{whole[:3], whole[4:10], whole[11:15], string([]byte("example.org"))}, 1)
	handle(&request{"", whole[4:10], "", whole[4:10]}, 2)
	handle(&request{long[:301], long[:1], long[302:], long[1:2]}, 3)
	handle(nil, 4)
	parts(whole[16:], whole[:3], whole[4:10], "")
	parts(long[290:301], long[302:], whole[:3], long[:70])
}

//go:noinline
func fails(err error) error { return err }

func main() {
	requests()
	fails(errors.New(strings.Repeat("e", 192)))
	fails(errors.New(strings.Repeat("e", 300)))
	s := &server{
		id: 7, name: "main", tags: []string{"a", "b"}, codes: []int32{1, 2, 3},
		counts: map[string]int{"x": 1}, err: errors.New("boom"), from: &early{1},
	}
	s.opts.a = "an option"
	s.next = s
	s.serve(1)
	readers(&early{1}, asReader(&late{2}), nil)
	anything(12, "text", kind(3), []byte("raw"), &early{4}, *s)
	lists([]string{"a", "b", "c", "d", "e"}, []any{1, "two", nil, s, 5}, []int32{1, 2}, []*server{s, nil})
	many(1, 2, 3, 4, 5)
}
