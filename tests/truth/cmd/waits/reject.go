// SPDX-License-Identifier: GPL-2.0-only

package main

import "fmt"

// A wrong makes one call wrong; false where it does not fit.
type wrong struct {
	name string
	do   func(c *call, e *entry) bool
}

// first is the number of the first wait that a target knows of.
func first(c *call, e *entry) int {
	if e.Free || len(e.Waits) == 0 {
		return -1
	}
	for i, w := range c.waits {
		if w.Reason != "preempted" {
			return i
		}
	}
	return -1
}

// onWait is what is done to the first wait.
func onWait(do func(c *call, w *wait, x *want) bool) func(c *call, e *entry) bool {
	return func(c *call, e *entry) bool {
		i := first(c, e)
		return i >= 0 && do(c, &c.waits[i], &e.Waits[0])
	}
}

var wrongs = []wrong{
	{"a nanosecond more of running", func(c *call, e *entry) bool { c.Times.Running++; return true }},
	{"no times", func(c *call, e *entry) bool { c.Times = nil; return true }},
	{"running for waiting", func(c *call, e *entry) bool {
		c.Times.Running, c.Times.Waiting = c.Times.Waiting, c.Times.Running
		return len(c.waits) > 0
	}},
	{"off the processor for running", func(c *call, e *entry) bool {
		c.Times.Running += c.Times.Offcpu
		moved := c.Times.Offcpu
		c.Times.Offcpu = 0
		return e.CPU != 0 && moved > c.Duration/4
	}},
	{"runnable for running", func(c *call, e *entry) bool {
		c.Times.Running += c.Times.Runnable
		moved := c.Times.Runnable
		c.Times.Runnable = 0
		return len(c.waits) > 0 && moved > 0
	}},
	{"running for a system call", func(c *call, e *entry) bool {
		c.Times.Running += c.Times.Syscall
		c.Times.Syscall = 0
		return e.Syscall > 0
	}},
	{"a system call that was none", func(c *call, e *entry) bool {
		c.Times.Syscall++
		c.Times.Running--
		return e.Syscall == 0 && !e.Free
	}},
	{"a wait is missing", onWait(func(c *call, w *wait, x *want) bool {
		gone := *w
		kept := c.waits[:0]
		for i := range c.waits {
			if &c.waits[i] != w {
				kept = append(kept, c.waits[i])
			}
		}
		c.waits = kept
		c.Times.Running += gone.Duration
		c.Times.Waiting -= gone.Waiting
		c.Times.Runnable -= gone.Runnable
		return true
	})},
	{"another reason", onWait(func(c *call, w *wait, x *want) bool { w.Reason += "!"; return true })},
	{"woken before it was", onWait(func(c *call, w *wait, x *want) bool {
		d := w.Start + w.Waiting - x.Lo + 1
		w.Waiting -= d
		w.Runnable += d
		c.Times.Waiting -= d
		c.Times.Runnable += d
		return x.Lo != 0
	})},
	{"woken after it was", onWait(func(c *call, w *wait, x *want) bool {
		d := x.Hi + 1 - w.Start - w.Waiting
		w.Waiting += d
		w.Runnable -= d
		c.Times.Waiting += d
		c.Times.Runnable -= d
		return x.Hi != 0
	})},
	{"begun before the call", onWait(func(c *call, w *wait, x *want) bool { w.Start = c.Start - 1; return true })},
	{"of another goroutine", onWait(func(c *call, w *wait, x *want) bool { w.Goid++; return true })},
	{"woken by another", onWait(func(c *call, w *wait, x *want) bool {
		if x.Waker < 0 {
			return false
		}
		w.Waker = &waker{Goid: x.Waker + 1, Func: x.Func}
		return true
	})},
	{"woken elsewhere", onWait(func(c *call, w *wait, x *want) bool {
		if x.Waker <= 0 {
			return false
		}
		w.Waker = &waker{Goid: x.Waker, Func: "main.other"}
		return true
	})},
}

// copyOf is a call that can be spoilt.
func copyOf(c *call) *call {
	spoilt := *c
	if c.Times != nil {
		t := *c.Times
		spoilt.Times = &t
	}
	spoilt.waits = append([]wait{}, c.waits...)
	return &spoilt
}

// rejectAll spoils each call of the trace in each way that fits it. Of each way there has to be one, and all have to be found.
func rejectAll(calls []*call, truth []*entry) (refused int) {
	byGoid := map[int64]*entry{}
	for _, e := range truth {
		byGoid[e.Goid] = e
	}
	for _, w := range wrongs {
		fits := 0
		for _, c := range calls {
			e, spoilt := byGoid[c.Goid], copyOf(c)
			if e == nil || !w.do(spoilt, e) {
				continue
			}
			fits++
			if check(spoilt, e) == nil {
				fail("%s: not found in call %d, %s: %s", w.name, c.ID, e.Case, fmt.Sprintf("%+v", *spoilt.Times))
			}
		}
		if fits == 0 {
			fail("%s: nothing to try it on", w.name)
		}
		refused += fits
	}
	return refused
}
