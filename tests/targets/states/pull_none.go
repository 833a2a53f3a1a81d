// SPDX-License-Identifier: GPL-2.0-only

//go:build !go1.23

package main

// There are no coroutines before.
func pull(int) {
	panic("needs Go 1.23")
}
