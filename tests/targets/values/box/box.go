// SPDX-License-Identifier: GPL-2.0-only

// Package box has a generic type of another package than its users'.
package box

// Item is what others put in.
type Item struct{ ID int }

// Box holds the last.
type Box[T any] struct {
	N   int
	Val T
}

// Put replaces it.
//
//go:noinline
func (b *Box[T]) Put(v T) T { b.N, b.Val = b.N+1, v; return v }
