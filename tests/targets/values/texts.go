// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"strings"

	. "targets/values/expect"
)

//go:noinline
func text(s string, n int) (string, error) { return s + s, nil }

//go:noinline
func raw(b []byte, p *string, q *[]byte) []byte { return b }

//go:noinline
func words(w []string, a [2]string, b [1]string, v ...string) []string { return w }

func bytesOf(b []byte) Value {
	if b == nil {
		return Null()
	}
	return String(string(b))
}

func stringsOf(w []string) Value {
	if w == nil {
		return Null()
	}
	return List(len(w), func(i int) Value { return String(w[i]) })
}

var samples = []string{
	"", "a", "zhang", "quote\" back\\slash /", "\x00\x01\x1f\x7f", "line\nfeed\r\ttab",
	"\x1b[31mred\x1b[0m\x1b]0;title\x07", "ünïcödé ☃ 💩", "\u202eright\u2066left\u200b\u2028",
	"\xff\xfe", "ab\x80", "\xed\xa0\x80", "\xc0\xaf", "half \xf0\x9f\x92",
	strings.Repeat("x", 63), strings.Repeat("x", 64), strings.Repeat("x", 65),
	strings.Repeat("y", 63) + "ü", strings.Repeat("y", 62) + "ü!", strings.Repeat("y", 61) + "💩",
	strings.Repeat("y", 62) + "💩", strings.Repeat("💩", 17), strings.Repeat("z", 100000),
	strings.Repeat("z", 63) + "\xff" + "more", strings.Repeat("z", 64) + "\xff",
}

func texts() {
	for i, s := range samples {
		call := Args("main.text", Item("s", "string", String(s)), Item("n", "int", Int(int64(i))))
		r, err := text(s, i)
		if err != nil {
			panic(err)
		}
		call.Results(Item("~r0", "string", String(r)), Item("~r1", "error", Null()))

		s, b, e := s, []byte(s), []byte(nil)
		if i == 1 {
			b = nil
		}
		q, p := &b, &s
		if i == 2 {
			q, p = nil, nil
		}
		if i == 3 {
			q = &e
		}
		item := Item("p", "*string", String(s))
		other := Item("q", "*[]uint8", bytesOf(b))
		if i == 2 {
			item, other = Item("p", "*string", Null()), Item("q", "*[]uint8", Null())
		}
		if i == 3 {
			other = Item("q", "*[]uint8", Null())
		}
		call = Args("main.raw", Item("b", "[]uint8", bytesOf(b)), item, other)
		b = raw(b, p, q)
		call.Results(Item("~r0", "[]uint8", bytesOf(b)))
	}
	for i := 0; i <= len(samples); i++ {
		w, v := samples[:i], samples[i:]
		if i == 0 {
			w = nil
		}
		if i == len(samples) {
			v = nil
		}
		a, b := [2]string{"first", samples[i%len(samples)]}, [1]string{samples[len(samples)-1-i%len(samples)]}
		call := Args("main.words", Item("w", "[]string", stringsOf(w)), Item("a", "[2]string", stringsOf(a[:])),
			Item("b", "[1]string", stringsOf(b[:])), Item("v", "[]string", stringsOf(v)))
		w = words(w, a, b, v...)
		call.Results(Item("~r0", "[]string", stringsOf(w)))
	}
}
