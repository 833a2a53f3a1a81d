// SPDX-License-Identifier: GPL-2.0-only

// Load asks httpd a fixed number of questions over a few connections, each of which waits for its
// answer before it asks again, and checks every answer. It says how many were right and how long
// they took, and fails when one was wrong.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// question is one path and what its answer has to be.
type question struct {
	path   string
	status int
	answer string
}

func ask(n int64) question {
	switch n % 4 {
	case 0:
		return question{"/hello", http.StatusOK, "hello, world"}
	case 1:
		return question{fmt.Sprintf("/hello?name=g%d", n), http.StatusOK, fmt.Sprintf("hello, g%d", n)}
	case 2:
		return question{"/slow", http.StatusOK, "true"}
	}
	id := n%100 - 10
	if id <= 0 {
		return question{fmt.Sprintf("/json?id=%d", id), http.StatusNotFound, fmt.Sprintf("no item %d", id)}
	}
	return question{
		fmt.Sprintf("/json?id=%d", id), http.StatusOK,
		fmt.Sprintf(`{"id":%d,"name":"item %d","price":%d}`, id, id, 100*id),
	}
}

// check asks and says what is wrong with the answer.
func check(client *http.Client, base string, q question) error {
	resp, err := client.Get(base + q.path)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("%s: %w", q.path, err)
	}
	if got := strings.TrimSpace(string(body)); resp.StatusCode != q.status || got != q.answer {
		return fmt.Errorf("%s: %d %q instead of %d %q", q.path, resp.StatusCode, got, q.status, q.answer)
	}
	return nil
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "ask the server at `address`")
	connections := flag.Int("c", 4, "ask over `N` connections at once")
	requests := flag.Int64("n", 1000, "ask `N` questions in all")
	flag.Parse()
	if *connections < 1 || *requests < 1 {
		fmt.Fprintln(os.Stderr, "load: -c and -n: must be at least 1")
		os.Exit(2)
	}

	client := &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: *connections},
		Timeout:   30 * time.Second,
	}
	var (
		next, wrong int64
		wait        sync.WaitGroup
		lock        sync.Mutex
		times       []time.Duration
	)
	begin := time.Now()
	for i := 0; i < *connections; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			var mine []time.Duration
			for n := atomic.AddInt64(&next, 1); n <= *requests; n = atomic.AddInt64(&next, 1) {
				start := time.Now()
				if err := check(client, "http://"+*addr, ask(n)); err != nil {
					atomic.AddInt64(&wrong, 1)
					fmt.Fprintln(os.Stderr, "load:", err)
				}
				mine = append(mine, time.Since(start))
			}
			lock.Lock()
			times = append(times, mine...)
			lock.Unlock()
		}()
	}
	wait.Wait()
	elapsed := time.Since(begin)

	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	fmt.Printf("%d answers, %d wrong, %.0f a second, median %v, slowest %v\n", len(times), wrong,
		float64(len(times))/elapsed.Seconds(), times[len(times)/2], times[len(times)-1])
	if wrong != 0 {
		os.Exit(1)
	}
}
