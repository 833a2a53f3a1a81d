// SPDX-License-Identifier: GPL-2.0-only

package trace

import "fmt"

// times checks the intervals of the tree: calls lie inside their callers and
// one after another, and time does not go back within a lane.
func (t *Trace) times() error {
	for _, c := range t.Calls {
		if err := inside(c); err != nil {
			return err
		}
	}
	for _, roots := range t.Lanes() {
		if err := sequence(roots); err != nil {
			return err
		}
	}
	return nil
}

func inside(c *Call) error {
	var sum int64
	if c.Start == nil && len(c.Children) > 0 {
		return fmt.Errorf("%v: has callees, but its entry was not seen", c)
	}
	end, ended := c.End()
	for _, k := range c.Children {
		if k.Start == nil || *k.Start < *c.Start {
			return fmt.Errorf("%v: starts before its caller: %v", k, c)
		}
		if kend, ok := k.End(); ok {
			sum += *k.Duration
			if ended && kend > end {
				return fmt.Errorf("%v: ends after its caller: %v", k, c)
			}
		}
	}
	if ended && sum > *c.Duration {
		return fmt.Errorf("%v: its callees took %d ns together", c, sum)
	}
	return sequence(c.Children)
}

// sequence checks calls that have one caller, or none.
func sequence(list []*Call) error {
	var last *Call
	for _, c := range list {
		if c.Start == nil {
			continue
		}
		if last != nil {
			if *c.Start < *last.Start {
				return fmt.Errorf("%v: starts before the one ahead of it: %v", c, last)
			}
			if end, ok := last.End(); ok && *c.Start < end {
				return fmt.Errorf("%v: starts inside the one ahead of it: %v", c, last)
			}
		}
		last = c
	}
	return nil
}
