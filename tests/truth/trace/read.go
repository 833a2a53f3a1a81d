// SPDX-License-Identifier: GPL-2.0-only

package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Reader goes through the lines and checks what can be checked line by line.
type Reader struct {
	in    *bufio.Reader
	line  int
	path  []*Call // ids from the current root down to the last call
	ids   int64
	mixed bool // streamed calls were seen
	t     Trace
	done  bool
	kinds map[string]int64

	called map[int64]bool // pids with a call since their process line
}

// NewReader reads from r; nothing is read yet.
func NewReader(r io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, 1<<20), kinds: map[string]int64{},
		called: map[int64]bool{}, t: Trace{Processes: map[int64]int{}}}
}

// Read reads all of it into memory and checks the whole contract.
func Read(in io.Reader) (*Trace, error) {
	r := NewReader(in)
	for {
		c, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		r.t.Calls = append(r.t.Calls, c)
	}
	t := &r.t
	if err := t.link(); err != nil {
		return nil, err
	}
	if err := t.times(); err != nil {
		return nil, err
	}
	return t, nil
}

// Next is the next call. At io.EOF the trace is complete and adds up.
func (r *Reader) Next() (*Call, error) {
	for {
		text, err := r.in.ReadBytes('\n')
		if err == io.EOF {
			if len(text) != 0 {
				return nil, r.fail("the last line has no end")
			}
			if !r.done {
				return nil, r.fail("no summary at the end")
			}
			return nil, io.EOF
		}
		if err != nil {
			return nil, err
		}
		r.line++
		c, err := r.take(text)
		if c != nil || err != nil {
			return c, err
		}
	}
}

// Summary is there after io.EOF.
func (r *Reader) Summary() Summary { return r.t.Summary }

func (r *Reader) fail(format string, args ...interface{}) error {
	return fmt.Errorf("line %d: %s", r.line, fmt.Sprintf(format, args...))
}

func (r *Reader) take(text []byte) (*Call, error) {
	if !utf8.Valid(text) {
		return nil, r.fail("not UTF-8")
	}
	if r.done {
		return nil, r.fail("follows the summary")
	}
	var head struct {
		Type string `json:"type"`
	}
	if bytes.HasPrefix(text, []byte(`{"type":"call",`)) {
		head.Type = "call" // most lines: not parsed twice
	} else if err := json.Unmarshal(text, &head); err != nil {
		return nil, r.fail("%v", err)
	}
	if (r.line == 1) != (head.Type == "trace") {
		return nil, r.fail("type %q: the first line, and no other, is of type trace", head.Type)
	}
	var err error
	switch head.Type {
	case "trace":
		err = r.header(text)
	case "process":
		err = r.process(text)
	case "call":
		return r.call(text)
	case "loss":
		err = r.loss(text)
	case "summary":
		err = r.summary(text)
	case "":
		err = errors.New("no type")
	}
	if err != nil {
		return nil, r.fail("%v", err)
	}
	return nil, nil
}

// fields tells which of the names are missing.
func fields(text []byte, names ...string) error {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	for _, name := range names {
		if _, ok := m[name]; !ok {
			return fmt.Errorf("no %q", name)
		}
	}
	return nil
}

func (r *Reader) header(text []byte) error {
	var h struct {
		Version int    `json:"version"`
		Tool    string `json:"tool"`
		Kernel  string `json:"kernel"`
		Start   int64  `json:"start"`
	}
	if err := json.Unmarshal(text, &h); err != nil {
		return err
	}
	if h.Version != 1 || !strings.HasPrefix(h.Tool, "ftrace ") || h.Kernel == "" || h.Start <= 0 {
		return fmt.Errorf("version, tool, kernel or start is wrong: %s", text)
	}
	r.t.Start = h.Start
	return nil
}

func (r *Reader) process(text []byte) error {
	var p struct {
		Pid int64  `json:"pid"`
		Exe string `json:"exe"`
		Go  string `json:"go"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	if p.Pid <= 0 || p.Exe == "" || !strings.HasPrefix(p.Go, "go") {
		return fmt.Errorf("pid, exe or go is wrong: %s", text)
	}
	// A number comes back when its process has ended, or replaced itself, and
	// another one is meant.
	if first := r.t.Processes[p.Pid]; first != 0 && !r.called[p.Pid] {
		return fmt.Errorf("process %d a second time, first on line %d", p.Pid, first)
	}
	r.t.Processes[p.Pid] = r.line
	r.called[p.Pid] = false
	return nil
}

func (r *Reader) call(text []byte) (*Call, error) {
	// Required keys are looked for as text: a call line has no other place
	// before them where they could be written.
	for _, key := range []string{"id", "parent", "pid", "goid", "tid", "depth", "func", "start",
		"duration", "end"} {
		if !bytes.Contains(text, []byte(`"`+key+`":`)) {
			return nil, r.fail("no %q", key)
		}
	}
	c := &Call{Line: r.line}
	if err := json.Unmarshal(text, c); err != nil {
		return nil, r.fail("%v", err)
	}
	if err := r.checkCall(c); err != nil {
		return nil, fmt.Errorf("%v: %w", c, err)
	}
	r.kinds[c.Ended]++
	r.kinds["records"] += records(c)
	return c, nil
}

// records is how many records a call line stands for.
func records(c *Call) int64 {
	if c.Start != nil && (c.Ended == Return || c.Ended == Tail) {
		return 2
	}
	return 1
}

func (r *Reader) checkCall(c *Call) error {
	r.ids++
	if c.Streamed {
		r.mixed = true
	}
	if !r.mixed {
		if c.ID != r.ids {
			return fmt.Errorf("id %d is due", r.ids)
		}
		if err := r.order(c); err != nil {
			return err
		}
	}
	if r.t.Processes[c.Pid] == 0 {
		return errors.New("no process line before it")
	}
	r.called[c.Pid] = true
	if c.Func == "" || c.Tid <= 0 || c.Goid < 0 {
		return errors.New("func, tid or goid is wrong")
	}
	if c.Start == nil {
		if c.ParentID != nil || c.Depth != 0 || c.Duration != nil || c.Args != nil {
			return errors.New("no start, but parent, depth, duration or args")
		}
	} else if c.Duration != nil && *c.Duration < 0 {
		return errors.New("negative duration")
	}
	switch c.Ended {
	case Return, Tail, Unwound:
		if (c.Start != nil) != (c.Duration != nil) {
			return errors.New("no duration, but it ended")
		}
	case Open, Exit, Lost:
		if c.Duration != nil {
			return errors.New("duration, but it did not end")
		}
	default:
		return errors.New("unknown end")
	}
	// One probe may see both ends of a call that is too short to be timed.
	leaf := (c.Ended == Return || c.Ended == Tail) && c.Duration != nil && *c.Duration == 0
	if c.Approximate != (c.Ended == Unwound) && !leaf {
		return errors.New("approximate is for unwound, and for what one probe sees at once")
	}
	if c.Ended != Return && c.Results != nil {
		return errors.New("results, but no return")
	}
	return nil
}

// order checks pre-order: the parent is on the path to the call before.
func (r *Reader) order(c *Call) error {
	if c.ParentID == nil {
		r.path = append(r.path[:0], c)
		return nil
	}
	for n := len(r.path); n > 0; n-- {
		if r.path[n-1].ID == *c.ParentID {
			r.path = append(r.path[:n], c)
			return nil
		}
	}
	return fmt.Errorf("parent %d is not on the way to the call before", *c.ParentID)
}

func (r *Reader) loss(text []byte) error {
	var l Loss
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	if l.Records <= 0 || l.Start == nil {
		return fmt.Errorf("records or start is wrong: %s", text)
	}
	r.t.Losses = append(r.t.Losses, l)
	r.kinds["loss"] += l.Records
	return nil
}

func (r *Reader) summary(text []byte) error {
	if err := fields(text, "calls", "records", "lost", "missed", "unwound", "open",
		"duration"); err != nil {
		return err
	}
	s := &r.t.Summary
	if err := json.Unmarshal(text, s); err != nil {
		return err
	}
	r.done = true
	switch {
	case s.Calls != r.ids:
		return fmt.Errorf("%d calls, but %d call lines", s.Calls, r.ids)
	case s.Unwound != r.kinds[Unwound]:
		return fmt.Errorf("%d unwound, but %d such lines", s.Unwound, r.kinds[Unwound])
	case s.Open != r.kinds[Open]:
		return fmt.Errorf("%d open, but %d such lines", s.Open, r.kinds[Open])
	case s.Lost != r.kinds["loss"]:
		return fmt.Errorf("%d lost, but the loss lines have %d", s.Lost, r.kinds["loss"])
	case s.Lost == 0 && r.kinds[Lost] > 0:
		return fmt.Errorf("none lost, but %d calls with that end", r.kinds[Lost])
	case s.Records < r.kinds["records"]:
		return fmt.Errorf("%d records, but the call lines take %d", s.Records, r.kinds["records"])
	}
	return nil
}
