// SPDX-License-Identifier: GPL-2.0-only

// Package targetlog reads what a target wrote about its own calls. The format
// is described in tests/targets/truth/write.go.
package targetlog

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

// Call is a call as the target saw it.
//
// The probe of its entry was hit between EntryLo and EntryHi, that of its end
// between EndLo and EndHi, all of them Unix nanoseconds: a stamp inside the
// function follows the hit at its entry, and so on. Unknown is the widest
// range there is.
type Call struct {
	Func     string
	End      string // "return", "tail", "unwound", or "" for open at the end
	EntryLo  int64
	EntryHi  int64
	EndLo    int64
	EndHi    int64
	Tid      int    // thread at entry, 0 for not known
	Result   string // first result as a number, "" for not known
	Parent   *Call
	Children []*Call
	EntryHit int // number of the hit at its entry, within the lane
	EndHit   int // number of the hit at its end, or of the next one if it has none
}

// Lane is one goroutine of one process: its outermost calls, in order.
type Lane struct {
	Pid, Goid int64
	Roots     []*Call
	All       []*Call // by entry
	Hits      int     // entries and ends that a probe sees
}

// Keep drops the calls whose function keep refuses and hangs what is below them
// on the nearest call that stays. Hits keep their numbers.
func (l *Lane) Keep(keep func(name string) bool) {
	var roots, all []*Call
	var walk func(list []*Call, parent *Call)
	walk = func(list []*Call, parent *Call) {
		for _, c := range list {
			below := c.Children
			if !keep(c.Func) {
				l.Hits -= c.hits()
				walk(below, parent)
				continue
			}
			all = append(all, c)
			c.Parent, c.Children = parent, nil
			if parent != nil {
				parent.Children = append(parent.Children, c)
			} else {
				roots = append(roots, c)
			}
			walk(below, c)
		}
	}
	walk(l.Roots, nil)
	l.Roots, l.All = roots, all
}

// hits is how often probes of this call are hit.
func (c *Call) hits() int {
	if c.End == "return" || c.End == "tail" {
		return 2
	}
	return 1
}

type stamp struct {
	what byte
	at   int64
	rest []string
}

// ReadDir reads all logs of a directory. Two logs of one process are one after
// another in its lanes: it has replaced itself.
func ReadDir(dir string) ([]*Lane, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no log of a target in it", dir)
	}
	sort.Strings(names)
	byKey := map[[2]int64]*Lane{}
	var lanes []*Lane
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		some, err := Read(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, l := range some {
			key := [2]int64{l.Pid, l.Goid}
			if old := byKey[key]; old != nil {
				old.append(l)
				continue
			}
			byKey[key] = l
			lanes = append(lanes, l)
		}
	}
	return lanes, nil
}

func (l *Lane) append(next *Lane) {
	for _, c := range next.All {
		c.EntryHit += l.Hits
		c.EndHit += l.Hits
	}
	l.Roots = append(l.Roots, next.Roots...)
	l.All = append(l.All, next.All...)
	l.Hits += next.Hits
}

// Read reads one log. A log without its last line is an error.
func Read(r io.Reader) ([]*Lane, error) {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 1<<16), 1<<20)
	var lanes []*Lane
	var stamps []stamp
	var lane *Lane
	var pid int64 = -1
	n := 0
	complete := false
	flush := func() error {
		if lane == nil {
			return nil
		}
		return lane.build(stamps)
	}
	for in.Scan() {
		n++
		field := strings.Split(in.Text(), "\t")
		switch {
		case complete:
			return nil, fmt.Errorf("line %d: follows the end", n)
		case field[0] == "end":
			complete = true
		case len(field) < 2:
			return nil, fmt.Errorf("line %d: %q has no value", n, in.Text())
		default:
			v, err := strconv.ParseInt(field[1], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			switch {
			case field[0] == "pid":
				pid = v
			case field[0] == "lane":
				if err := flush(); err != nil {
					return nil, err
				}
				lane, stamps = &Lane{Pid: pid, Goid: v}, nil
				lanes = append(lanes, lane)
			case len(field[0]) == 1 && lane != nil:
				stamps = append(stamps, stamp{field[0][0], v, field[2:]})
			default:
				return nil, fmt.Errorf("line %d: %q is no stamp", n, field[0])
			}
		}
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if !complete {
		return nil, fmt.Errorf("line %d: the log is cut off", n)
	}
	return lanes, flush()
}

// outside tells stamps that a caller makes in a row before a call.
func outside(what byte) bool { return what == '[' || what == '^' }

// before is the last stamp ahead of i that is not of the row after a return.
func before(s []stamp, i int) int64 {
	for i--; i >= 0; i-- {
		if s[i].what != ']' && s[i].what != '^' {
			return s[i].at
		}
	}
	return math.MinInt64
}

// after is the first stamp behind i that is not of the row before a call.
func after(s []stamp, i int) int64 {
	for i++; i < len(s); i++ {
		if !outside(s[i].what) {
			return s[i].at
		}
	}
	return math.MaxInt64
}

func (l *Lane) build(s []stamp) error {
	var open []*Call
	cut := func(depth int, end string, lo, hi int64) {
		for len(open) > depth {
			c := open[len(open)-1]
			open = open[:len(open)-1]
			c.End, c.EndLo, c.EndHi = end, lo, hi
			c.EndHit = l.Hits
			if end != "unwound" {
				l.Hits++
			}
		}
	}
	for i, e := range s {
		bad := func(why string) error {
			return fmt.Errorf("goroutine %d, stamp %d (%c): %s", l.Goid, i+1, e.what, why)
		}
		if i > 0 && e.at < s[i-1].at {
			return bad("the target's own clock went back")
		}
		switch e.what {
		case '>', '[':
			c, err := entry(s, i)
			if err != nil {
				return bad(err.Error())
			}
			c.EntryHit = l.Hits
			l.Hits++
			l.All = append(l.All, c)
			if len(open) > 0 {
				c.Parent = open[len(open)-1]
				c.Parent.Children = append(c.Parent.Children, c)
			} else {
				l.Roots = append(l.Roots, c)
			}
			open = append(open, c)
		case '<', '^':
			if len(open) == 0 {
				return bad("no call is open")
			}
			if e.what == '<' {
				cut(len(open)-1, "return", e.at, next(s, i))
			} else {
				cut(len(open)-1, "tail", math.MinInt64, math.MaxInt64)
			}
		case ']', '!':
			depth, err := count(e.rest)
			if err != nil {
				return bad(err.Error())
			}
			if e.what == '!' {
				cut(depth, "unwound", math.MinInt64, math.MaxInt64)
				break
			}
			if len(open) < depth+1 {
				return bad("no call is open above that depth")
			}
			cut(depth+1, "unwound", math.MinInt64, math.MaxInt64)
			if len(e.rest) > 1 {
				open[depth].Result = e.rest[1]
			}
			cut(depth, "return", before(s, i), e.at)
		case '$':
			cut(0, "unwound", math.MinInt64, math.MaxInt64)
		default:
			return bad("unknown")
		}
	}
	for _, c := range open {
		c.EndHit = l.Hits
	}
	return nil
}

func next(s []stamp, i int) int64 {
	if i+1 < len(s) {
		return s[i+1].at
	}
	return math.MaxInt64
}

func count(rest []string) (int, error) {
	if len(rest) == 0 {
		return 0, fmt.Errorf("no depth")
	}
	n, err := strconv.Atoi(rest[0])
	if err == nil && n < 0 {
		err = fmt.Errorf("depth %d", n)
	}
	return n, err
}

func entry(s []stamp, i int) (*Call, error) {
	e := s[i]
	if len(e.rest) == 0 {
		return nil, fmt.Errorf("no name")
	}
	c := &Call{Func: e.rest[0], EndLo: math.MinInt64, EndHi: math.MaxInt64}
	if e.what == '>' {
		c.EntryLo, c.EntryHi = math.MinInt64, e.at
		// A function may say, before its entry, which calls are gone.
		for i--; i >= 0 && s[i].what == '!'; i-- {
		}
		if i >= 0 {
			c.EntryLo = s[i].at
		}
	} else {
		c.EntryLo, c.EntryHi = e.at, after(s, i)
	}
	if len(e.rest) > 1 {
		tid, err := strconv.Atoi(e.rest[1])
		if err != nil {
			return nil, err
		}
		c.Tid = tid
	}
	return c, nil
}
