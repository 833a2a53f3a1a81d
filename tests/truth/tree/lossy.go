// SPDX-License-Identifier: GPL-2.0-only

package tree

import (
	"fmt"
	"sort"

	"truth/targetlog"
	"truth/trace"
)

// lossy holds each shown call against the one call of the log that it must be:
// the stamps around an entry leave no choice. Then its end, and the calls it
// hangs below, must be that call's.
func lossy(l *targetlog.Lane, roots []*trace.Call, opt Options) error {
	got := flatten(roots)
	is := map[*trace.Call]*targetlog.Call{}
	shown := map[*targetlog.Call]*trace.Call{}
	ends := map[string]int{}
	for i, g := range got {
		fail := func(why string) error {
			return &Mismatch{l.Pid, l.Goid, why, context(nil, got, i)}
		}
		if g.Start == nil {
			ends[g.Func]++
			continue
		}
		c := find(l, g, shown, opt)
		if c == nil {
			return fail("a call is shown that never was")
		}
		is[g], shown[c] = c, g
		if why := lossyEnd(c, g, opt); why != "" {
			return fail(why)
		}
		if g.Parent != nil && !above(is[g.Parent], c) {
			return fail("its caller is another one")
		}
	}
	for i, g := range got {
		c := is[g]
		if c == nil {
			continue
		}
		for up := c.Parent; up != nil; up = up.Parent {
			if p := shown[up]; p != nil && p.Ended == trace.Return && !hangsBelow(g, p) {
				return &Mismatch{l.Pid, l.Goid, fmt.Sprintf("does not hang below id %d", p.ID),
					context(nil, got, i)}
			}
		}
	}
	for name, n := range ends {
		have := 0
		for _, c := range l.All {
			if shown[c] == nil && c.End != "" && sameName(c.Func, name, opt) {
				have++
			}
		}
		if n > have {
			return &Mismatch{l.Pid, l.Goid, fmt.Sprintf("%d ends of %s without an entry, but "+
				"only %d can be", n, name, have), ""}
		}
	}
	return nil
}

func find(l *targetlog.Lane, g *trace.Call, shown map[*targetlog.Call]*trace.Call,
	opt Options) *targetlog.Call {
	i := sort.Search(len(l.All), func(i int) bool { return l.All[i].EntryHi >= *g.Start })
	for ; i < len(l.All) && l.All[i].EntryLo <= *g.Start; i++ {
		if c := l.All[i]; shown[c] == nil && sameName(c.Func, g.Func, opt) {
			return c
		}
	}
	return nil
}

func lossyEnd(c *targetlog.Call, g *trace.Call, opt Options) string {
	end := c.End
	if end == "" {
		end = opt.OpenEnd
	}
	if g.Ended != trace.Lost && g.Ended != end {
		return fmt.Sprintf("end %q, not %q", g.Ended, end)
	}
	return interval(c, g)
}

func above(up, c *targetlog.Call) bool {
	for c = c.Parent; c != nil; c = c.Parent {
		if c == up {
			return true
		}
	}
	return false
}

func hangsBelow(g, up *trace.Call) bool {
	for g = g.Parent; g != nil; g = g.Parent {
		if g == up {
			return true
		}
	}
	return false
}
