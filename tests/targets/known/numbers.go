// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"math/big"
	"sync/atomic"
)

type UUID [16]byte
type ULID [16]byte

//go:noinline
func ids(u UUID, p *UUID, l ULID, s []UUID, a any) {}

//go:noinline
func bigs(p *big.Int, v big.Int) {}

type holdsAtomic struct {
	N int
	V atomic.Int64
}

//go:noinline
func atomics(i *atomic.Int32, in *holdsAtomic, u *atomic.Uint64, b *atomic.Bool) {}

func numbers() {
	u := UUID{0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x12, 0xd3, 0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40, 0}
	l := ULID{0x01, 0x56, 0x3e, 0x3a, 0xb5, 0xd3, 0xd6, 0x76, 0x4c, 0x61, 0xef, 0xb9, 0x93, 0x02, 0xbd, 0x5b}
	words := "123e4567-e89b-12d3-a456-426614174000"
	want("ids", words, words, "01ARZ3NDEKTSV4RRFFQ69G5FAV", words, words)
	ids(u, &u, l, []UUID{u}, u)
	for _, text := range []string{"0", "-1", "18446744073709551616", "123456789012345678901234567890123456789012345678901234567890"} {
		n, _ := new(big.Int).SetString(text, 10)
		want("bigs", text, text)
		bigs(n, *n)
	}
	var in holdsAtomic
	var i atomic.Int32
	var n atomic.Uint64
	var b atomic.Bool
	i.Store(-5)
	in.V.Store(1 << 40)
	n.Store(1<<52 - 1)
	b.Store(true)
	want("atomics", "-5", "1099511627776", "4503599627370495", "true")
	atomics(&i, &in, &n, &b)
}
