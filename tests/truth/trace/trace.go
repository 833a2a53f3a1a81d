// SPDX-License-Identifier: GPL-2.0-only

// Package trace reads `ftrace --format=jsonl` and holds it to the contract
// that the format is. Each broken rule is an error that names the line.
package trace

import (
	"encoding/json"
	"fmt"
	"sort"
)

// How a call ended.
const (
	Return  = "return"
	Tail    = "tail"
	Unwound = "unwound"
	Open    = "open"
	Exit    = "exit"
	Lost    = "lost"
)

// Item is an argument or a result.
type Item struct {
	Name  string          `json:"name"`
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value"`
	Error string          `json:"error"`
}

// Call is one call line. Start and Duration are nil for null.
type Call struct {
	ID          int64  `json:"id"`
	ParentID    *int64 `json:"parent"`
	Pid         int64  `json:"pid"`
	Goid        int64  `json:"goid"`
	Curg        *int64 `json:"curg"`
	Tid         int    `json:"tid"`
	Depth       int    `json:"depth"`
	Func        string `json:"func"`
	Start       *int64 `json:"start"`
	Duration    *int64 `json:"duration"`
	Ended       string `json:"end"`
	Approximate bool   `json:"approximate"`
	Streamed    bool   `json:"streamed"`
	Args        []Item `json:"args"`
	Results     []Item `json:"results"`

	Line     int
	Parent   *Call
	Children []*Call
}

// End is when the call ended, if that is known.
func (c *Call) End() (int64, bool) {
	if c.Start == nil || c.Duration == nil {
		return 0, false
	}
	return *c.Start + *c.Duration, true
}

func (c *Call) String() string {
	s := fmt.Sprintf("line %d: id %d pid %d goid %d depth %d %s", c.Line, c.ID, c.Pid, c.Goid,
		c.Depth, c.Func)
	if c.Start != nil {
		s += fmt.Sprintf(" start %d", *c.Start)
	}
	if c.Duration != nil {
		s += fmt.Sprintf(" duration %d", *c.Duration)
	}
	return s + " end " + c.Ended
}

// Loss is one loss line; Goid is nil where it is not known.
type Loss struct {
	Pid     int64  `json:"pid"`
	Goid    *int64 `json:"goid"`
	Start   *int64 `json:"start"`
	Records int64  `json:"records"`
}

// Summary is the last line.
type Summary struct {
	Calls    int64 `json:"calls"`
	Records  int64 `json:"records"`
	Lost     int64 `json:"lost"`
	Missed   int64 `json:"missed"`
	Skipped  int64 `json:"skipped"`
	Unwound  int64 `json:"unwound"`
	Open     int64 `json:"open"`
	Duration int64 `json:"duration"`
}

// Key names a lane.
type Key struct{ Pid, Goid int64 }

// Trace is all that one run wrote.
type Trace struct {
	Start     int64
	Processes map[int64]int // pid to line
	Calls     []*Call       // in order of id
	Roots     []*Call       // in order of id
	Losses    []Loss
	Summary   Summary
}

// Lanes are the root calls of each goroutine of each process, in file order.
// Calls on a scheduler's stack are not among them: these stacks are many, and
// all are goroutine 0.
func (t *Trace) Lanes() map[Key][]*Call {
	lanes := map[Key][]*Call{}
	for _, c := range t.Roots {
		if c.Goid != 0 {
			k := Key{c.Pid, c.Goid}
			lanes[k] = append(lanes[k], c)
		}
	}
	return lanes
}

// Keep drops the calls whose function keep refuses and hangs what is below
// them on the nearest call that stays.
func (t *Trace) Keep(keep func(name string) bool) {
	var roots, kept []*Call
	var walk func(list []*Call, parent *Call)
	walk = func(list []*Call, parent *Call) {
		for _, c := range list {
			below := c.Children
			if !keep(c.Func) {
				walk(below, parent)
				continue
			}
			kept = append(kept, c)
			c.Parent, c.Children, c.Depth = parent, nil, 0
			if parent != nil {
				parent.Children = append(parent.Children, c)
				c.Depth = parent.Depth + 1
			} else {
				roots = append(roots, c)
			}
			walk(below, c)
		}
	}
	walk(t.Roots, nil)
	t.Roots, t.Calls = roots, kept
}

// link builds the tree from the parents' ids and checks them.
func (t *Trace) link() error {
	sort.SliceStable(t.Calls, func(i, j int) bool { return t.Calls[i].ID < t.Calls[j].ID })
	for i, c := range t.Calls {
		if c.ID != int64(i)+1 {
			return fmt.Errorf("%v: id %d is due", c, i+1)
		}
		if c.ParentID == nil {
			if c.Depth != 0 {
				return fmt.Errorf("%v: depth without a parent", c)
			}
			t.Roots = append(t.Roots, c)
			continue
		}
		if *c.ParentID < 1 || *c.ParentID >= c.ID {
			return fmt.Errorf("%v: parent %d does not precede it", c, *c.ParentID)
		}
		p := t.Calls[*c.ParentID-1]
		if p.Pid != c.Pid || p.Goid != c.Goid {
			return fmt.Errorf("%v: its parent is of another lane: %v", c, p)
		}
		if c.Depth != p.Depth+1 {
			return fmt.Errorf("%v: its parent has depth %d", c, p.Depth)
		}
		c.Parent = p
		p.Children = append(p.Children, c)
	}
	return nil
}
