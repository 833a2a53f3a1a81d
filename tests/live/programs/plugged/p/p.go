// SPDX-License-Identifier: GPL-2.0-only

// A plugin: types of its own, those of the program, and functions.
package main

import "errors"

type thing struct{ s string }

func (t *thing) Name() string { return t.s }

type bad struct{ code int }

func (b *bad) Error() string { return "bad" }

func Make() []any {
	n := 5
	return []any{&thing{"t"}, thing{"u"}, &bad{7}, "text", errors.New("plain"), func() int { return n }}
}
