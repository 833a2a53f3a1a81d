// SPDX-License-Identifier: GPL-2.0-only

// Bombs makes small executables that cost whoever trusts them any amount of time and memory, and runs a
// command under a limit of both.
//
//	bombs KIND PROGRAM FILE     FILE is PROGRAM with one thing in it that lies
//	bombs held COMMAND...       the command's status, or 99 when it took more than 10 s of processor time, or 512 MB
package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// kinds make a file of a program's bytes.
var kinds = map[string]func(f *file){
	"scan":     func(f *file) { f.headers(1<<20, 200) },
	"overlap":  func(f *file) { f.headers(8<<20, 250) },
	"sparse":   func(f *file) { f.headers(1<<20, 1); f.segment(0, 8<<30); f.size = 8<<30 + 1<<21 },
	"longer":   func(f *file) { f.size = 8 << 30 },
	"endless":  func(f *file) { f.size = 8 << 40 },
	"symbols":  func(f *file) { f.stretch(".symtab", 6<<30) },
	"names":    func(f *file) { f.oneName() },
	"disorder": func(f *file) { f.disorder() },
	"inflate":  func(f *file) { f.inflate(1<<30, 1<<30) },
	"liar":     func(f *file) { f.inflate(1<<24, 8<<30) },
	"modest":   func(f *file) { f.inflate(1<<30, 1<<16) },
	"abbrevs":  func(f *file) { f.abbrevs() },
	"text":     func(f *file) { f.text() },
	"nested":   func(f *file) { f.nested() },
	"cycle":    func(f *file) { f.cycle() },
}

func held(args []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, err)
		return 98
	}
	use := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	spent := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if use.Maxrss > 512<<10 || spent > 10*time.Second {
		fmt.Fprintf(os.Stderr, "%v: %v, %d MB\n", args, spent, use.Maxrss>>10)
		return 99
	}
	if status := cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		return 128 + int(status.Signal())
	}
	return cmd.ProcessState.ExitCode()
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "held" {
		os.Exit(held(os.Args[2:]))
	}
	if len(os.Args) != 4 || kinds[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: bombs KIND PROGRAM FILE | bombs held COMMAND...")
		os.Exit(2)
	}
	f, err := load(os.Args[2])
	if err == nil {
		kinds[os.Args[1]](f)
		err = f.save(os.Args[3])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
