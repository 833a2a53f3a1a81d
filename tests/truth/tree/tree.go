// SPDX-License-Identifier: GPL-2.0-only

// Package tree holds a trace against the target's own log.
package tree

import (
	"encoding/json"
	"fmt"
	"strings"

	"truth/targetlog"
	"truth/trace"
)

// Mode is how much of the log the trace has to show.
type Mode int

const (
	Whole     Mode = iota // each call, none else
	Lossy                 // records were lost: what is shown is true
	MidFlight             // attached to, or left, while calls were running
)

// Options say what may differ.
type Options struct {
	Mode     Mode
	Stripped bool   // names are those of the line table
	OpenEnd  string // how calls end that are open in the log: trace.Exit or trace.Open
	Early    bool   // MidFlight: tracing ended before the target did
}

// Result says what was compared.
type Result struct {
	Calls int // call lines that were held against the log
	Lanes int
}

// Mismatch is the first difference of a lane, with what stands around it.
type Mismatch struct {
	Pid, Goid int64
	Why       string
	Context   string
}

func (m *Mismatch) Error() string {
	return fmt.Sprintf("process %d, goroutine %d: %s\n%s", m.Pid, m.Goid, m.Why, m.Context)
}

// Compare returns the first mismatch.
func Compare(t *trace.Trace, log []*targetlog.Lane, opt Options) (Result, error) {
	if opt.OpenEnd == "" {
		opt.OpenEnd = trace.Exit
	}
	var res Result
	got := t.Lanes()
	hits := 0
	for _, l := range log {
		key := trace.Key{Pid: l.Pid, Goid: l.Goid}
		roots := got[key]
		delete(got, key)
		hits += l.Hits
		var err error
		switch opt.Mode {
		case Whole:
			err = whole(l, l.Roots, roots, opt)
		case Lossy:
			err = lossy(l, roots, opt)
		case MidFlight:
			err = midFlight(l, roots, opt)
		}
		if err != nil {
			return res, err
		}
		res.Lanes++
		res.Calls += len(flatten(roots))
	}
	for key, roots := range got {
		return res, &Mismatch{key.Pid, key.Goid, "the target knows no such goroutine",
			"shown:\n  " + roots[0].String()}
	}
	if err := lanesOfSchedulers(t); err != nil {
		return res, err
	}
	if opt.Mode != MidFlight && t.Summary.Records+t.Summary.Lost < int64(hits) {
		return res, fmt.Errorf("summary: %d records and %d lost, but the target was hit %d times",
			t.Summary.Records, t.Summary.Lost, hits)
	}
	if opt.Mode == Lossy && t.Summary.Lost == 0 {
		return res, fmt.Errorf("summary: nothing was lost, so this run shows nothing about loss")
	}
	return res, nil
}

// lanesOfSchedulers: whatever is left of goroutine 0 is a call that no lane of
// the log has.
func lanesOfSchedulers(t *trace.Trace) error {
	for _, c := range t.Roots {
		if c.Goid == 0 {
			return fmt.Errorf("%v: the target's functions do not run on a scheduler's stack", c)
		}
	}
	return nil
}

func flatten(list []*trace.Call) []*trace.Call {
	var out []*trace.Call
	for _, c := range list {
		out = append(out, c)
		out = append(out, flatten(c.Children)...)
	}
	return out
}

// want is a call of the log where it is expected in the trace.
type want struct {
	call   *targetlog.Call
	depth  int
	unseen bool   // entry not seen
	end    string // as the trace has to say it
}

func expect(list []*targetlog.Call, depth int, opt Options) []*want {
	var out []*want
	for _, c := range list {
		w := &want{call: c, depth: depth, end: c.End}
		if w.end == "" {
			w.end = opt.OpenEnd
		}
		out = append(out, w)
		out = append(out, expect(c.Children, depth+1, opt)...)
	}
	return out
}

func whole(l *targetlog.Lane, roots []*targetlog.Call, got []*trace.Call, opt Options) error {
	return sideBySide(l, expect(roots, 0, opt), flatten(got), opt)
}

func sideBySide(l *targetlog.Lane, wants []*want, got []*trace.Call, opt Options) error {
	for i := 0; i < len(wants) || i < len(got); i++ {
		why := ""
		switch {
		case i >= len(wants):
			why = "a call is shown that never was"
		case i >= len(got):
			why = "a call is not shown"
		default:
			why = differ(wants[i], got[i], opt)
		}
		if why != "" {
			return &Mismatch{l.Pid, l.Goid, why, context(wants, got, i)}
		}
	}
	return nil
}

// sameName compares names; a stripped program has neither the suffix that the
// linker gives to assembly nor, up to Go 1.20, the type arguments.
func sameName(want, got string, opt Options) bool {
	if want == got {
		return true
	}
	if !opt.Stripped {
		return false
	}
	want = strings.TrimSuffix(want, ".abi0")
	if want == got {
		return true
	}
	open, end := strings.IndexByte(want, '['), strings.LastIndexByte(want, ']')
	return open >= 0 && end > open && want[:open]+"[...]"+want[end+1:] == got
}

// differ says in which way a shown call is not the expected one, or "".
func differ(w *want, g *trace.Call, opt Options) string {
	c := w.call
	switch {
	case !sameName(c.Func, g.Func, opt):
		return fmt.Sprintf("function %s, not %s", g.Func, c.Func)
	case g.Depth != w.depth:
		return fmt.Sprintf("depth %d, not %d", g.Depth, w.depth)
	case g.Ended != w.end:
		return fmt.Sprintf("end %q, not %q", g.Ended, w.end)
	case (g.Start == nil) != w.unseen:
		return fmt.Sprintf("entry seen: %v, not %v", g.Start != nil, !w.unseen)
	case c.Tid != 0 && g.Start != nil && g.Tid != c.Tid:
		return fmt.Sprintf("thread %d, not %d", g.Tid, c.Tid)
	}
	if why := interval(c, g); why != "" {
		return why
	}
	return result(c, g)
}

// interval holds the times against the stamps around the probes' hits.
func interval(c *targetlog.Call, g *trace.Call) string {
	if g.Start == nil {
		return ""
	}
	if *g.Start < c.EntryLo || *g.Start > c.EntryHi {
		return fmt.Sprintf("start %d is outside of %d..%d", *g.Start, c.EntryLo, c.EntryHi)
	}
	end, ok := g.End()
	if ok && g.Ended == trace.Return && (end < c.EndLo || end > c.EndHi) {
		return fmt.Sprintf("end %d is outside of %d..%d", end, c.EndLo, c.EndHi)
	}
	return ""
}

func result(c *targetlog.Call, g *trace.Call) string {
	if c.Result == "" || len(g.Results) == 0 {
		return ""
	}
	var n json.Number
	if json.Unmarshal(g.Results[0].Value, &n) != nil || n.String() != c.Result {
		return fmt.Sprintf("result %s, not %s", g.Results[0].Value, c.Result)
	}
	return ""
}

const around = 4

func context(wants []*want, got []*trace.Call, at int) string {
	var b strings.Builder
	mark := func(i int) string {
		if i == at {
			return "> "
		}
		return "  "
	}
	b.WriteString("the target's log:\n")
	for i := at - around; i <= at+around; i++ {
		if i < 0 || i >= len(wants) {
			continue
		}
		c := wants[i].call
		fmt.Fprintf(&b, "%s%s%s  (%s)\n", mark(i), strings.Repeat("  ", wants[i].depth), c.Func,
			wants[i].end)
	}
	b.WriteString("shown:\n")
	for i := at - around; i <= at+around; i++ {
		if i < 0 || i >= len(got) {
			continue
		}
		g := got[i]
		fmt.Fprintf(&b, "%s%s%s  (%s)  [line %d, id %d]\n", mark(i),
			strings.Repeat("  ", g.Depth), g.Func, g.Ended, g.Line, g.ID)
	}
	return b.String()
}
