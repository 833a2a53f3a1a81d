// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"strings"
	"time"

	. "targets/values/expect"
)

type (
	nine struct{ A, B, C, D, E, F, G, H, I int }
	ten  struct {
		nine
		J int8
	}
	mixed struct {
		A int8
		B float64
		C string
		D float32
		E bool
	}
	base struct {
		ID  int
		Tag string
	}
	outer struct {
		base
		*point
		_     int32
		Inner struct{ Deep struct{ N int } }
		Last  []int
	}
	celsius float64
	id      uint16
	names   []string
	empty   struct{}
	label   string
	blob    []byte
	flag    bool
	letter  rune
	where   *point
	handler func(int) int
	counts  map[label]int
	feed    chan blob
)

//go:noinline
func fits(n nine) nine { n.A++; return n }

//go:noinline
func tooBig(a int8, t ten, b string) (string, ten, int8) { t.J++; return b, t, a }

// The second does not fit into what the first leaves; the third does.
//
//go:noinline
func leftover(a [1]nine, b string, c empty, d int) (int, string) { return d, b }

//go:noinline
func between(a, b, c, d, e, f, g int, s []int, x, y uint8) (q, r, t, u, v, w, z, aa, bb int, cc string, dd int8) {
	return a, b, c, d, e, f, g, len(s), int(x), "spilled", int8(y)
}

//go:noinline
func mix(f float32, m mixed, g float64, n int) (mixed, float32, int) { return m, f, n }

//go:noinline
func embed(o outer, p *outer) (r *outer) { return p }

//go:noinline
func named(c *celsius, i id, n names, d time.Duration, m time.Month, e empty) (time.Duration, id) {
	return -d, ^i
}

//go:noinline
func aliases(l label, b blob, f flag, r letter, w where, h handler, c counts, e feed) (feed, counts, handler, where,
	blob, label) {
	return e, c, h, w, b, l
}

func ofAliases() {
	p := &point{7, -7}
	for _, s := range samples[:12] {
		r := letter(len(s) * 1000)
		items := []string{Item("e", "main.feed", Chan(0, 2)), Item("c", "main.counts", Map(1)),
			Item("h", "main.handler", Func("main.double")), Item("w", "main.where", p.value()),
			Item("b", "main.blob", String(s)), Item("l", "main.label", String(s))}
		call := Args("main.aliases", items[5], items[4], Item("f", "main.flag", Bool(s == "")),
			Item("r", "main.letter", Int(int64(r))), items[3], items[2], items[1], items[0])
		aliases(label(s), blob(s), s == "", r, p, double, counts{"a": 1}, make(feed, 2))
		for i, item := range items {
			at := strings.IndexByte(item, ',')
			items[i] = fmt.Sprintf(`{"name":"~r%d"`, i) + item[at:]
		}
		call.Results(items...)
	}
}

func (n nine) value() Value {
	var f []Field

	for i, v := range []int{n.A, n.B, n.C, n.D, n.E, n.F, n.G, n.H, n.I} {
		f = append(f, F(string(rune('A'+i)), Int(int64(v))))
	}
	return Struct(f...)
}

func (t ten) value() Value { return Struct(F("nine", t.nine.value()), F("J", Int(int64(t.J)))) }

func (o *outer) value(p Value) Value {
	return Struct(F("base", Struct(F("ID", Int(int64(o.ID))), F("Tag", String(o.Tag)))), F("point", p),
		F("Inner", Struct(F("Deep", Deeper()))),
		F("Last", listOf(o.Last == nil, len(o.Last), func(i int) Value { return Int(int64(o.Last[i])) })))
}

func structs() {
	for k := 0; k < 3; k++ {
		n := nine{k, -k, k << 40, 4, 5 * k, 6, 7, 8, -9}
		call := Args("main.fits", Item("n", "main.nine", n.value()))
		n = fits(n)
		call.Results(Item("~r0", "main.nine", n.value()))

		t, s := ten{n, int8(-k)}, samples[k+3]
		call = Args("main.tooBig", Item("a", "int8", Int(int64(k))), Item("t", "main.ten", t.value()),
			Item("b", "string", String(s)))
		s, t, a := tooBig(int8(k), t, s)
		call.Results(Item("~r0", "string", String(s)), Item("~r1", "main.ten", t.value()),
			Item("~r2", "int8", Int(int64(a))))

		call = Args("main.leftover", Item("a", "[1]main.nine", List(1, func(int) Value { return n.value() })),
			Item("b", "string", String(s)), Item("c", "main.empty", Struct()), Item("d", "int", Int(int64(k))))
		leftover([1]nine{n}, s, empty{}, k)
		call.Results(Item("~r0", "int", Int(int64(k))), Item("~r1", "string", String(s)))

		ints := make([]int, k)
		call = Args("main.between", Item("a", "int", Int(1)), Item("b", "int", Int(2)), Item("c", "int", Int(3)),
			Item("d", "int", Int(4)), Item("e", "int", Int(5)), Item("f", "int", Int(6)), Item("g", "int", Int(-7)),
			Item("s", "[]int", List(k, func(int) Value { return Int(0) })), Item("x", "uint8", Uint(250)),
			Item("y", "uint8", Uint(200)))
		between(1, 2, 3, 4, 5, 6, -7, ints, 250, 200)
		call.Results(Item("q", "int", Int(1)), Item("r", "int", Int(2)), Item("t", "int", Int(3)), Item("u", "int", Int(4)),
			Item("v", "int", Int(5)), Item("w", "int", Int(6)), Item("z", "int", Int(-7)), Item("aa", "int", Int(int64(k))),
			Item("bb", "int", Int(250)), Item("cc", "string", String("spilled")), Item("dd", "int8", Int(-56)))

		m := mixed{int8(-k), 1.5, s, 2.5, k == 1}
		shown := func(x int) Value {
			return Struct(F("A", Int(int64(m.A))), F("B", InX(x)), F("C", String(s)), F("D", InX(x+1)), F("E", Bool(m.E)))
		}
		call = Args("main.mix", Item("f", "float32", InX(0)), Item("m", "main.mixed", shown(1)),
			Item("g", "float64", InX(3)), Item("n", "int", Int(int64(k))))
		mix(9, m, 8, k)
		call.Results(Item("~r0", "main.mixed", shown(0)), Item("~r1", "float32", InX(2)), Item("~r2", "int", Int(int64(k))))
	}
	embedding()
	ofAliases()
	names := names{"a", "", samples[6]}
	degrees := celsius(-273.15)
	for _, d := range []time.Duration{0, 1, -1, 1500 * time.Millisecond, 1<<63 - 1, -1 << 63} {
		call := Args("main.named", Item("c", "*main.celsius", Float64(float64(degrees))),
			Item("i", "main.id", Uint(uint64(id(d)))), Item("n", "main.names", stringsOf(names)),
			Item("d", "time.Duration", Means(Int(int64(d)), d.String())), Item("m", "time.Month", Means(Int(11), "November")), Item("e", "main.empty", Struct()))
		r, i := named(&degrees, id(d), names, d, time.November, empty{})
		call.Results(Item("~r0", "time.Duration", Means(Int(int64(r)), r.String())), Item("~r1", "main.id", Uint(uint64(i))))
	}
}

// One pointer is followed: behind another, the embedded one is an address.
func embedding() {
	p := &point{3, 4}
	o := outer{base: base{7, "tag"}, point: p, Last: []int{1, 2}}
	o.Inner.Deep.N = 5
	for _, q := range []*outer{nil, &o} {
		target := Null()
		if q != nil {
			target = o.value(Address(addressOf(p)))
		}
		call := Args("main.embed", Item("o", "main.outer", o.value(p.value())), Item("p", "*main.outer", target))
		embed(o, q)
		call.Results(Item("r", "*main.outer", target))
	}
}
