// SPDX-License-Identifier: GPL-2.0-only

// Changes of goroutines' states, in numbers that are known: round trips through unbuffered channels, system calls,
// hand-overs of a mutex.
//
//	states [-outside] channel|syscall|mutex|iter N
//
// The goroutine's loop is in main.channel, main.syscall, main.mutex or main.iter, which has all of it inside; with
// -outside nothing that a trace of main.inside would see. Prints what it did.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// A call with nothing in it.
//
//go:noinline
func inside(f func(int), n int) {
	f(n)
}

// A round trip: main waits for the echo's answer, the echo for the next word.
//
//go:noinline
func channel(n int) {
	there, back := make(chan int), make(chan int)
	go echo(there, back)
	for i := 0; i < n; i++ {
		there <- i
		if <-back != i {
			panic("not what was sent")
		}
	}
	close(there)
	<-back
}

//go:noinline
func echo(there, back chan int) {
	for i := range there {
		back <- i
	}
	close(back)
}

// One that the runtime is told of and that never waits: reads of an empty pipe.
//
//go:noinline
func read(n int) {
	var p [2]int
	if err := syscall.Pipe2(p[:], syscall.O_NONBLOCK); err != nil {
		panic(err)
	}
	b := []byte{0}
	for i := 0; i < n; i++ {
		if _, err := syscall.Read(p[0], b); err != syscall.EAGAIN {
			panic(err)
		}
	}
}

// Two that want the same lock, always held by the other one.
//
//go:noinline
func mutex(n int) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	for g := 0; g < 2; g++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := 0; i < n; i++ {
				mu.Lock()
				runtime.Gosched()
				mu.Unlock()
			}
		}()
	}
	wait.Wait()
}

// What this process has used of processors.
func processor() int64 {
	var usage syscall.Rusage

	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func profile(name string) func() {
	f, err := os.Create(name)
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}
}

func main() {
	outside := flag.Bool("outside", false, "no call of main.inside is open")
	cpu := flag.String("profile", "", "write a profile of it")
	procs := flag.Int("procs", 0, "GOMAXPROCS")
	pause := flag.Duration("pause", 0, "before it begins")
	flag.Parse()
	n, err := strconv.Atoi(flag.Arg(1))
	do := map[string]func(int){"channel": channel, "syscall": read, "mutex": mutex, "iter": pull}[flag.Arg(0)]
	if err != nil || do == nil {
		fmt.Fprintln(os.Stderr, "usage: states [-outside] [-procs N] channel|syscall|mutex|iter N")
		os.Exit(2)
	}
	if *procs > 0 {
		runtime.GOMAXPROCS(*procs)
	}
	if *cpu != "" {
		defer profile(*cpu)()
	}
	time.Sleep(*pause)
	begin, used := time.Now(), processor()
	if *outside {
		do(n)
	} else {
		inside(do, n)
	}
	used = processor() - used
	fmt.Printf("%s %d took %d ns, %d ns of processors\n", flag.Arg(0), n, time.Since(begin).Nanoseconds(), used)
}
