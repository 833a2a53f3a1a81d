// SPDX-License-Identifier: GPL-2.0-only

package tree

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"truth/targetlog"
)

// perfect writes the trace that a tracer without fault would have written.
type perfect struct {
	out     bytes.Buffer
	id      int64
	records int64
	unwound int64
}

func (p *perfect) line(v interface{}) {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	p.out.Write(append(text, '\n'))
}

type object = map[string]interface{}

func write(lanes []*targetlog.Lane) []byte {
	p := &perfect{}
	p.line(object{"type": "trace", "version": 1, "tool": "ftrace 0", "kernel": "6", "start": 1})
	seen := map[int64]bool{}
	for _, l := range lanes {
		if !seen[l.Pid] {
			seen[l.Pid] = true
			p.line(object{"type": "process", "pid": l.Pid, "exe": "/x", "go": "go1.26"})
		}
		for _, c := range l.Roots {
			p.call(l, c, 0, 0)
		}
	}
	p.line(object{"type": "summary", "calls": p.id, "records": p.records, "lost": 0, "missed": 0,
		"unwound": p.unwound, "open": 0, "duration": 1})
	return p.out.Bytes()
}

func start(c *targetlog.Call) int64 {
	if c.EntryLo == math.MinInt64 {
		return c.EntryHi
	}
	return c.EntryLo
}

func end(c *targetlog.Call) int64 {
	last := start(c)
	for _, k := range c.Children {
		if e := end(k); e > last {
			last = e
		}
	}
	if c.End == "return" && c.EndLo > last {
		return c.EndLo
	}
	return last
}

func (p *perfect) call(l *targetlog.Lane, c *targetlog.Call, parent int64, depth int) {
	p.id++
	id := p.id
	o := object{"type": "call", "id": id, "parent": nil, "pid": l.Pid, "goid": l.Goid, "tid": 1,
		"depth": depth, "func": c.Func, "start": start(c), "duration": end(c) - start(c),
		"end": c.End}
	if c.Tid != 0 {
		o["tid"] = c.Tid
	}
	if parent != 0 {
		o["parent"] = parent
	}
	p.records++
	switch c.End {
	case "":
		o["end"], o["duration"] = "exit", nil
	case "unwound":
		o["approximate"] = true
		p.unwound++
	default:
		p.records++
	}
	if c.Result != "" {
		o["results"] = []object{{"name": "r", "type": "int", "value": json.Number(c.Result)}}
	}
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	fmt.Fprintf(&p.out, "%s\n", text)
	for _, k := range c.Children {
		p.call(l, k, id, depth+1)
	}
}
