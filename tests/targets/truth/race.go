// SPDX-License-Identifier: GPL-2.0-only

//go:build race

package truth

// Race says that the program is built with the race detector, with which the
// compiler turns the jumps of its wrappers into calls.
const Race = true
