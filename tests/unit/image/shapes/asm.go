// SPDX-License-Identifier: GPL-2.0-only

package main

func asmadd(a int, b int32, s string) (r int64)
