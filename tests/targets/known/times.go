// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"time"
)

type holdsDuration struct {
	N int
	V time.Duration
}

//go:noinline
func durations(v time.Duration, p *time.Duration, in holdsDuration, s []time.Duration, a any, z *time.Duration) {
}

type holdsTime struct {
	N int
	V time.Time
}

//go:noinline
func instants(v time.Time, p *time.Time, in holdsTime, s []time.Time, a any, z *time.Time) {}

//go:noinline
func zones(p, z *time.Location) {}

type key struct{}

//go:noinline
func contexts(a, b, c, d, e context.Context) {}

func times() {
	for _, d := range []time.Duration{0, 1, 30 * time.Second, -1500 * time.Microsecond, 90*time.Minute + 500*time.Millisecond,
		999, 1000, 123456, 1<<63 - 1, -1 << 63, 24 * time.Hour, time.Second + 1} {
		everywhere("durations", d.String())
		durations(d, &d, holdsDuration{1, d}, []time.Duration{d}, d, nil)
	}
	for _, t := range []time.Time{time.Now(), time.Unix(0, 0), time.Unix(1e9, 123456789).UTC(), {},
		time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), time.Date(1800, 2, 3, 4, 5, 6, 7000, time.UTC),
		time.Now().Add(time.Hour).In(time.FixedZone("here", 3600))} {
		everywhere("instants", t.UTC().Format(time.RFC3339Nano))
		instants(t, &t, holdsTime{1, t}, []time.Time{t}, t, nil)
	}
	want("zones", "here", "null")
	zones(time.FixedZone("here", 3600), nil)

	cancelled, cancel := context.WithCancel(context.Background())
	when := time.Now().Add(time.Hour)
	limited, cancel2 := context.WithDeadline(cancelled, when)
	valued := context.WithValue(limited, key{}, 1)
	words := "timerCtx(" + when.UTC().Format(time.RFC3339Nano) + ")"
	want("contexts", "cancelCtx", words, "valueCtx", "null", "cancelCtx")
	contexts(cancelled, limited, valued, nil, cancelled)
	cancel2()
	cancel()
}
