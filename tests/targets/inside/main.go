// SPDX-License-Identifier: GPL-2.0-only

// What the kernel does inside of calls, and outside of them: signals that come to the thread at once, a thread
// that gets another name, a loop that is preempted.
package main

import (
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"unsafe"
)

const setName = 15 // PR_SET_NAME

//go:noinline
func rename(name string) {
	text := append([]byte(name), 0)
	syscall.RawSyscall(syscall.SYS_PRCTL, setName, uintptr(unsafe.Pointer(&text[0])), 0)
}

//go:noinline
func raise(number int) {
	syscall.RawSyscall(syscall.SYS_TGKILL, uintptr(os.Getpid()), uintptr(syscall.Gettid()),
		uintptr(number))
}

//go:noinline
func tracedRename(name string) {
	rename(name)
}

//go:noinline
func tracedRaise(number int) {
	raise(number)
}

// A busy loop with no call in it, until the runtime has preempted it.
//
//go:noinline
func spin(preempted chan os.Signal) (n int) {
	// What it was told of may have come before it was called: it goes on for longer than the runtime lets it.
	for n < 1<<28 || len(preempted) == 0 {
		n++
	}
	return n
}

func main() {
	runtime.LockOSThread()
	signal.Notify(make(chan os.Signal, 16), syscall.SIGUSR1, syscall.Signal(36))
	for i := 0; i < 3; i++ {
		rename("outside")
		tracedRename("inside")
		raise(int(syscall.SIGUSR1))
		tracedRaise(int(syscall.SIGUSR1))
		tracedRaise(36)
	}
	preempted := make(chan os.Signal, 1)
	signal.Notify(preempted, syscall.SIGURG)
	spin(preempted)
}
