// SPDX-License-Identifier: GPL-2.0-only

package tree

import (
	"fmt"
	"math"
	"sort"

	"truth/targetlog"
	"truth/trace"
)

// midFlight compares a trace that has a window of each lane's hits. Since each
// shown call says how many hits of it were seen, the window's length is known;
// where it begins follows from its end, or, if tracing ended early, from the
// first call whose entry was seen.
func midFlight(l *targetlog.Lane, roots []*trace.Call, opt Options) error {
	got := flatten(roots)
	length := 0
	for _, g := range got {
		length++
		if g.Start != nil && (g.Ended == trace.Return || g.Ended == trace.Tail) {
			length++
		}
	}
	if length > l.Hits {
		return &Mismatch{l.Pid, l.Goid, fmt.Sprintf("%d hits are shown, but the target had %d",
			length, l.Hits), ""}
	}
	if !opt.Early {
		return window(l, l.Hits-length, l.Hits, got, opt)
	}
	if length == 0 {
		return nil
	}
	if first := begin(l, roots); first >= 0 {
		return window(l, first, first+length, got, opt)
	}
	// Nothing but ends: any place will do where these ends follow each other.
	var err error
	for first := 0; first+length <= l.Hits; first++ {
		if err = window(l, first, first+length, got, opt); err == nil {
			return nil
		}
	}
	return err
}

// begin is the number of the first hit that is shown, or -1 if no entry is.
func begin(l *targetlog.Lane, roots []*trace.Call) int {
	ends := 0
	for _, r := range roots {
		if r.Start == nil {
			ends++
			continue
		}
		i := sort.Search(len(l.All), func(i int) bool { return l.All[i].EntryHi >= *r.Start })
		if i == len(l.All) || l.All[i].EntryHit < ends {
			return -1
		}
		return l.All[i].EntryHit - ends
	}
	return -1
}

func window(l *targetlog.Lane, from, to int, got []*trace.Call, opt Options) error {
	if to > l.Hits {
		return &Mismatch{l.Pid, l.Goid, "more hits are shown than follow the first of them", ""}
	}
	type root struct {
		at   int
		list []*want
	}
	var out []root
	var walk func(list []*targetlog.Call, into *[]*want, depth int)
	walk = func(list []*targetlog.Call, into *[]*want, depth int) {
		for _, c := range list {
			entry := c.EntryHit >= from && c.EntryHit < to
			hasEnd := c.End == "return" || c.End == "tail"
			ended := c.EndHit >= from && c.EndHit < to
			switch {
			case entry:
				w := &want{call: c, depth: depth, end: c.End}
				switch {
				case c.End == "":
					w.end = opt.OpenEnd
				case !ended:
					w.end = trace.Open
				}
				at := c.EndHit
				if w.end == trace.Open || w.end == trace.Exit {
					at = math.MaxInt32
				}
				if into == nil {
					mine := []*want{w}
					walk(c.Children, &mine, depth+1)
					out = append(out, root{at, mine})
				} else {
					*into = append(*into, w)
					walk(c.Children, into, depth+1)
				}
			default:
				walk(c.Children, nil, 0)
				if hasEnd && ended && c.EntryHit < from {
					out = append(out, root{c.EndHit,
						[]*want{{call: c, end: c.End, unseen: true}}})
				}
			}
		}
	}
	walk(l.Roots, nil, 0)
	sort.SliceStable(out, func(i, j int) bool { return out[i].at < out[j].at })
	var wants []*want
	for _, r := range out {
		wants = append(wants, r.list...)
	}
	return sideBySide(l, wants, got, opt)
}
