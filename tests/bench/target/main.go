// SPDX-License-Identifier: GPL-2.0-only

// The bench's target: runs one of its functions as often as it is told and times that itself.
//
// Each line of the standard input is "FUNCTION COUNT"; the answer is the nanoseconds a call took.
// Each function has a frame, so that its prologue has the push that most Go functions have, and one
// ret.
package main

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"time"
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

func main() {
	runtime.LockOSThread()
	request := httptest.NewRequest("GET", "http://example.org/items?id=7", nil)
	response := httptest.NewRecorder()
	words := []string{"Ada Lovelace", "Grace Hopper"}
	lines := bufio.NewScanner(os.Stdin)
	fmt.Println("ready")
	for lines.Scan() {
		var name string
		var count int

		if _, err := fmt.Sscan(lines.Text(), &name, &count); err != nil || count <= 0 {
			fmt.Fprintln(os.Stderr, "a line is FUNCTION COUNT")
			os.Exit(2)
		}
		start := time.Now()
		switch name {
		case "add":
			for i := 0; i < count; i++ {
				add(i, 1)
			}
		case "greet":
			for i := 0; i < count; i++ {
				greet(words[i&1])
			}
		case "handle":
			for i := 0; i < count; i++ {
				handle(response, request)
			}
		case "tree":
			for i := 0; i < count; i++ {
				sink += tree(3)
			}
		default:
			fmt.Fprintln(os.Stderr, "no such function")
			os.Exit(2)
		}
		fmt.Printf("%.2f\n", float64(time.Since(start).Nanoseconds())/float64(count))
	}
}
