// SPDX-License-Identifier: GPL-2.0-only

// Package mutate makes a right trace wrong, to see the comparison refuse it.
package mutate

import "truth/trace"

// Kind is one way of being wrong. Apply changes the trace in place and says
// whether it has a call that it could be done to.
type Kind struct {
	Name  string
	Lossy bool // a trace with lost records must not have it either
	Apply func(t *trace.Trace) bool
}

// Kinds are all of them.
var Kinds = []Kind{
	{"a call is missing", false, drop},
	{"a call too many", true, extra},
	{"another function", true, rename},
	{"two calls swapped", false, swap},
	{"a call one level up", false, lift},
	{"another end", true, end},
	{"a start too late", true, late},
	{"an end before the start", true, short},
	{"another goroutine", true, goroutine},
	{"another process", true, process},
}

// pick is a call that fits, looked for from the middle on.
func pick(t *trace.Trace, fits func(c *trace.Call) bool) *trace.Call {
	n := len(t.Calls)
	for i := 0; i < n; i++ {
		if c := t.Calls[(i+n/2)%n]; c.Goid != 0 && fits(c) {
			return c
		}
	}
	return nil
}

func any(*trace.Call) bool { return true }

func index(list []*trace.Call, c *trace.Call) int {
	for i := range list {
		if list[i] == c {
			return i
		}
	}
	return -1
}

// siblings is the list that a call is in.
func siblings(t *trace.Trace, c *trace.Call) *[]*trace.Call {
	if c.Parent != nil {
		return &c.Parent.Children
	}
	return &t.Roots
}

func replace(list *[]*trace.Call, i int, by ...*trace.Call) {
	tail := append([]*trace.Call(nil), (*list)[i+1:]...)
	*list = append(append((*list)[:i:i], by...), tail...)
}

func deeper(list []*trace.Call, by int) {
	for _, c := range list {
		c.Depth += by
		deeper(c.Children, by)
	}
}

// isFollowed says whether a later call of its goroutine is there: where tracing ended early nobody can tell
// that the last one is missing.
func isFollowed(t *trace.Trace, c *trace.Call) bool {
	for i := index(t.Calls, c) + 1; i < len(t.Calls); i++ {
		if t.Calls[i].Goid == c.Goid && t.Calls[i].Pid == c.Pid {
			return true
		}
	}
	return false
}

func drop(t *trace.Trace) bool {
	c := pick(t, func(c *trace.Call) bool { return isFollowed(t, c) })
	if c == nil {
		c = pick(t, any)
	}
	if c == nil {
		return false
	}
	for _, k := range c.Children {
		k.Parent = c.Parent
	}
	deeper(c.Children, -1)
	list := siblings(t, c)
	replace(list, index(*list, c), c.Children...)
	return true
}

func extra(t *trace.Trace) bool {
	c := pick(t, func(c *trace.Call) bool { return c.Start != nil })
	if c == nil {
		return false
	}
	twin := *c
	twin.Children = nil
	list := siblings(t, c)
	replace(list, index(*list, c), c, &twin)
	return true
}

func rename(t *trace.Trace) bool {
	c := pick(t, any)
	if c == nil {
		return false
	}
	c.Func += "x"
	return true
}

func swap(t *trace.Trace) bool {
	for i := len(t.Calls)/2 + 1; i < len(t.Calls); i++ {
		a, b := t.Calls[i-1], t.Calls[i]
		if a.Goid == b.Goid && a.Pid == b.Pid && a.Goid != 0 && a.Func != b.Func {
			a.Func, b.Func = b.Func, a.Func
			return true
		}
	}
	return false
}

func lift(t *trace.Trace) bool {
	c := pick(t, func(c *trace.Call) bool { return c.Parent != nil })
	if c == nil {
		return false
	}
	p := c.Parent
	replace(&p.Children, index(p.Children, c))
	c.Parent = p.Parent
	list := siblings(t, p)
	replace(list, index(*list, p), p, c)
	c.Depth--
	deeper(c.Children, -1)
	return true
}

func end(t *trace.Trace) bool {
	c := pick(t, func(c *trace.Call) bool { return c.Ended != trace.Lost })
	if c == nil {
		return false
	}
	if c.Ended == trace.Return {
		c.Ended = trace.Unwound
	} else {
		c.Ended = trace.Return
	}
	return true
}

// Longer than any target runs.
const shift = int64(1e12)

func late(t *trace.Trace) bool {
	c := pick(t, func(c *trace.Call) bool { return c.Start != nil })
	if c == nil {
		return false
	}
	*c.Start += shift
	return true
}

func short(t *trace.Trace) bool {
	c := pick(t, func(c *trace.Call) bool {
		return c.Duration != nil && c.Ended == trace.Return
	})
	if c == nil {
		return false
	}
	*c.Duration -= shift
	return true
}

func root(t *trace.Trace) *trace.Call {
	return pick(t, func(c *trace.Call) bool { return c.Parent == nil })
}

func goroutine(t *trace.Trace) bool {
	c := root(t)
	if c == nil {
		return false
	}
	c.Goid += 1 << 40
	return true
}

func process(t *trace.Trace) bool {
	c := root(t)
	if c == nil {
		return false
	}
	c.Pid += 1 << 30
	return true
}
