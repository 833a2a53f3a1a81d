// SPDX-License-Identifier: GPL-2.0-only

// Waits: goroutines that wait, and say themselves for what, from when to when, and who woke them.
//
//	waits [-rounds N] [CASE...]
//
// Each round of a case is one call of main.traced. What is known of it goes to $TRUTH_DIR/waits, a line of JSON each (see
// entry). The words for what a goroutine waits for are those of runtime.Stack.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"time"
)

// A want is one wait. Times are Unix nanoseconds, 0 where nobody knows.
type want struct {
	Reason string `json:"reason"`
	From   int64  `json:"from"`   // before it began
	Parked int64  `json:"parked"` // it was seen to wait
	Lo     int64  `json:"lo"`     // before it was woken
	Hi     int64  `json:"hi"`     // when it had been
	To     int64  `json:"to"`     // it ran again
	Waker  int64  `json:"waker"`  // 0: nobody; -1: not known
	Func   string `json:"func"`   // of the waker
}

// An entry is one call of main.traced.
type entry struct {
	Case    string `json:"case"`
	Goid    int64  `json:"goid"`
	From    int64  `json:"from"`
	To      int64  `json:"to"`
	Free    bool   `json:"free"` // its waits are not known
	Waits   []want `json:"waits"`
	Syscall int64  `json:"syscall"` // so long at least it was in system calls; 0: never, -1: nobody knows
	CPU     int64  `json:"cpu"`     // what the kernel says it had of a processor; 0: not asked
	Busy    int64  `json:"busy"`    // so long its waker went on
}

func now() int64 { return time.Now().UnixNano() }

// goid is the number of the current goroutine, from the first line of its own stack.
func goid() int64 {
	var b [64]byte
	word := strings.Fields(string(b[:runtime.Stack(b[:], false)]))[1]
	id, err := strconv.ParseInt(word, 10, 64)
	if err != nil {
		panic(err)
	}
	return id
}

// parked waits until that goroutine does, and says for what. On its way it may be seen in a system call: only some end there.
func parked(id int64, inCall bool) string {
	head := []byte(fmt.Sprintf("goroutine %d ", id))
	b := make([]byte, 1<<20)
	for {
		all := b[:runtime.Stack(b, true)]
		if at := bytes.Index(all, head); at >= 0 {
			word := string(all[at+bytes.IndexByte(all[at:], '[')+1:])
			word = word[:strings.IndexAny(word, "],")]
			switch word {
			case "running", "runnable", "preempted", "copystack":
			case "syscall":
				if inCall {
					return word
				}
			default:
				return word
			}
		}
		time.Sleep(100 * time.Microsecond)
	}
}

// The call that is traced. What comes before and behind f is not said of it.
//
//go:noinline
func traced(e *entry, f func()) {
	e.From = now()
	f()
	e.To = now()
}

var log []*entry

// pass is one round: a goroutine parks in a traced call, the current one sees that and wakes it.
func pass(name, waker string, park, wake func()) *entry {
	inCall := waker == "system call"
	e := &entry{Case: name}
	start, done := make(chan bool), make(chan bool)
	go func() {
		e.Goid = goid()
		start <- true
		traced(e, park)
		done <- true
	}()
	<-start
	w := want{Reason: parked(e.Goid, inCall), Parked: now(), Waker: goid(), Func: waker}
	w.Lo = now()
	wake()
	w.Hi = now()
	<-done
	w.From, w.To = e.From, e.To
	if waker == "" {
		w.Waker, w.Hi = 0, 0
	}
	if inCall {
		e.Syscall = w.Lo - w.Parked
	} else {
		e.Waits = []want{w}
	}
	log = append(log, e)
	return e
}

// alone is one round in which nobody has to do anything. f says what it waited for.
func alone(name string, f func(e *entry)) *entry {
	e := &entry{Case: name}
	done := make(chan bool)
	go func() {
		defer close(done)
		e.Goid = goid()
		traced(e, func() { f(e) })
	}()
	<-done
	log = append(log, e)
	return e
}

// timed notes a wait that a timer ends.
func (e *entry) timed(reason string, f func()) {
	w := want{Reason: reason, From: now()}
	f()
	w.To = now()
	e.Waits = append(e.Waits, w)
}

var cases = map[string]func(){}

func write() {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	for _, e := range log {
		if err := enc.Encode(e); err != nil {
			panic(err)
		}
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("TRUTH_DIR"), "waits"), out.Bytes(), 0o666); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	rounds := flag.Int("rounds", 10, "of each case")
	flag.Parse()
	names := flag.Args()
	if len(names) == 0 {
		for name := range cases {
			names = append(names, name)
		}
		sort.Strings(names)
	}
	// The collector makes waits of its own, and has a case of its own.
	debug.SetGCPercent(-1)
	for _, name := range names {
		if cases[name] == nil {
			fmt.Fprintf(os.Stderr, "waits: %s: no such case\n", name)
			os.Exit(2)
		}
		for i := 0; i < *rounds; i++ {
			cases[name]()
		}
	}
	write()
}
