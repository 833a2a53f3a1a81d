// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	. "targets/values/expect"
)

type stringer interface{ String() string }

func (p *point) String() string { return fmt.Sprint(p.X, ",", p.Y) }

type temperature float32

func (t temperature) String() string { return fmt.Sprint(float32(t)) }

//go:noinline
func anything(v any) any { return v }

//go:noinline
func withMethods(s stringer, n int) stringer { return s }

//go:noinline
func fails(n int, err error) (int, error) { return n, err }

type refused struct{ Who string }

func (r *refused) Error() string { return "refused: " + r.Who }

func dynamics() {
	p := &point{8, 9}
	n, s := 5, "pointed"
	d := func(typ string, v Value) Value { return Dynamic(typ, v) }
	for _, c := range []struct {
		v    any
		want Value
	}{
		{nil, Null()},
		{1, d("int", Int(1))}, {-70000, d("int", Int(-70000))}, {int8(-8), d("int8", Int(-8))},
		{uint64(1<<63 + 1), d("uint64", Uint(1<<63+1))}, {true, d("bool", Bool(true))}, {'x', d("int32", Int('x'))},
		{2.5, d("float64", Float64(2.5))}, {float32(0.1), d("float32", Float32(0.1))},
		{1 + 2i, d("complex128", Complex128(1+2i))}, {"text", d("string", String("text"))}, {"", d("string", String(""))},
		{samples[22], d("string", String(samples[22]))}, {samples[9], d("string", String(samples[9]))},
		{[]byte("bytes"), d("[]uint8", String("bytes"))}, {[]byte(nil), d("[]uint8", Null())},
		{*p, d("main.point", p.value())}, {p, d("*main.point", p.value())}, {(*point)(nil), d("*main.point", Null())},
		{&n, d("*int", Int(5))}, {&s, d("*string", String("pointed"))},
		{[2]int{1, 2}, d("[2]int", List(2, func(i int) Value { return Int(int64(i + 1)) }))},
		{[1]*point{p}, d("[1]*main.point", List(1, func(int) Value { return Address(addressOf(p)) }))},
		{struct{}{}, d("struct {}", Struct())},
		{base{3, "b"}, d("main.base", Struct(F("ID", Int(3)), F("Tag", String("b"))))},
		{&base{4, "c"}, d("*main.base", Struct(F("ID", Int(4)), F("Tag", String("c"))))},
		{map[string]int{"a": 1}, d("map[string]int", Map(1))}, {map[string]int(nil), d("map[string]int", Null())},
		{make(chan int, 3), d("chan int", Chan(0, 3))}, {double, d("func(int) int", Func("main.double"))},
		{(func())(nil), d("func()", Null())}, {temperature(1.5), d("main.temperature", Float32(1.5))},
		{1500 * time.Millisecond, Says("time.Duration", Int(1500000000), "1.5s")}, {id(9), d("main.id", Uint(9))},
	} {
		call := Args("main.anything", Item("v", "interface {}", c.want))
		anything(c.v)
		call.Results(Item("~r0", "interface {}", c.want))
	}
	for i, c := range []struct {
		v    stringer
		want Value
	}{
		{nil, Null()}, {p, d("*main.point", p.value())}, {(*point)(nil), d("*main.point", Null())},
		{temperature(-1.25), d("main.temperature", Float32(-1.25))}, {time.Second, Says("time.Duration", Int(1000000000), "1s")},
	} {
		call := Args("main.withMethods", Item("s", "main.stringer", c.want), Item("n", "int", Int(int64(i))))
		withMethods(c.v, i)
		call.Results(Item("~r0", "main.stringer", c.want))
	}
	ofErrors()
}

func ofErrors() {
	boom := errors.New("boom")
	text := func(s string) Value { return Struct(F("s", String(s))) }
	wrapped := fmt.Errorf("step %d: %w", 3, boom)
	plain := fmt.Errorf("no %s", "wrap")
	inner := OnlyType("*errors.errorString")
	for i, c := range []struct {
		err  error
		want Value
	}{
		{nil, Null()},
		{boom, Says("*errors.errorString", text("boom"), "boom")},
		{io.EOF, Says("*errors.errorString", text("EOF"), "EOF")},
		{errors.New(""), Says("*errors.errorString", text(""), "")},
		{errors.New(samples[22]), Says("*errors.errorString", text(samples[22]), samples[22])},
		{errors.New(samples[9]), Says("*errors.errorString", text(samples[9]), samples[9])},
		{plain, Says(plainType(plain), text("no wrap"), "no wrap")},
		{wrapped, Says("*fmt.wrapError", Struct(F("msg", String("step 3: boom")), F("err", inner)), "step 3: boom")},
		{&refused{"me"}, Dynamic("*main.refused", Struct(F("Who", String("me"))))},
		{syscall.ENOENT, Says("syscall.Errno", Uint(2), "no such file or directory")},
		{syscall.Errno(200), Says("syscall.Errno", Uint(200), "errno 200")},
		{syscall.Errno(99999), Says("syscall.Errno", Uint(99999), "errno 99999")},
		{context.DeadlineExceeded, Says("context.deadlineExceededError", Struct(), "context deadline exceeded")},
		{context.Canceled, Says("*errors.errorString", text("context canceled"), "context canceled")},
		{&os.PathError{Op: "open", Path: "/none", Err: syscall.ENOENT}, Says("*io/fs.PathError",
			Struct(F("Op", String("open")), F("Path", String("/none")), F("Err", OnlyType("syscall.Errno"))),
			"open /none: no such file or directory")},
		{&os.PathError{Op: "stat", Path: samples[9], Err: os.ErrNotExist}, Says("*io/fs.PathError",
			Struct(F("Op", String("stat")), F("Path", String(samples[9])), F("Err", inner)),
			"stat "+samples[9]+": file does not exist")},
	} {
		call := Args("main.fails", Item("n", "int", Int(int64(i))), Item("err", "error", c.want))
		fails(i, c.err)
		call.Results(Item("~r0", "int", Int(int64(i))), Item("~r1", "error", c.want))
	}
}

// plainType is the type of what fmt.Errorf makes without %w: fmt's own since 1.27.
func plainType(err error) string { return fmt.Sprintf("%T", err) }
