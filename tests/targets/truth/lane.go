// SPDX-License-Identifier: GPL-2.0-only

// Package truth is the log that a target keeps of its own calls.
//
// Every goroutine has a lane: a list of stamps in memory. A traced function
// stamps its own entry and its own end, or, where it must not be touched
// (assembly, defers, wrappers made by the compiler), its caller stamps around
// the call. Nothing is deferred for the log's sake, and nothing is written
// before Flush, so the frames under test stay as the compiler makes them.
//
// Stamps are Unix time in nanoseconds. The file's format is in write.go.
package truth

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// What a stamp says; the letter is the one in the file.
const (
	entered  = '>' // inside the function, after its entry
	leaving  = '<' // inside the function, before its return
	calling  = '[' // in the caller, before the call
	back     = ']' // in the caller, after the return
	jumped   = '^' // the innermost call has ended by a tail jump
	unwound  = '!' // calls above a depth are gone without a return
	finished = '$' // the goroutine ends, and with it what is open
)

type stamp struct {
	at   int64
	name string
	n    int64
	tid  int32
	what byte
	has  bool
}

// Lane holds the stamps of one goroutine; only that goroutine adds to it.
type Lane struct {
	goid   int64
	depth  int
	stamps []stamp
}

var (
	mu    sync.Mutex
	lanes = map[int64]*Lane{}
)

// Goid is the number of the calling goroutine, as the runtime prints it.
func Goid() int64 {
	var buf [64]byte
	line := buf[:runtime.Stack(buf[:], false)]
	line = bytes.TrimPrefix(line, []byte("goroutine "))
	end := bytes.IndexByte(line, ' ')
	if end < 0 {
		panic("truth: no goroutine number in the stack trace")
	}
	id, err := strconv.ParseInt(string(line[:end]), 10, 64)
	if err != nil {
		panic("truth: " + err.Error())
	}
	return id
}

// Alone waits until the goroutines that the caller has seen finish their work
// are gone: a goroutine says that it is done some time before it ends.
func Alone() {
	for runtime.NumGoroutine() > 1 {
		runtime.Gosched()
	}
}

// Here is the lane of the calling goroutine, made when it is not there yet.
func Here() *Lane {
	id := Goid()
	mu.Lock()
	defer mu.Unlock()
	l := lanes[id]
	if l == nil {
		l = &Lane{goid: id}
		lanes[id] = l
	}
	return l
}

// Depth is the number of calls that are open in the lane.
func (l *Lane) Depth() int { return l.depth }

// Enter is for the first line of a traced function. It returns the depth of
// that call, counted from 1, for Unwound.
func (l *Lane) Enter(name string) int {
	l.depth++
	l.stamps = append(l.stamps, stamp{what: entered, name: name, at: time.Now().UnixNano()})
	return l.depth
}

// EnterOn is Enter for a call that the caller has tied to this thread, so that
// the thread at entry is certain.
func (l *Lane) EnterOn(name string) int {
	tid := int32(syscall.Gettid())
	l.depth++
	l.stamps = append(l.stamps, stamp{what: entered, name: name, tid: tid,
		at: time.Now().UnixNano()})
	return l.depth
}

// Leave is for the line before the return of the innermost call.
func (l *Lane) Leave() {
	l.depth--
	l.stamps = append(l.stamps, stamp{what: leaving, at: time.Now().UnixNano()})
}

// Call is for the caller of a function that does not stamp itself.
func (l *Lane) Call(name string) int {
	l.depth++
	l.stamps = append(l.stamps, stamp{what: calling, name: name, at: time.Now().UnixNano()})
	return l.depth
}

// Back is for the caller, whose own depth is given, after a return: the call
// right above that depth has returned, and deeper ones are gone.
func (l *Lane) Back(depth int) {
	l.depth = depth
	l.stamps = append(l.stamps, stamp{what: back, n: int64(depth), at: time.Now().UnixNano()})
}

// BackWith is Back, with the first result of the call that returned.
func (l *Lane) BackWith(depth int, result int64) {
	l.Back(depth)
	last := &l.stamps[len(l.stamps)-1]
	last.has = true
	last.name = strconv.FormatInt(result, 10)
}

// Jumped is for a wrapper that hands over by a jump: stamped with Call before,
// it ends here, and the function it jumps to comes next.
func (l *Lane) Jumped() {
	l.depth--
	l.stamps = append(l.stamps, stamp{what: jumped, at: time.Now().UnixNano()})
}

// Unwound says that only the outermost depth calls are still there, because of
// a panic that was recovered: it is for the first line that runs after that.
func (l *Lane) Unwound(depth int) {
	l.depth = depth
	l.stamps = append(l.stamps, stamp{what: unwound, n: int64(depth), at: time.Now().UnixNano()})
}

// Finished is for the last line that runs in a goroutine that ends with calls
// open, by runtime.Goexit.
func (l *Lane) Finished() {
	l.depth = 0
	l.stamps = append(l.stamps, stamp{what: finished, at: time.Now().UnixNano()})
}
