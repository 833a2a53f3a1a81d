// SPDX-License-Identifier: GPL-2.0-only

// The bench's target: runs one of its functions as often as it is told and times that itself.
//
// Each line of the standard input is "FUNCTION COUNT"; the answer is the nanoseconds a call took: the
// median of 20 batches, in processor time of the thread, so that what else the machine does counts
// little. What the kernel does at a probe is in it. Each function has a frame, so that its prologue has the push that most Go functions have, and one
// ret.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"sort"
	"syscall"
	"unsafe"
)

var sink int

//go:noinline
func leaf(n int) {
	sink += n
}

//go:noinline
func add(a, b int) int {
	leaf(a)
	return a + b
}

//go:noinline
func greet(name string) int {
	leaf(len(name))
	return len(name)
}

//go:noinline
func handle(w http.ResponseWriter, r *http.Request) {
	leaf(int(r.ContentLength))
}

//go:noinline
func branch(i, n int) int {
	sum := 0
	for j := 0; j < n; j++ {
		sum += add(i, j)
	}
	return sum
}

// tree is a root call with 12 calls below it.
//
//go:noinline
func tree(n int) int {
	sum := 0
	for i := 0; i < 3; i++ {
		sum += branch(i, n)
	}
	return sum
}

const (
	batches  = 20
	clockCPU = 3 // CLOCK_THREAD_CPUTIME_ID
)

// now is the processor time of this thread in nanoseconds.
func now() int64 {
	var ts syscall.Timespec

	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockCPU, uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}

// measure tells what one of count calls takes, in the middle one of the batches.
func measure(count int, loop func(n int)) float64 {
	took := []float64{}
	for i := 0; i < batches; i++ {
		n := count/batches + 1
		start := now()
		loop(n)
		took = append(took, float64(now()-start)/float64(n))
	}
	sort.Float64s(took)
	return took[batches/2]
}

func main() {
	runtime.LockOSThread()
	request := httptest.NewRequest("GET", "http://example.org/items?id=7", nil)
	response := httptest.NewRecorder()
	words := []string{"Ada Lovelace", "Grace Hopper"}
	loops := map[string]func(n int){
		"add": func(n int) {
			for i := 0; i < n; i++ {
				add(i, 1)
			}
		},
		"greet": func(n int) {
			for i := 0; i < n; i++ {
				greet(words[i&1])
			}
		},
		"handle": func(n int) {
			for i := 0; i < n; i++ {
				handle(response, request)
			}
		},
		"tree": func(n int) {
			for i := 0; i < n; i++ {
				sink += tree(3)
			}
		},
	}
	lines := bufio.NewScanner(os.Stdin)
	fmt.Println("ready")
	for lines.Scan() {
		var name string
		var count int

		_, err := fmt.Sscan(lines.Text(), &name, &count)
		loop := loops[name]
		if err != nil || count <= 0 || loop == nil {
			fmt.Fprintln(os.Stderr, "a line is FUNCTION COUNT")
			os.Exit(2)
		}
		fmt.Printf("%.2f\n", measure(count, loop))
	}
}
