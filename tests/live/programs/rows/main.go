// SPDX-License-Identifier: GPL-2.0-only

// Rows makes calls whose values fill the rows of a terminal: large ones, many, wide characters, text that a terminal
// would act on.
package main

type conf struct {
	Name, Path, User, Group, Region string
	Retries, Limit, Burst           int
	Verbose                         bool
	Inner                           struct{ Left, Right, Top, Bottom string }
	Tags                            []string
	Unset                           [8]string
}

type server struct {
	conf  conf
	Addr  string
	conns int
	next  *server
}

//go:noinline
func large(s *server, copy conf) *server { return inside(s, copy.Name) }

//go:noinline
func inside(s *server, name string) *server { return s.next }

//go:noinline
func many(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p string, q, r, s, t, u, v, w, x, y, z int) (int, string) {
	return a1(q+r+s+t+u+v+w+x+y+z, len(b+c+d+e+f+g+h+i+j+k+l+m+n+o+p)), a
}

//go:noinline
func a1(x, y int) int { return x + y }

//go:noinline
func wide(s string, t []string) string { return t[len(s)%len(t)] }

//go:noinline
func hostile(s string, b []byte) int { return len(s) + len(b) }

func main() {
	const text = "a text that takes some forty columns or so"
	c := conf{Name: text, Path: text, User: text, Group: text, Region: text, Retries: 3, Limit: 100, Burst: 7,
		Verbose: true, Tags: []string{text, text, text}}
	c.Inner.Left, c.Inner.Right = text, text
	s := &server{conf: c, Addr: "127.0.0.1:8080", conns: 12345, next: &server{Addr: text}}
	large(s, c)
	many(text, text, text, text, text, text, text, text, text, text, text, text, text, text, text, text,
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	const han = "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"
	wide(han, []string{han, "e\u0301e\u0301e\u0301e\u0301e\u0301", han})
	hostile("\x1b[2J\x1b]0;title\a\r\n\t\u202e\u2028\u0085 \xff\xfe", []byte("\r\x00\x9b31m\n"))
}
