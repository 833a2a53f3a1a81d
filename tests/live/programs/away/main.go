// SPDX-License-Identifier: GPL-2.0-only

// Away hands around a text on a page that nobody will ever bring in (userfaultfd(2), and it is nobody's to
// serve), every ten milliseconds and for ever. It never looks at it. Says "alive" every tenth time.
package main

import (
	"fmt"
	"os"
	"syscall"
	"time"
	"unsafe"
)

const (
	sysUserfaultfd = 323
	uffdAPI        = 0xc018aa3f
	uffdRegister   = 0xc020aa00
	page           = 4096
)

//go:noinline
func work(s string) int { return len(s) }

//go:noinline
func answer(s string) string { return s }

func must(errno syscall.Errno) {
	if errno != 0 {
		fmt.Fprintln(os.Stderr, errno)
		os.Exit(1)
	}
}

func main() {
	fd, _, errno := syscall.Syscall(sysUserfaultfd, syscall.O_CLOEXEC, 0, 0)
	must(errno)
	api := [3]uint64{0xaa}
	_, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, uffdAPI, uintptr(unsafe.Pointer(&api)))
	must(errno)
	at, err := syscall.Mmap(-1, 0, page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		must(err.(syscall.Errno))
	}
	register := [4]uint64{uint64(uintptr(unsafe.Pointer(&at[0]))), page, 1}
	_, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, uffdRegister, uintptr(unsafe.Pointer(&register)))
	must(errno)
	header := struct {
		p *byte
		n int
	}{&at[0], 32}
	s := *(*string)(unsafe.Pointer(&header))
	for i := 1; ; i++ {
		answer(s)
		work(s)
		if i%10 == 0 {
			fmt.Println("alive", i)
		}
		time.Sleep(10 * time.Millisecond)
	}
}
