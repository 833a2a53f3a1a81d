// SPDX-License-Identifier: GPL-2.0-only

// Huge calls main.work and main.leaf below it while the kernel puts the heap, with the goroutine that makes
// the calls, into a huge page again and again: for a moment each time nothing of it can be read without
// waiting. It ends after `calls` calls of main.work and as many huge pages as were asked for, and prints how
// many calls there were.
//
//	huge CALLS PAGES
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"unsafe"
)

const (
	hugePage     = 2 << 20
	page         = 4096
	madvCollapse = 25 // include/uapi/asm-generic/mman-common.h
)

var heap *[64]int

//go:noinline
func leaf(n int) int {
	return n + 1
}

//go:noinline
func work(n int) int {
	return leaf(n) + leaf(n+1)
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

// collapse makes huge pages until told to stop. Locking one page parts the last one.
func collapse(made *atomic.Int64, stop *atomic.Bool) {
	runtime.LockOSThread()
	heap = new([64]int)
	at := uintptr(unsafe.Pointer(heap)) &^ (hugePage - 1)
	for !stop.Load() {
		for _, call := range []uintptr{syscall.SYS_MLOCK, syscall.SYS_MUNLOCK} {
			if _, _, err := syscall.Syscall(call, at+page, page, 0); err != 0 {
				panic(err)
			}
		}
		if _, _, err := syscall.Syscall(syscall.SYS_MADVISE, at, hugePage, madvCollapse); err == 0 {
			made.Add(1)
		} else if err != syscall.EAGAIN && err != syscall.EBUSY {
			panic(err)
		}
	}
}

func main() {
	var made atomic.Int64
	var stop atomic.Bool
	calls, pages := number(os.Args[1]), int64(number(os.Args[2]))
	n := 0

	go collapse(&made, &stop)
	for n < calls || made.Load() < pages {
		work(n)
		n++
	}
	stop.Store(true)
	fmt.Println(n)
}
