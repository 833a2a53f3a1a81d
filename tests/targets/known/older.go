// SPDX-License-Identifier: GPL-2.0-only

//go:build !go1.21

package main

func newer() {}
