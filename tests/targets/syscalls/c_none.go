// SPDX-License-Identifier: GPL-2.0-only

//go:build !c

package main

//go:noinline
func inC() {}
