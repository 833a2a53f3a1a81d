// SPDX-License-Identifier: GPL-2.0-only

// Shown is the program of the examples in README.md and the man page: every function that they name is
// here, and is called again and again. It says "ready", and goes on until it is ended; with arguments
// it does one round and ends.
package main

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

type Student struct {
	name string
	age  int
}

//go:noinline
func (s *Student) String() string { return fmt.Sprintf("name: %s, age: %d", s.name, s.age) }

//go:noinline
func add(a, b int) int { return a + b }

var errTooYoung = errors.New("too young")

//go:noinline
func enroll(s *Student) (int, error) {
	if s.age < 18 {
		return 0, fmt.Errorf("%s: %w", s.name, errTooYoung)
	}
	return add(s.age, 1000), nil
}

type Store struct{ puts int }

//go:noinline
func (s *Store) Put(key string, value []byte) error {
	s.puts++
	if key == "" {
		return errTooYoung
	}
	return nil
}

var store Store

//go:noinline
func doSomething(round int) int {
	fmt.Fprintln(io.Discard, &Student{"zhang", 100})
	return add(round, 1)
}

//go:noinline
func handle(w http.ResponseWriter, r *http.Request) {
	time.Sleep(25 * time.Millisecond)
	must(json.NewEncoder(w).Encode(sql.Drivers()))
	_, err := json.Marshal(map[string]int{r.URL.Path: 1})
	must(err)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "shown:", err)
		os.Exit(3)
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() { must(http.Serve(listener, http.HandlerFunc(handle))) }()
	client := &http.Client{Transport: &http.Transport{}}
	fmt.Println("ready")
	for round := 1; round == 1 || len(os.Args) == 1; round++ {
		doSomething(round)
		must(store.Put("key", []byte("value")))
		for _, age := range []int{16, 19} {
			_, err := enroll(&Student{"ken", age})
			if err != nil && !errors.Is(err, errTooYoung) {
				must(err)
			}
		}
		answer, err := client.Post("http://"+listener.Addr().String()+"/path", "text/plain", strings.NewReader("x"))
		must(err)
		_, err = io.Copy(io.Discard, answer.Body)
		must(err)
		must(answer.Body.Close())
	}
}
