// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

const (
	page = 4096

	madvDontneed    = 4
	fadviseDontneed = 4
	mapFixed        = 0x10

	sysUserfaultfd = 323
	sysFadvise     = 221
	uffdAPI        = 0xc018aa3f // UFFDIO_API
	uffdRegister   = 0xc020aa00 // UFFDIO_REGISTER
	uffdZeropage   = 0xc020aa04 // UFFDIO_ZEROPAGE
	uffdUnregister = 0x8010aa01 // UFFDIO_UNREGISTER
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "wild:", err)
		os.Exit(3)
	}
}

func call(nr, a, b, c, d, e, f uintptr) uintptr {
	r, _, errno := syscall.Syscall6(nr, a, b, c, d, e, f)
	if errno != 0 {
		must(errno)
	}
	return r
}

func mapped(n int, prot uintptr) uintptr {
	return call(syscall.SYS_MMAP, 0, uintptr(n)*page, prot, syscall.MAP_PRIVATE|syscall.MAP_ANON, ^uintptr(0), 0)
}

func bytesAt(p uintptr, n int) []byte {
	return forge[[]byte](p, uintptr(n), uintptr(n))
}

func protect(p uintptr, prot uintptr) { call(syscall.SYS_MPROTECT, p, page, prot, 0, 0, 0) }

func pages(file string) {
	const rw = syscall.PROT_READ | syscall.PROT_WRITE

	p := mapped(3, rw)
	copy(bytesAt(p+page-4, 8), "abcdefgh")
	text("there", forge[string](p+page-4, 8))
	text("untouched", forge[string](p+2*page, 4))
	protect(p+page, syscall.PROT_NONE)
	text("before the protected page", forge[string](p+page-4, 4))
	text("into the protected page", forge[string](p+page-4, 8))
	text("in the protected page", forge[string](p+page, 4))
	pointer("protected", forge[*node](p+page))
	pointer("into the protected page", forge[*node](p+page-8))
	list("into the protected page", forge[[]int](p+page-8, 2, 2))
	dynamic("protected", forge[any](p+page, p+page))
	call(syscall.SYS_MUNMAP, p+page, page, 0, 0, 0, 0)
	text("unmapped", forge[string](p+page, 4))

	q := mapped(1, rw)
	copy(bytesAt(q, 8), "swapped!")
	call(syscall.SYS_MADVISE, q, page, madvDontneed, 0, 0, 0)
	text("given back", forge[string](q, 8))

	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	must(err)
	content := make([]byte, 64*page)
	copy(content[40*page:], "on disk")
	_, err = f.Write(content)
	must(err)
	must(f.Sync())
	call(sysFadvise, f.Fd(), 0, 0, fadviseDontneed, 0, 0)
	m := call(syscall.SYS_MMAP, 0, 64*page, syscall.PROT_READ, syscall.MAP_PRIVATE, f.Fd(), 0)
	text("on disk", forge[string](m+40*page, 7))
	must(f.Truncate(page))
	text("behind the end", forge[string](m+20*page, 7))
	must(f.Close())
}

// toggle makes a thread that goes on doing it until stop; steps is how often it has.
func toggle(step func(i int)) (steps func() int, stop func()) {
	var end atomic.Value
	var count int64
	done := make(chan bool)

	end.Store(false)
	go func() {
		for i := 0; !end.Load().(bool); i++ {
			step(i)
			atomic.AddInt64(&count, 1)
		}
		done <- true
	}()
	return func() int { return int(atomic.LoadInt64(&count)) }, func() { end.Store(true); <-done }
}

func unmap(n int) {
	f, err := os.CreateTemp("", "wild")
	must(err)
	must(os.Remove(f.Name()))
	_, err = f.WriteString("whole text")
	must(err)
	p := mapped(1, syscall.PROT_NONE)
	there := func() {
		call(syscall.SYS_MMAP, p, page, syscall.PROT_READ, syscall.MAP_SHARED|mapFixed, f.Fd(), 0)
	}
	// Whoever runs when, one call finds nothing and one finds all.
	tick(0, forge[string](p, 10))
	steps, stop := toggle(func(i int) {
		if i%2 == 0 {
			there()
		} else {
			call(syscall.SYS_MMAP, p, page, syscall.PROT_NONE, syscall.MAP_PRIVATE|syscall.MAP_ANON|mapFixed,
				^uintptr(0), 0)
		}
	})
	i := 1
	for ; i < n || steps() < n; i++ {
		tick(i, forge[string](p, 10))
	}
	stop()
	there()
	tick(i, forge[string](p, 10))
	fmt.Fprintln(os.Stderr, "ticked", i+1)
}

// The header's two words are changed one after the other.
func change(n int) {
	texts := [2]string{"aaaa", "bbbbbbbb"}
	s := texts[0]
	b := []byte("cccccccc")
	_, stop := toggle(func(i int) {
		s = texts[i%2]
		for k := range b {
			b[k] = "cd"[i%2]
		}
	})
	for i := 0; i < n; i++ {
		changing(&s, b)
	}
	stop()
}

func never(n int, reached bool) {
	fd := call(sysUserfaultfd, syscall.O_CLOEXEC, 0, 0, 0, 0, 0)
	api := [3]uint64{0xaa}
	call(syscall.SYS_IOCTL, fd, uffdAPI, uintptr(unsafe.Pointer(&api)), 0, 0, 0)
	p := mapped(1, syscall.PROT_READ|syscall.PROT_WRITE)
	register := [4]uint64{uint64(p), page, 1}
	call(syscall.SYS_IOCTL, fd, uffdRegister, uintptr(unsafe.Pointer(&register)), 0, 0, 0)
	done := make(chan bool)
	go func() {
		text("never there", forge[string](p, 8))
		done <- true
	}()
	if reached {
		// struct uffd_msg; it comes when a page is missed.
		var message [32]byte
		_, err := syscall.Read(int(fd), message[:])
		must(err)
	}
	for i := 0; i < n; i++ {
		tick(i, "others")
	}
	fmt.Println("ticked")
	waitForEnd()
	// Whoever waits for the page gets it.
	zero := [4]uint64{uint64(p), page}
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, uffdZeropage, uintptr(unsafe.Pointer(&zero)))
	if errno != 0 && errno != syscall.EEXIST {
		must(errno)
	}
	<-done
	fmt.Println("done")
}
