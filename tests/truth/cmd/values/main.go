// SPDX-License-Identifier: GPL-2.0-only

// Values holds the arguments and results of a trace against those that the target itself says it
// had: a file of {"func", "args", "results"}, one call a line, in order.
//
// Every call of a function that the truth names has to be there, in that order, and to say exactly
// the same. Numbers are compared as text; those with a point or an exponent by what they read back to.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
)

type call struct {
	Type    string `json:"type"`
	Func    string `json:"func"`
	End     string `json:"end"`
	Args    any    `json:"args"`
	Results any    `json:"results"`
	line    int
}

func read(path string) []call {
	data, err := os.ReadFile(path)
	if err != nil {
		fail(err.Error())
	}
	var calls []call
	for i, line := range bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")) {
		c := call{line: i + 1}
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		if err := d.Decode(&c); err != nil {
			fail(fmt.Sprintf("%s:%d: %v", path, i+1, err))
		}
		calls = append(calls, c)
	}
	return calls
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, "values: "+text)
	os.Exit(1)
}

func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	if !strings.ContainsAny(string(a)+string(b), ".eE") {
		return false
	}
	x, errX := strconv.ParseFloat(string(a), 64)
	y, errY := strconv.ParseFloat(string(b), 64)
	return errX == nil && errY == nil && x == y
}

// same is equality of what JSON decodes to.
func same(a, b any) bool {
	switch x := a.(type) {
	case json.Number:
		y, ok := b.(json.Number)
		return ok && sameNumber(x, y)
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !same(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for k, v := range x {
			if w, ok := y[k]; !ok || !same(v, w) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

func text(v any) string {
	var b bytes.Buffer

	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "?"
	}
	return strings.TrimSpace(b.String())
}

func items(v any) []any {
	list, _ := v.([]any)
	return list
}

// differ prints the items that are not the same, and says how many.
func differ(where string, want, got any) int {
	w, g := items(want), items(got)
	bad := 0
	for i := 0; i < len(w) || i < len(g); i++ {
		var x, y any
		if i < len(w) {
			x = w[i]
		}
		if i < len(g) {
			y = g[i]
		}
		if !same(x, y) {
			fmt.Printf("%s item %d\n  truth: %s\n  trace: %s\n", where, i+1, text(x), text(y))
			bad++
		}
	}
	return bad
}

func main() {
	flag.Parse()
	if flag.NArg() != 2 {
		fail("usage: values TRACE TRUTH")
	}
	truth, trace := read(flag.Arg(1)), read(flag.Arg(0))
	named := map[string]bool{}
	for _, c := range truth {
		named[c.Func] = true
	}
	var got []call
	for _, c := range trace {
		if c.Type == "call" && named[c.Func] {
			got = append(got, c)
		}
	}
	bad, values := 0, 0
	for i, want := range truth {
		if i >= len(got) || got[i].Func != want.Func {
			fmt.Printf("call %d of the truth is %s; the trace has %s\n", i+1, want.Func,
				text(got[min(i, len(got)):min(i+1, len(got))]))
			bad++
			break
		}
		where := fmt.Sprintf("line %d %s", got[i].line, want.Func)
		if got[i].End != "return" {
			fmt.Printf("%s: end %s\n", where, got[i].End)
			bad++
		}
		bad += differ(where+": args", want.Args, got[i].Args)
		bad += differ(where+": results", want.Results, got[i].Results)
		values += len(items(want.Args)) + len(items(want.Results))
	}
	if len(got) != len(truth) {
		fmt.Printf("%d calls in the trace, %d in truth\n", len(got), len(truth))
		bad++
	}
	fmt.Printf("calls=%d values=%d mismatches=%d\n", len(truth), values, bad)
	if bad != 0 || len(truth) == 0 {
		os.Exit(1)
	}
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}
