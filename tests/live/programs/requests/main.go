// SPDX-License-Identifier: GPL-2.0-only

// Requests serves HTTP to itself: each of C connections asks N questions, no two of them alike, and
// the handler keeps what it was asked, goroutine by goroutine. In the end it prints that, one request a
// line, those of one goroutine together and in order:
//
//	GOID METHOD PATH
//
//	requests N [C [FILE]]     with FILE it begins when that is there
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

var methods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"}

type lane struct {
	goid  int
	lines []string
}

var (
	mu    sync.Mutex
	lanes = map[int]*lane{}
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "requests:", err)
		os.Exit(3)
	}
}

func goid() int {
	var buf [64]byte

	line := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	id, err := strconv.Atoi(string(line[:bytes.IndexByte(line, ' ')]))
	must(err)
	return id
}

func here() *lane {
	id := goid()

	mu.Lock()
	defer mu.Unlock()
	if lanes[id] == nil {
		lanes[id] = &lane{goid: id}
	}
	return lanes[id]
}

func handle(w http.ResponseWriter, r *http.Request) {
	l := here()
	l.lines = append(l.lines, r.Method+" "+r.URL.Path)
	if r.Context().Err() != nil {
		must(r.Context().Err())
	}
	_, err := io.WriteString(w, "ok")
	must(err)
}

// ask is raw, so that nothing of net/http runs but the server.
func ask(addr net.Addr, number, n int) {
	conn, err := net.Dial("tcp", addr.String())
	must(err)
	in := bufio.NewReader(conn)
	for i := 0; i < n; i++ {
		path := fmt.Sprintf("/%d/%d/%s", number, i, strings.Repeat("x", (i*7)%150))
		_, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
			methods[(number+i)%len(methods)], path)
		must(err)
		length := -1
		for {
			line, err := in.ReadString('\n')
			must(err)
			if strings.HasPrefix(line, "Content-Length: ") {
				length, err = strconv.Atoi(strings.TrimSpace(line[len("Content-Length: "):]))
				must(err)
			}
			if line == "\r\n" {
				break
			}
		}
		_, err = io.CopyN(io.Discard, in, int64(length))
		must(err)
	}
	must(conn.Close())
}

func main() {
	numbers := [2]int{1000, 4}
	for i := range numbers {
		if len(os.Args) > i+1 {
			n, err := strconv.Atoi(os.Args[i+1])
			must(err)
			numbers[i] = n
		}
	}
	if len(os.Args) > 3 {
		for _, err := os.Stat(os.Args[3]); err != nil; _, err = os.Stat(os.Args[3]) {
			time.Sleep(10 * time.Millisecond)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() { must(http.Serve(listener, http.HandlerFunc(handle))) }()
	var all sync.WaitGroup
	for i := 0; i < numbers[1]; i++ {
		all.Add(1)
		go func(i int) {
			defer all.Done()
			ask(listener.Addr(), i, numbers[0])
		}(i)
	}
	all.Wait()
	out := bufio.NewWriter(os.Stdout)
	for _, l := range lanes {
		for _, line := range l.lines {
			fmt.Fprintln(out, l.goid, line)
		}
	}
	must(out.Flush())
}
