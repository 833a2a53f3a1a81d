// SPDX-License-Identifier: GPL-2.0-only

// Package expect writes what a tracer has to say of a call: one JSON object a line, {"func", "args",
// "results"}, in the order of the calls. Each value is written by an encoder that the caller
// chooses, so that nothing here looks at types: the truth is worked out by hand.
package expect

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of what is shown.
const (
	MaxText  = 64
	MaxElems = 8
)

// A Value is JSON, or the keys that an item has besides name and type: `"error":"<in X0>"`.
type Value struct {
	json string
	keys bool
}

var out = bufio.NewWriter(os.Stdout)

// Flush is to be called once, at the end.
func Flush() {
	if err := out.Flush(); err != nil {
		panic(err)
	}
}

func quote(s string) string {
	var b strings.Builder

	b.WriteByte('"')
	for _, r := range s {
		if r < ' ' || r == '"' || r == '\\' || r > '~' && r < 0x10000 {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Item is an argument or a result.
func Item(name, typ string, v Value) string {
	return fmt.Sprintf(`{"name":%s,"type":%s,%s}`, quote(name), quote(typ), v.asKeys())
}

func list(key string, items []string) string {
	if len(items) == 0 {
		return ""
	}
	return fmt.Sprintf(`,"%s":[%s]`, key, strings.Join(items, ","))
}

// A Call is one whose results are not known yet.
type Call struct{ line string }

// Args begins a call.
func Args(name string, items ...string) Call {
	return Call{`{"func":` + quote(name) + list("args", items)}
}

// Results ends it.
func (c Call) Results(items ...string) {
	fmt.Fprintf(out, "%s%s}\n", c.line, list("results", items))
}

func plain(json string) Value { return Value{json: json} }
func keys(json string) Value  { return Value{json, true} }

func (v Value) asKeys() string {
	if v.keys {
		return v.json
	}
	return `"value":` + v.json
}

// inside is the value as a part of another.
func (v Value) inside() string {
	if v.keys {
		return "{" + v.json + "}"
	}
	return v.json
}

func cut(v Value, n int) Value {
	return keys(fmt.Sprintf(`%s,"truncated":true,"len":%d`, v.asKeys(), n))
}

// Int, Uint, Bool, Null are themselves.
func Int(n int64) Value   { return plain(strconv.FormatInt(n, 10)) }
func Uint(n uint64) Value { return plain(strconv.FormatUint(n, 10)) }
func Bool(b bool) Value   { return plain(strconv.FormatBool(b)) }
func Null() Value         { return plain("null") }

func float(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return `"NaN"`
	case math.IsInf(f, 1):
		return `"+Inf"`
	case math.IsInf(f, -1):
		return `"-Inf"`
	}
	return strconv.FormatFloat(f, 'g', -1, bits)
}

// Float64, Float32, Complex128, Complex64 are floats that memory holds.
func Float64(f float64) Value { return plain(float(f, 64)) }
func Float32(f float32) Value { return plain(float(float64(f), 32)) }

func Complex128(c complex128) Value {
	return plain("[" + float(real(c), 64) + "," + float(imag(c), 64) + "]")
}

func Complex64(c complex64) Value {
	return plain("[" + float(float64(real(c)), 32) + "," + float(float64(imag(c)), 32) + "]")
}

// InX is what a vector register hides.
func InX(n int) Value { return Error(fmt.Sprintf("<in X%d>", n)) }

func Error(text string) Value { return keys(`"error":` + quote(text)) }

// Deeper is what is not shown.
func Deeper() Value { return keys(`"truncated":true`) }

// whole leaves off the beginning of a character whose end is not there.
func whole(s string) string {
	for i := len(s) - 1; i >= 0 && len(s)-i < utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			if !utf8.FullRuneInString(s[i:]) {
				return s[:i]
			}
			break
		}
	}
	return s
}

// String is text, a string's or a byte slice's that is not nil.
func String(s string) Value {
	var v Value

	n := len(s)
	if n > MaxText {
		s = whole(s[:MaxText])
	}
	if utf8.ValidString(s) {
		v = plain(quote(s))
	} else {
		v = keys(fmt.Sprintf(`"hex":"%x"`, s))
	}
	if n > MaxText {
		return cut(v, n)
	}
	return v
}

// List is a slice that is not nil, or an array, of n elements.
func List(n int, elem func(i int) Value) Value {
	var parts []string

	for i := 0; i < n && i < MaxElems; i++ {
		parts = append(parts, elem(i).inside())
	}
	v := plain("[" + strings.Join(parts, ",") + "]")
	if n > MaxElems {
		return cut(v, n)
	}
	return v
}

// Elsewhere is a list of n elements whose own bytes are not read.
func Elsewhere(n int) Value { return cut(plain("[]"), n) }

// A Field is one of a struct.
type Field struct {
	Name string
	Value
}

// Struct is an object; F makes its fields.
func Struct(fields ...Field) Value {
	var parts []string

	for _, f := range fields {
		parts = append(parts, quote(f.Name)+":"+f.inside())
	}
	return plain("{" + strings.Join(parts, ",") + "}")
}

func F(name string, v Value) Field { return Field{name, v} }

// Address is a pointer that is not followed.
func Address(p uintptr) Value { return plain(fmt.Sprintf(`{"ptr":"%#x"}`, p)) }

// Map, Chan, Func are what can be told of them.
func Map(n int) Value          { return plain(fmt.Sprintf(`{"len":%d}`, n)) }
func Chan(n, c int) Value      { return plain(fmt.Sprintf(`{"len":%d,"cap":%d}`, n, c)) }
func Func(symbol string) Value { return plain(quote(symbol)) }

// Dynamic is an interface that holds v.
func Dynamic(typ string, v Value) Value {
	return plain(fmt.Sprintf(`{"type":%s,"value":%s}`, quote(typ), v.inside()))
}

// Says is an interface that holds an error, whose text is known for certain.
func Says(typ string, v Value, text string) Value {
	return plain(fmt.Sprintf(`{"type":%s,"value":%s,"text":%s}`, quote(typ), v.inside(),
		String(text).inside()))
}

// Means is a value of a type that is known, with what it says of itself.
func Means(v Value, text string) Value { return keys(v.asKeys() + `,"text":` + quote(text)) }

// OnlyType is an interface inside what is already followed.
func OnlyType(typ string) Value { return plain(`{"type":` + quote(typ) + `}`) }
