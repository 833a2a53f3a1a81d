// SPDX-License-Identifier: GPL-2.0-only

package main

import "unsafe"

// The current g.
func getg() unsafe.Pointer
