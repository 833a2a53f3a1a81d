// SPDX-License-Identifier: GPL-2.0-only

// Steps does what its arguments say, one word after the other, so that a test can say how often
// each function is called and waits for nothing but files:
//
//	work N       calls main.work N times, which calls main.inner; each prints nothing
//	slow MS      calls main.slow, which sleeps
//	hang FILE    calls main.hang, which makes FILE and never returns
//	each N       calls main.work once in each of N goroutines, one after the other
//	nest N       calls main.nest, which calls itself until N of them are open
//	forever      calls main.work again and again, with a short sleep between
//	spin         the same without sleeping
//	print TEXT   to stdout; "warn TEXT" to stderr
//	show FILE    copies it to stdout
//	cat          copies stdin to stdout
//	files        prints the numbers of its open files
//	args         prints the number of arguments it was started with
//	touch FILE   makes it; "await FILE" waits until it is there
//	spawn WORD.. runs itself with the words that follow, in a process of its own, and waits for it
//	become WORD.. runs itself with the words that follow, in this process, from another thread
//	catch FILE   from now on SIGINT and SIGTERM are written to FILE, nothing else
//	exit N       ends
//	kill N       ends by a signal
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

var sum int

//go:noinline
func inner(n int) int {
	return n + sum
}

//go:noinline
func work(n int) {
	sum += inner(n)
}

//go:noinline
func slow(ms int) {
	time.Sleep(time.Duration(ms) * time.Millisecond)
}

//go:noinline
func nest(n int) {
	if n > 1 {
		nest(n - 1)
	}
	sum++
}

//go:noinline
func hang(name string) {
	fatal(os.WriteFile(name, nil, 0o666))
	for {
		time.Sleep(time.Hour)
	}
}

//go:noinline
func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "steps:", err)
		os.Exit(99)
	}
}

//go:noinline
func number(text string) int {
	n, err := strconv.Atoi(text)
	fatal(err)
	return n
}

//go:noinline
func each(count int) {
	for i := 0; i < count; i++ {
		done := make(chan bool)
		go func(n int) {
			work(n)
			close(done)
		}(i)
		<-done
	}
}

//go:noinline
func files() {
	entries, err := os.ReadDir("/proc/self/fd")
	fatal(err)
	for _, entry := range entries {
		path, err := os.Readlink("/proc/self/fd/" + entry.Name())
		if err == nil && path != fmt.Sprintf("/proc/%d/fd", os.Getpid()) {
			fmt.Println(entry.Name(), path)
		}
	}
}

//go:noinline
func await(name string) {
	for {
		if _, err := os.Stat(name); err == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

//go:noinline
func catch(name string) {
	caught := make(chan os.Signal, 8)
	signal.Notify(caught, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		for sig := range caught {
			file, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o666)
			fatal(err)
			fmt.Fprintln(file, sig)
			fatal(file.Close())
		}
	}()
}

//go:noinline
func spawn(words []string) {
	self, err := os.Executable()
	fatal(err)
	child := exec.Command(self, words...)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	fatal(child.Run())
}

// The thread that calls execve is not the first of its process: the goroutine of main keeps that.
//
//go:noinline
func become(words []string) {
	self, err := os.Executable()
	fatal(err)
	go func() {
		runtime.LockOSThread()
		fatal(syscall.Exec(self, append([]string{self}, words...), os.Environ()))
	}()
	select {}
}

//go:noinline
func step(word, arg string) {
	switch word {
	case "work":
		for i, n := 0, number(arg); i < n; i++ {
			work(i)
		}
	case "slow":
		slow(number(arg))
	case "hang":
		hang(arg)
	case "each":
		each(number(arg))
	case "nest":
		nest(number(arg))
	case "print":
		fmt.Println(arg)
	case "show":
		text, err := os.ReadFile(arg)
		fatal(err)
		os.Stdout.Write(text)
	case "warn":
		fmt.Fprintln(os.Stderr, arg)
	case "touch":
		fatal(os.WriteFile(arg, nil, 0o666))
	case "await":
		await(arg)
	case "catch":
		catch(arg)
	case "exit":
		os.Exit(number(arg))
	case "kill":
		fatal(syscall.Kill(os.Getpid(), syscall.Signal(number(arg))))
		select {}
	default:
		fatal(fmt.Errorf("%s: no such step", word))
	}
}

func main() {
	runtime.LockOSThread()
	args := os.Args[1:]
	for len(args) > 0 {
		word := args[0]
		args = args[1:]
		switch word {
		case "args":
			fmt.Println(len(os.Args) - 1)
		case "files":
			files()
		case "forever":
			for i := 0; ; i++ {
				work(i)
				time.Sleep(time.Millisecond)
			}
		case "spin":
			for i := 0; ; i++ {
				work(i)
			}
		case "cat":
			_, err := io.Copy(os.Stdout, os.Stdin)
			fatal(err)
		case "spawn":
			spawn(args)
			return
		case "become":
			become(args)
		default:
			if len(args) == 0 {
				fatal(fmt.Errorf("%s: needs an argument", word))
			}
			step(word, args[0])
			args = args[1:]
		}
	}
}
