// SPDX-License-Identifier: GPL-2.0-only

package trace

import (
	"strings"
	"testing"
)

const good = `{"type":"trace","version":1,"tool":"ftrace 0.1.0","kernel":"6.18.44","start":100}
{"type":"process","pid":7,"exe":"/srv/main","go":"go1.26.8"}
{"type":"call","id":1,"parent":null,"pid":7,"goid":1,"tid":7,"depth":0,"func":"main.a","start":200,"duration":100,"end":"return"}
{"type":"call","id":2,"parent":1,"pid":7,"goid":1,"tid":7,"depth":1,"func":"main.b","start":210,"duration":20,"end":"tail"}
{"type":"call","id":3,"parent":1,"pid":7,"goid":1,"tid":7,"depth":1,"func":"main.c","start":230,"duration":60,"end":"unwound","approximate":true}
{"type":"call","id":4,"parent":3,"pid":7,"goid":1,"tid":7,"depth":2,"func":"main.d","start":240,"duration":10,"end":"return"}
{"type":"loss","pid":7,"goid":1,"start":310,"records":3}
{"type":"call","id":5,"parent":null,"pid":7,"goid":1,"tid":7,"depth":0,"func":"main.e","start":null,"duration":null,"end":"return"}
{"type":"call","id":6,"parent":null,"pid":7,"goid":1,"tid":7,"depth":0,"func":"main.f","start":400,"duration":null,"end":"open"}
{"type":"summary","calls":6,"records":9,"lost":3,"missed":0,"unwound":1,"open":1,"duration":900}
`

func TestGood(t *testing.T) {
	tr, err := Read(strings.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.Calls) != 6 || len(tr.Roots) != 3 || len(tr.Losses) != 1 || len(tr.Lanes()) != 1 {
		t.Errorf("%d calls, %d roots, %d losses", len(tr.Calls), len(tr.Roots), len(tr.Losses))
	}
	if c := tr.Calls[3]; c.Parent != tr.Calls[2] || len(tr.Calls[0].Children) != 2 {
		t.Errorf("%v hangs wrongly", c)
	}
}

// Each row breaks one rule of the format; the message has to name it.
func TestRules(t *testing.T) {
	for _, c := range []struct{ old, new, says string }{
		{`{"type":"trace"`, `{"type":"call"`, "first line"},
		{`"version":1`, `"version":2`, "version"},
		{`"tool":"ftrace 0.1.0"`, `"tool":"x"`, "tool"},
		{`"id":2`, `"id":3`, "id 2 is due"},
		{`"id":4,"parent":3`, `"id":4,"parent":2`, "not on the way"},
		{`"parent":3,"pid":7,"goid":1,"tid":7,"depth":2`, `"parent":3,"pid":7,"goid":1,"tid":7,"depth":1`,
			"parent has depth"},
		{`"id":4,"parent":3`, `"id":4,"parent":4`, "not on the way"},
		{`"id":4,"parent":3,"pid":7,"goid":1,"tid":7,"depth":2`,
			`"id":4,"parent":null,"pid":7,"goid":1,"tid":7,"depth":2`, "depth without a parent"},
		{`"id":2,"parent":1,"pid":7,"goid":1`, `"id":2,"parent":1,"pid":7,"goid":2`, "another lane"},
		{`"start":210,`, `"start":190,`, "before its caller"},
		{`"start":240,"duration":10`, `"start":240,"duration":70`, "after its caller"},
		{`"start":230,"duration":60`, `"start":225,"duration":60`, "inside the one ahead"},
		{`"start":210,`, ``, `no "start"`},
		{`"start":210,"duration":20`, `"start":210,"duration":null`, "no duration"},
		{`"start":210,"duration":20`, `"start":210,"duration":-20`, "negative"},
		{`"duration":null,"end":"open"`, `"duration":5,"end":"open"`, "did not end"},
		{`"end":"tail"`, `"end":"tail","results":[]`, "no return"},
		{`"end":"tail"`, `"end":"gone"`, "unknown end"},
		{`,"approximate":true`, ``, "approximate"},
		{`"func":"main.e"`, `"func":"main.e","args":[]`, "no start, but"},
		{`"func":"main.a"`, `"func":""`, "func"},
		{`"records":3}`, `"records":2}`, "loss lines"},
		{`"calls":6`, `"calls":7`, "call lines"},
		{`"unwound":1`, `"unwound":2`, "unwound"},
		{`"open":1`, `"open":0`, "open"},
		{`"records":9`, `"records":8`, "records"},
		{`"missed":0,`, ``, `no "missed"`},
		{"\"duration\":900}\n", "\"duration\":900}", "has no end"},
		{"\"duration\":900}\n", "\"duration\":900}\n{}\n", "follows the summary"},
		{`{"type":"process","pid":7`, `{"type":"process","pid":8`, "no process line"},
		{`{"type":"process",`, `{"type":"process","pid":7,"exe":"/x","go":"go1.20"}` + "\n" +
			`{"type":"process",`, "a second time"},
		{`main.b`, "main.\xff", "UTF-8"},
		{`"func":"main.b"`, `"func":main.b`, "invalid character"},
	} {
		if strings.Count(good, c.old) < 1 {
			t.Fatalf("%s: nothing to replace", c.old)
		}
		_, err := Read(strings.NewReader(strings.Replace(good, c.old, c.new, 1)))
		if err == nil {
			t.Errorf("%s -> %s: not refused", c.old, c.new)
		} else if !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s -> %s: %v", c.old, c.new, err)
		}
	}
	cut := good[:strings.Index(good, `{"type":"summary"`)]
	if _, err := Read(strings.NewReader(cut)); err == nil ||
		!strings.Contains(err.Error(), "no summary") {
		t.Errorf("without a summary: %v", err)
	}
}

// Streamed calls come when they end: children first, goroutines mixed.
func TestStreamed(t *testing.T) {
	text := good[:strings.Index(good, `{"type":"call"`)] +
		`{"type":"call","id":2,"parent":1,"pid":7,"goid":1,"tid":7,"depth":1,"func":"main.b","start":210,"duration":20,"end":"return","streamed":true}
{"type":"call","id":1,"parent":null,"pid":7,"goid":1,"tid":7,"depth":0,"func":"main.a","start":200,"duration":100,"end":"return","streamed":true}
{"type":"summary","calls":2,"records":4,"lost":0,"missed":0,"unwound":0,"open":0,"duration":900}
`
	if _, err := Read(strings.NewReader(text)); err != nil {
		t.Error(err)
	}
	if _, err := Read(strings.NewReader(strings.Replace(text, `,"streamed":true`, "", 1))); err == nil {
		t.Error("ids out of order are not refused")
	}
}

func TestKeep(t *testing.T) {
	tr, err := Read(strings.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	d := tr.Calls[3]
	tr.Keep(func(name string) bool { return name != "main.c" })
	if d.Parent != tr.Calls[0] || d.Depth != 1 || len(tr.Calls) != 5 {
		t.Errorf("%v does not hang below main.a", d)
	}
}
