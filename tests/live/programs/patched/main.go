// SPDX-License-Identifier: GPL-2.0-only

// patched: replaces a function as test libraries do: writes a jump over its first bytes, and later writes the old
// bytes back. One line of its input, one step: "patch", "restore", "call" (prints what the function gives), "trap"
// (writes a breakpoint over the first byte of another function, which is never called), "quit".
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"reflect"
	"syscall"
	"unsafe"
)

//go:noinline
func load(k string) string {
	if len(k) > 100 {
		return fmt.Sprintf("long %s", k)
	}
	return fmt.Sprint("real ", k)
}

//go:noinline
func never(k string) string { return fmt.Sprint("never ", k) }

//go:noinline
func other(k string) string { return fmt.Sprint("other ", k) }

var fake = func(k string) string { return "fake" }

// code gives the n bytes at an address, and leave to write to them.
func code(at uintptr, n int) []byte {
	page := at &^ 4095
	whole := unsafe.Slice((*byte)(unsafe.Pointer(page)), 8192)
	if err := syscall.Mprotect(whole, 7); err != nil {
		panic(err)
	}
	return whole[at-page : int(at-page)+n]
}

func seal(at uintptr) {
	page := at &^ 4095
	if err := syscall.Mprotect(unsafe.Slice((*byte)(unsafe.Pointer(page)), 8192), 5); err != nil {
		panic(err)
	}
}

func main() {
	at := reflect.ValueOf(load).Pointer()
	var old []byte
	fmt.Println("ready", os.Getpid())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		switch lines.Text() {
		case "patch":
			// mov $closure, %rdx; jmp *(%rdx)
			jump := append([]byte{0x48, 0xba}, make([]byte, 8)...)
			binary.LittleEndian.PutUint64(jump[2:], *(*uint64)(unsafe.Pointer(&fake)))
			jump = append(jump, 0xff, 0x22)
			body := code(at, len(jump))
			old = append([]byte{}, body...)
			copy(body, jump)
			seal(at)
		case "restore":
			copy(code(at, len(old)), old)
			seal(at)
		case "trap":
			place := reflect.ValueOf(never).Pointer()
			code(place, 1)[0] = 0xcc
			seal(place)
		case "quit":
			return
		}
		fmt.Println(lines.Text(), load("a"), other("a"))
	}
}
