// SPDX-License-Identifier: GPL-2.0-only

// Tally calls functions and prints how often each was called, and how often it failed, one line each:
//
//	FUNC CALLS ERRORS       ERRORS is - for a function that gives no error
//
//	tally [ROUNDS [GOROUTINES]]     100 rounds, in one goroutine
//	tally wait FILE                 makes FILE.up, waits until FILE is there, does 100 rounds, and sleeps
package main

import (
	"errors"
	"fmt"
	"os"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

type tally struct {
	calls, errors atomic.Int64
	fails         bool
}

var tallies = map[string]*tally{
	"main.check":       {fails: true},
	"main.find":        {fails: true},
	"main.late":        {fails: true},
	"main.plain":       {},
	"main.nest":        {},
	"main.throw":       {},
	"main.catch":       {},
	"main.round":       {},
	"strconv.ParseInt": {fails: true},
}

func count(name string, err error) {
	t := tallies[name]
	t.calls.Add(1)
	if err != nil {
		t.errors.Add(1)
	}
}

var errThird = errors.New("a third")

//go:noinline
func check(n int) (err error) {
	defer func() { count("main.check", err) }()
	if n%3 == 0 {
		return errThird
	}
	return nil
}

//go:noinline
func find(n int) (int, error) {
	if n%5 == 0 {
		err := fmt.Errorf("no %d", n)
		count("main.find", err)
		return 0, err
	}
	count("main.find", nil)
	return n, nil
}

// An error that is not the last result does not make a call fail.
//
//go:noinline
func late(n int) (err error, ok bool, last error) {
	count("main.late", nil)
	return errThird, n > 0, nil
}

//go:noinline
func plain(n int) int {
	count("main.plain", nil)
	return n + 1
}

//go:noinline
func nest(n int) {
	count("main.nest", nil)
	if n > 1 {
		nest(n - 1)
	}
}

//go:noinline
func throw() {
	count("main.throw", nil)
	panic("thrown")
}

//go:noinline
func catch() {
	count("main.catch", nil)
	defer func() { _ = recover() }()
	throw()
}

//go:noinline
func round(n int) {
	count("main.round", nil)
	_ = check(n)
	_, _ = find(n)
	_, _, _ = late(n)
	plain(plain(n))
	nest(4)
	if n%10 == 0 {
		catch()
	}
	text := strconv.Itoa(n)
	if n%7 == 0 {
		text += "x"
	}
	_, err := strconv.ParseInt(text, 10, 64)
	count("strconv.ParseInt", err)
}

func rounds(count, goroutines int) {
	var all sync.WaitGroup

	for g := 0; g < goroutines; g++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < count; i++ {
				round(i)
			}
		}()
	}
	all.Wait()
}

func report() {
	var names []string
	for name := range tallies {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t := tallies[name]
		if t.fails {
			fmt.Println(name, t.calls.Load(), t.errors.Load())
		} else {
			fmt.Println(name, t.calls.Load(), "-")
		}
	}
}

func argument(i, otherwise int) int {
	if len(os.Args) <= i {
		return otherwise
	}
	n, err := strconv.Atoi(os.Args[i])
	if err != nil {
		panic(err)
	}
	return n
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "wait" {
		if err := os.WriteFile(os.Args[2]+".up", nil, 0o666); err != nil {
			panic(err)
		}
		for {
			if _, err := os.Stat(os.Args[2]); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		rounds(100, 1)
		report()
		time.Sleep(time.Hour)
	}
	rounds(argument(1, 100), argument(2, 1))
	report()
}
