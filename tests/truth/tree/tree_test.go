// SPDX-License-Identifier: GPL-2.0-only

package tree

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"truth/mutate"
	"truth/targetlog"
	"truth/trace"
)

func parse(t *testing.T, text []byte) *trace.Trace {
	t.Helper()
	tr, err := trace.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func lanesOf(t *testing.T, stamps ...string) []*targetlog.Lane {
	t.Helper()
	log := "pid\t7\nlane\t1\n" + strings.Join(stamps, "\n") + "\nend\n"
	lanes, err := targetlog.Read(strings.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	return lanes
}

// agrees writes the perfect trace, and sees each way of being wrong refused.
func agrees(t *testing.T, lanes []*targetlog.Lane, least int) {
	t.Helper()
	text := write(lanes)
	if _, err := Compare(parse(t, text), lanes, Options{}); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, k := range mutate.Kinds {
		tr := parse(t, text)
		if !k.Apply(tr) {
			continue
		}
		if _, err := Compare(tr, lanes, Options{}); err == nil {
			t.Errorf("%s: not refused", k.Name)
		}
		refused++
	}
	if refused < least {
		t.Errorf("%d ways of being wrong, at least %d are due", refused, least)
	}
}

func TestSmall(t *testing.T) {
	agrees(t, lanesOf(t, ">\t10\tmain.a", ">\t20\tmain.b", "<\t30", "[\t40\tmain.c", "]\t50\t1",
		">\t60\tmain.d", "!\t70\t1", "<\t80"), len(mutate.Kinds))
}

func TestTail(t *testing.T) {
	agrees(t, lanesOf(t, "[\t10\tmain.w", "^\t11", ">\t20\tmain.m", "<\t30", "[\t40\tmain.w",
		"^\t41", ">\t50\tmain.m", "<\t60"), 8)
}

func TestOpen(t *testing.T) {
	agrees(t, lanesOf(t, ">\t10\tmain.a", ">\t20\tmain.b", "<\t30", ">\t40\tmain.c"), 8)
}

func TestResult(t *testing.T) {
	lanes := lanesOf(t, "[\t10\tmain.a", "]\t20\t0\t42")
	text := write(lanes)
	if _, err := Compare(parse(t, text), lanes, Options{}); err != nil {
		t.Fatal(err)
	}
	wrong := bytes.Replace(text, []byte(`"value":42`), []byte(`"value":43`), 1)
	if _, err := Compare(parse(t, wrong), lanes, Options{}); err == nil {
		t.Error("a wrong result is not refused")
	}
}

func TestMismatchSaysWhere(t *testing.T) {
	lanes := lanesOf(t, ">\t10\tmain.a", "<\t20", ">\t30\tmain.b", "<\t40")
	tr := parse(t, write(lanes))
	tr.Calls[1].Func = "main.z"
	_, err := Compare(tr, lanes, Options{})
	if err == nil {
		t.Fatal("not refused")
	}
	for _, part := range []string{"goroutine 1", "function main.z, not main.b",
		"> main.b  (return)", "> main.z  (return)  [line 4, id 2]"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in\n%v", part, err)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		want, got string
		stripped  bool
		same      bool
	}{
		{"main.f", "main.f", false, true},
		{"main.f.abi0", "main.f", false, false},
		{"main.f.abi0", "main.f", true, true},
		{"main.(*B[go.shape.int]).Get", "main.(*B[...]).Get", true, true},
		{"main.(*B[go.shape.int]).Get", "main.(*B[...]).Get", false, false},
		{"main.f", "main.g", true, false},
	} {
		if got := sameName(c.want, c.got, Options{Stripped: c.stripped}); got != c.same {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

const head = `{"type":"trace","version":1,"tool":"ftrace 0","kernel":"6","start":1}
{"type":"process","pid":7,"exe":"/x","go":"go1.26"}
`

func call(rest string) string {
	return `{"type":"call","pid":7,"goid":1,"tid":1,` + rest + "}\n"
}

// a{ b } a{ b }, attached when the first b runs.
func TestMidFlight(t *testing.T) {
	lanes := lanesOf(t, ">\t10\tmain.a", ">\t20\tmain.b", "<\t30", "<\t40", ">\t50\tmain.a",
		">\t60\tmain.b", "<\t70", "<\t80")
	ends := call(`"id":1,"parent":null,"depth":0,"func":"main.b","start":null,"duration":null,"end":"return"`) +
		call(`"id":2,"parent":null,"depth":0,"func":"main.a","start":null,"duration":null,"end":"return"`) +
		call(`"id":3,"parent":null,"depth":0,"func":"main.a","start":45,"duration":45,"end":"return"`)
	rest := call(`"id":4,"parent":3,"depth":1,"func":"main.b","start":55,"duration":20,"end":"return"`)
	sum := func(n, records string) string {
		return `{"type":"summary","calls":` + n + `,"records":` + records +
			`,"lost":0,"missed":0,"unwound":0,"open":0,"duration":9}` + "\n"
	}
	opt := Options{Mode: MidFlight}
	right := head + ends + rest + sum("4", "6")
	if _, err := Compare(parse(t, []byte(right)), lanes, opt); err != nil {
		t.Error(err)
	}
	opt.Early = true
	if _, err := Compare(parse(t, []byte(right)), lanes, opt); err != nil {
		t.Error(err)
	}
	opt.Early = false
	missing := head + ends + sum("3", "4")
	if _, err := Compare(parse(t, []byte(missing)), lanes, opt); err == nil {
		t.Error("a missing call is not refused")
	}
	opt.Early = true
	if _, err := Compare(parse(t, []byte(missing)), lanes, opt); err == nil {
		t.Error("a missing call is not refused when tracing ended early")
	}
	if _, err := Compare(parse(t, []byte(right)), lanes, Options{}); err == nil {
		t.Error("ends without entries are not refused where all was seen")
	}
}

// Two calls of one function, with the end of the first and the entry of the
// second lost: a tracer that pairs what is left shows a call that never was.
func TestLossMerged(t *testing.T) {
	lanes := lanesOf(t, ">\t10\tmain.a", "<\t20", ">\t30\tmain.a", "<\t40")
	loss := `{"type":"loss","pid":7,"goid":1,"start":25,"records":2}` + "\n"
	tail := `{"type":"summary","calls":%,"records":2,"lost":2,"missed":0,"unwound":0,"open":0,"duration":9}` + "\n"
	opt := Options{Mode: Lossy}
	merged := head + loss +
		call(`"id":1,"parent":null,"depth":0,"func":"main.a","start":5,"duration":40,"end":"return"`) +
		strings.Replace(tail, "%", "1", 1)
	if _, err := Compare(parse(t, []byte(merged)), lanes, opt); err == nil {
		t.Error("merged calls are not refused")
	}
	right := head + loss +
		call(`"id":1,"parent":null,"depth":0,"func":"main.a","start":5,"duration":null,"end":"lost"`) +
		call(`"id":2,"parent":null,"depth":0,"func":"main.a","start":null,"duration":null,"end":"return"`) +
		strings.Replace(tail, "%", "2", 1)
	if _, err := Compare(parse(t, []byte(right)), lanes, opt); err != nil {
		t.Error(err)
	}
}

// The targets' own logs hold together: what a perfect tracer would have shown
// agrees with them, and what a wrong one would have shown does not.
func TestTargets(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the targets")
	}
	dir := t.TempDir()
	for _, c := range [][]string{{"growth"}, {"copied"}, {"preempt", "-rounds=50"}, {"panics"},
		{"safe"}, {"goexit"}, {"fatal", "exit"}, {"fatal", "panic"}, {"fatal", "kill"},
		{"defers"}, {"recursion"}, {"names"}, {"wrappers"}, {"asm"}, {"forever"}} {
		t.Run(strings.Join(c, " "), func(t *testing.T) {
			bin := filepath.Join(dir, c[0])
			build := exec.Command("go", "build", "-o", bin, "./"+c[0])
			build.Dir = "../../targets"
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			logs := t.TempDir()
			run := exec.Command(bin, c[1:]...)
			run.Env = append(os.Environ(), "TRUTH_DIR="+logs)
			if err := run.Run(); err != nil && c[0] != "fatal" {
				t.Fatal(err)
			}
			lanes, err := targetlog.ReadDir(logs)
			if err != nil {
				t.Fatal(err)
			}
			agrees(t, lanes, 6)
		})
	}
}
