// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"database/sql"
	"database/sql/driver"
	"net/http"
	"reflect"
	"runtime"
	"sync"
	"time"
)

//go:noinline
func locked(m *sync.Mutex, r *sync.RWMutex, w *sync.RWMutex, f *sync.Mutex) {}

func locks() {
	var m, f sync.Mutex
	var r, w sync.RWMutex
	m.Lock()
	r.RLock()
	r.RLock()
	w.Lock()
	want("locked", "locked", "locked by readers: 2", "locked", "unlocked")
	locked(&m, &r, &w, &f)
}

//go:noinline
func reflected(t reflect.Type, v reflect.Value, z reflect.Type, n reflect.Value) {}

func types() {
	for _, v := range []any{1, "s", &http.Request{}, map[string]int{}, struct{ A int }{}} {
		want("reflected", reflect.TypeOf(v).String(), "<"+reflect.TypeOf(v).String()+" Value>", "null", "<invalid Value>")
		reflected(reflect.TypeOf(v), reflect.ValueOf(v), nil, reflect.Value{})
	}
}

type color int8

const (
	red color = iota - 1
	green
	blue
	first = red
)

//go:noinline
func constants(c, d color, s http.ConnState, w time.Weekday, k reflect.Kind) {}

//go:noinline
func nulls(s sql.NullString, i *sql.NullInt64, b sql.NullBool, t sql.NullTime, n sql.NullString) {}

//go:noinline
func named(v []driver.NamedValue, p *driver.NamedValue) {}

func enumerations() {
	want("constants", "red", "7", "StateIdle", "Wednesday", "Pointer")
	constants(first, color(7), http.StateIdle, time.Wednesday, reflect.Ptr)
}

func databases() {
	t := time.Unix(1e9, 5)
	want("nulls", "text", "-7", "true", t.UTC().Format(time.RFC3339Nano), "NULL")
	nulls(sql.NullString{String: "text", Valid: true}, &sql.NullInt64{Int64: -7, Valid: true}, sql.NullBool{Bool: true, Valid: true},
		sql.NullTime{Time: t, Valid: true}, sql.NullString{})
	for _, c := range []struct {
		value any
		words string
	}{{"text", `"text"`}, {int64(-5), "-5"}, {2.5, "2.5"}, {true, "true"}, {[]byte("bytes"), `"bytes"`}, {nil, "nil"},
		{t, t.UTC().Format(time.RFC3339Nano)}, {[]string{}, "[]string"}} {
		want("named", "$1="+c.words, "n="+c.words)
		named([]driver.NamedValue{{Ordinal: 1, Value: c.value}}, &driver.NamedValue{Name: "n", Ordinal: 2, Value: c.value})
	}
}

//go:noinline
func frames(f runtime.Frame, p *runtime.Frame) {}

func addresses() {
	pc, _, _, _ := runtime.Caller(0)
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	frames(runtime.Frame{PC: f.PC}, &runtime.Frame{Entry: f.Entry})
}
