// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"os/exec"
	"syscall"
	"time"
	"unsafe"
)

// processorTime is what the current thread has had, without the runtime being told of the call.
func processorTime() int64 {
	var t syscall.Timespec
	const clockThread = 3
	if _, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockThread,
		uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		panic(errno)
	}
	return t.Nano()
}

// pin gives the current thread one of its processors only: children inherit that.
func pin() {
	var set, one [16]uint64
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, unsafe.Sizeof(set),
		uintptr(unsafe.Pointer(&set))); errno != 0 {
		panic(errno)
	}
	for i, word := range set {
		if word != 0 {
			one[i] = word & -word
			break
		}
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(one),
		uintptr(unsafe.Pointer(&one))); errno != 0 {
		panic(errno)
	}
}

// share burns 100 ms beside a process that burns the same processor.
func share(e *entry) {
	pin()
	other := exec.Command("/bin/sh", "-c", "while :; do :; done")
	other.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := other.Start(); err != nil {
		panic(err)
	}
	cpu := processorTime()
	spin(100 * time.Millisecond)
	e.CPU = processorTime() - cpu
	other.Process.Kill()
	other.Wait()
}
