// SPDX-License-Identifier: GPL-2.0-only

//go:build race

package truth

// Race says that the program is built with the race detector.
const Race = true
