// SPDX-License-Identifier: GPL-2.0-only

// Student is the first program to trace: nested calls, recursion, a String method that fmt calls,
// an error result, and a few goroutines that pass work through channels. It goes on until it is
// stopped, or for as many rounds as -n says.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"
)

// Student is what the workers pass around.
type Student struct {
	name string
	age  int
}

// String is not called anywhere below: fmt finds it.
//
//go:noinline
func (s *Student) String() string {
	return fmt.Sprintf("name: %s, age: %d", s.name, s.age)
}

var errTooYoung = errors.New("too young to enroll")

//go:noinline
func add(a, b int) int {
	return a + b
}

//go:noinline
func fibonacci(n int) int {
	if n < 2 {
		return n
	}
	return fibonacci(n-1) + fibonacci(n-2)
}

// busy computes for about d: long enough to be seen in the column of durations, without giving
// the processor away.
//
//go:noinline
func busy(d time.Duration) int {
	sum := 0
	for end := time.Now().Add(d); time.Now().Before(end); {
		for i := 0; i < 1000; i++ {
			sum += i ^ sum>>1
		}
	}
	return sum
}

// nap gives the processor away: its goroutine is parked meanwhile.
//
//go:noinline
func nap(d time.Duration) {
	time.Sleep(d)
}

//go:noinline
func enroll(s *Student) (int, error) {
	if s.age < 18 {
		return 0, fmt.Errorf("%s: %w", s.name, errTooYoung)
	}
	return add(s.age, 1000), nil
}

//go:noinline
func doSomething(round int) int {
	sum := add(1, round)
	sum = add(sum, fibonacci(4))
	busy(200 * time.Microsecond)
	nap(2 * time.Millisecond)
	s := &Student{name: "zhang", age: 100}
	fmt.Println(s)
	return sum
}

// worker enrolls what comes in and tells how each went.
//
//go:noinline
func worker(in <-chan *Student, out chan<- string) {
	for s := range in {
		id, err := enroll(s)
		if err != nil {
			out <- "refused: " + err.Error()
			continue
		}
		nap(time.Millisecond)
		out <- fmt.Sprintf("enrolled %v as %d", s, id)
	}
}

//go:noinline
func class(in chan<- *Student, out <-chan string) {
	names := []string{"ada", "grace", "ken", "rob"}
	for i, name := range names {
		in <- &Student{name: name, age: 16 + i}
	}
	for range names {
		fmt.Println(<-out)
	}
}

func main() {
	rounds := flag.Int("n", 0, "stop after `rounds`; 0 goes on until killed")
	flag.Parse()
	if flag.NArg() != 0 {
		fmt.Fprintf(os.Stderr, "student: %s: takes no argument\n", flag.Arg(0))
		os.Exit(2)
	}

	in := make(chan *Student, 4)
	out := make(chan string, 4)
	var workers sync.WaitGroup
	for i := 0; i < 3; i++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			worker(in, out)
		}()
	}
	fmt.Printf("student: pid %d, %s\n", os.Getpid(), runtime.Version())
	for round := 1; *rounds == 0 || round <= *rounds; round++ {
		doSomething(round)
		class(in, out)
		nap(100 * time.Millisecond)
	}
	close(in)
	workers.Wait()
}
