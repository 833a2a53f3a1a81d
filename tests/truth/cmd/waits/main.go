// SPDX-License-Identifier: GPL-2.0-only

// Waits holds the waits and times of a trace with --waits against what the target itself says of them
// (tests/targets/waits).
//
//	waits [-reject] TRACE TRUTH
//
// Of every call of main.traced: that its five times add up to its duration, and hold what its waits say; that its waits are
// those that the target knows of, in that order, each for its reason, begun, ended and woken between the stamps around that,
// by that goroutine, in that function. Being preempted is nothing a target knows of, and may come in between.
//
// -reject makes the trace wrong afterwards, in each way there is, and wants each found.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

type want struct {
	Reason                   string
	From, Parked, Lo, Hi, To int64
	Waker                    int64
	Func                     string
}

type entry struct {
	Case               string
	Goid, From, To     int64
	Free               bool
	Waits              []want
	Syscall, CPU, Busy int64
}

type times struct{ Running, Offcpu, Runnable, Waiting, Syscall int64 }

type waker struct {
	Goid int64
	Func string
}

type wait struct {
	Call, Goid, Start, Duration, Waiting, Runnable int64
	Reason, End                                    string
	Waker                                          *waker
}

type call struct {
	ID, Goid, Start, Duration int64
	Func, End                 string
	Times                     *times
	waits                     []wait
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "waits: "+format+"\n", args...)
	os.Exit(1)
}

// lines gives each line of a file to take.
func lines(path string, take func(text []byte) error) {
	f, err := os.Open(path)
	if err != nil {
		fail("%v", err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<24)
	for n := 1; in.Scan(); n++ {
		if err := take(in.Bytes()); err != nil {
			fail("%s:%d: %v", path, n, err)
		}
	}
	if err := in.Err(); err != nil {
		fail("%s: %v", path, err)
	}
}

// readTrace gives the calls of main.traced with their waits.
func readTrace(path string) (calls []*call, told int64) {
	byID := map[int64]*call{}
	told = -1
	written := int64(0)
	lines(path, func(text []byte) error {
		var head struct {
			Type  string
			Waits *int64
		}
		if err := json.Unmarshal(text, &head); err != nil {
			return err
		}
		switch head.Type {
		case "call":
			c := new(call)
			if err := json.Unmarshal(text, c); err != nil {
				return err
			}
			byID[c.ID] = c
			if c.Func == "main.traced" {
				calls = append(calls, c)
			}
		case "wait":
			var w wait
			if err := json.Unmarshal(text, &w); err != nil {
				return err
			}
			c := byID[w.Call]
			if c == nil {
				return fmt.Errorf("call %d has no line yet", w.Call)
			}
			c.waits = append(c.waits, w)
			written++
		case "summary":
			if head.Waits == nil {
				return fmt.Errorf("no number of waits")
			}
			told = *head.Waits
		}
		return nil
	})
	if told != written {
		fail("%s: the summary says %d waits, there are %d", path, told, written)
	}
	return calls, told
}

func (t *times) sum() int64 { return t.Running + t.Offcpu + t.Runnable + t.Waiting + t.Syscall }

// checkSums is what every call has to keep to.
func checkSums(c *call) error {
	if c.End != "return" || c.Times == nil {
		return fmt.Errorf("ended by %q, times %v", c.End, c.Times)
	}
	t := *c.Times
	if t.sum() != c.Duration || t.Running < 0 || t.Offcpu < 0 || t.Runnable < 0 || t.Waiting < 0 || t.Syscall < 0 {
		return fmt.Errorf("%+v make %d, not %d", t, t.sum(), c.Duration)
	}
	waiting, runnable, last := int64(0), int64(0), c.Start
	for _, w := range c.waits {
		if w.End != "" || w.Waiting+w.Runnable != w.Duration || w.Waiting < 0 || w.Runnable < 0 {
			return fmt.Errorf("%+v does not add up", w)
		}
		if w.Start < last || w.Start+w.Duration > c.Start+c.Duration || w.Goid != c.Goid {
			return fmt.Errorf("%+v lies outside, or before the one ahead of it", w)
		}
		last = w.Start + w.Duration
		waiting += w.Waiting
		runnable += w.Runnable
	}
	// Behind a system call it may be runnable without a wait.
	if waiting != t.Waiting || runnable > t.Runnable {
		return fmt.Errorf("waits of %d, runnable %d, but times are %+v", waiting, runnable, t)
	}
	return nil
}

func within(what string, at, lo, hi int64) error {
	if at < lo || (hi != 0 && at > hi) {
		return fmt.Errorf("%s %d is not between %d and %d", what, at, lo, hi)
	}
	return nil
}

func checkWait(w wait, x want) error {
	if w.Reason != x.Reason {
		return fmt.Errorf("%+v, not for %s", w, x.Reason)
	}
	begun := x.Parked
	if begun == 0 {
		begun = x.To
	}
	woken := x.Lo
	if woken == 0 {
		woken = w.Start
	}
	hi := x.Hi
	if hi == 0 {
		hi = x.To
	}
	for _, err := range []error{
		within("it begins at", w.Start, x.From, begun),
		within("it is woken at", w.Start+w.Waiting, woken, hi),
		within("it ends at", w.Start+w.Duration, w.Start, x.To),
	} {
		if err != nil {
			return err
		}
	}
	switch {
	case x.Waker < 0:
	case x.Waker == 0:
		if w.Waker != nil && w.Waker.Goid != 0 {
			return fmt.Errorf("woken by %+v, though nobody did", *w.Waker)
		}
	case w.Waker == nil || w.Waker.Goid != x.Waker || w.Waker.Func != x.Func:
		return fmt.Errorf("woken by %+v, not by %d %s", w.Waker, x.Waker, x.Func)
	}
	return nil
}

// check is one call against what the target says.
func check(c *call, e *entry) error {
	if err := checkSums(c); err != nil {
		return err
	}
	if err := within("it begins at", c.Start, 0, e.From); err != nil {
		return err
	}
	if err := within("it ends at", c.Start+c.Duration, e.To, 0); err != nil {
		return err
	}
	t := c.Times
	if t.Syscall < e.Syscall || (e.Syscall == 0 && !e.Free && t.Syscall != 0) {
		return fmt.Errorf("in system calls for %d, not for at least %d", t.Syscall, e.Syscall)
	}
	if e.CPU != 0 {
		// The kernel counts the runtime's own work at preemptions, too.
		slack := c.Duration/10 + 2000000
		if t.Running > e.CPU+slack || t.Running < e.CPU-slack {
			return fmt.Errorf("ran for %d, the kernel says %d of %d", t.Running, e.CPU, c.Duration)
		}
	}
	if e.Free {
		return nil
	}
	var waits []wait
	for _, w := range c.waits {
		if w.Reason != "preempted" {
			waits = append(waits, w)
		} else if w.Waiting != 0 {
			return fmt.Errorf("%+v waits, but is only preempted", w)
		}
	}
	if len(waits) != len(e.Waits) {
		return fmt.Errorf("%d waits, not %d: %+v", len(waits), len(e.Waits), waits)
	}
	for i, w := range waits {
		if err := checkWait(w, e.Waits[i]); err != nil {
			return fmt.Errorf("wait %d: %w", i+1, err)
		}
	}
	return nil
}

// checkAll is everything; the first that is wrong.
func checkAll(calls []*call, truth []*entry) error {
	if len(calls) != len(truth) {
		return fmt.Errorf("%d calls, not %d", len(calls), len(truth))
	}
	byGoid := map[int64][]*call{}
	for _, c := range calls {
		byGoid[c.Goid] = append(byGoid[c.Goid], c)
	}
	longest, busy := int64(0), int64(0)
	for _, e := range truth {
		own := byGoid[e.Goid]
		if len(own) == 0 {
			return fmt.Errorf("%s: no call of goroutine %d is left", e.Case, e.Goid)
		}
		byGoid[e.Goid] = own[1:]
		if err := check(own[0], e); err != nil {
			return fmt.Errorf("%s, call %d: %w", e.Case, own[0].ID, err)
		}
		if e.Busy != 0 {
			busy = e.Busy
			if own[0].Times.Runnable > longest {
				longest = own[0].Times.Runnable
			}
		}
	}
	// Any may be let go on earlier, when the waker is preempted; not all.
	if longest < busy*9/10 {
		return fmt.Errorf("busy: runnable for %d at most, though the waker went on for %d", longest, busy)
	}
	return nil
}

func main() {
	reject := flag.Bool("reject", false, "make the trace wrong, too")
	flag.Parse()
	if flag.NArg() != 2 {
		fail("two files are needed: TRACE TRUTH")
	}
	calls, told := readTrace(flag.Arg(0))
	var truth []*entry
	lines(flag.Arg(1), func(text []byte) error {
		e := new(entry)
		truth = append(truth, e)
		return json.Unmarshal(text, e)
	})
	if err := checkAll(calls, truth); err != nil {
		fail("%v", err)
	}
	refused := 0
	if *reject {
		refused = rejectAll(calls, truth)
	}
	fmt.Printf("calls=%d waits=%d refused=%d\n", len(calls), told, refused)
}
