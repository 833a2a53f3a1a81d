// SPDX-License-Identifier: GPL-2.0-only

//go:build go1.21

package main

import (
	"log/slog"
	"runtime"
	"time"
)

//go:noinline
func levels(l slog.Level, p *slog.Level, v *slog.LevelVar, s []slog.Level) {}

//go:noinline
func attrs(a slog.Attr, p *slog.Attr, s []slog.Attr) {}

//go:noinline
func records(r slog.Record, p *slog.Record) {}

func newer() {
	pc, _, _, _ := runtime.Caller(0)
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "", pc)
	records(r, &r)
	for _, l := range []slog.Level{slog.LevelInfo, slog.LevelDebug - 2, slog.LevelWarn + 1, slog.LevelError + 4, -1} {
		v := &slog.LevelVar{}
		v.Set(l)
		want("levels", l.String(), l.String(), l.String(), l.String())
		levels(l, &l, v, []slog.Level{l})
	}
	for _, c := range []struct {
		a     slog.Attr
		words string
	}{
		{slog.String("k", "text"), `k="text"`}, {slog.Int("n", -3), "n=-3"}, {slog.Uint64("u", 1<<64-1), "u=18446744073709551615"},
		{slog.Bool("b", true), "b=true"}, {slog.Duration("d", time.Second), "d=1s"}, {slog.Any("nil", nil), "nil=<nil>"},
		{slog.String("e", ""), `e=""`},
	} {
		a := c.a
		want("attrs", c.words, c.words, c.words)
		attrs(a, &a, []slog.Attr{a})
	}
}
