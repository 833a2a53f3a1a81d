// SPDX-License-Identifier: GPL-2.0-only

// Makes system calls of many kinds, each inside a function that is to be traced. What they are made on is under the
// directory that the first argument names. The second names one kind, or all are made, one after the other.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
	"unsafe"
)

// The runtime makes a thread of its own for nobody else's calls.
func init() {
	runtime.LockOSThread()
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

//go:noinline
func files(dir string) {
	name := filepath.Join(dir, "one")
	must(os.WriteFile(name, []byte("the content of this file is longer than is shown of it"), 0o640))
	f, err := os.Open(name)
	must(err)
	_, err = io.ReadAll(f)
	must(err)
	_, err = f.Seek(4, io.SeekStart)
	must(err)
	f.Close()
	_, err = os.Stat(filepath.Join(dir, "none"))
	if err == nil {
		must(fmt.Errorf("there is one"))
	}
	must(os.Chmod(name, 0o600))
	must(os.Rename(name, filepath.Join(dir, "two")))
	must(os.Symlink("two", filepath.Join(dir, "link")))
	_, err = os.Readlink(filepath.Join(dir, "link"))
	must(err)
	must(os.Truncate(filepath.Join(dir, "two"), 7))
	g, err := os.OpenFile(filepath.Join(dir, "two"), os.O_RDWR|os.O_APPEND, 0)
	must(err)
	_, err = g.Write([]byte("x\ny"))
	must(err)
	must(g.Sync())
	must(os.Remove(filepath.Join(dir, "two")))
	_, err = syscall.Pread(int(g.Fd()), make([]byte, 4), 1)
	must(err)
	g.Close()
	must(os.Remove(filepath.Join(dir, "link")))
}

//go:noinline
func dirs(dir string) {
	must(os.Mkdir(filepath.Join(dir, "sub"), 0o755))
	_, err := os.ReadDir(dir)
	must(err)
	wd, err := syscall.Open(filepath.Join(dir, "sub"), syscall.O_DIRECTORY, 0)
	must(err)
	fd, err := syscall.Openat(wd, "in it", syscall.O_CREAT|syscall.O_EXCL|syscall.O_WRONLY, 0o600)
	must(err)
	syscall.Close(fd)
	must(syscall.Unlinkat(wd, "in it"))
	syscall.Close(wd)
	must(os.Remove(filepath.Join(dir, "sub")))
	_, err = syscall.Getcwd(make([]byte, 4096))
	must(err)
}

//go:noinline
func tcp() {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(err)
	done := make(chan bool)
	go func() {
		c, err := net.Dial("tcp4", l.Addr().String())
		must(err)
		c.Write([]byte("hello"))
		c.Close()
		done <- true
	}()
	c := take(l)
	<-done
	_, err = io.ReadAll(c)
	must(err)
	c.Close()
	l.Close()
}

//go:noinline
func take(l net.Listener) net.Conn {
	c, err := l.Accept()
	must(err)
	return c
}

//go:noinline
func udp() {
	a, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	must(err)
	must(syscall.Bind(a, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}))
	at, err := syscall.Getsockname(a)
	must(err)
	must(syscall.SetsockoptInt(a, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	must(syscall.Sendto(a, []byte("ping"), 0, at))
	_, _, err = syscall.Recvfrom(a, make([]byte, 64), 0)
	must(err)
	must(syscall.Connect(a, at))
	_, err = syscall.Write(a, []byte("pong"))
	must(err)
	_, _, _, _, err = syscall.Recvmsg(a, make([]byte, 64), nil, syscall.MSG_DONTWAIT)
	must(err)
	syscall.Close(a)
	b, err := syscall.Socket(syscall.AF_INET6, syscall.SOCK_STREAM, 0)
	must(err)
	syscall.Connect(b, &syscall.SockaddrInet6{Addr: [16]byte{15: 1}, Port: 1})
	syscall.Close(b)
}

//go:noinline
func unix(dir string) {
	name := filepath.Join(dir, "socket")
	l, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	must(err)
	must(syscall.Bind(l, &syscall.SockaddrUnix{Name: name}))
	must(syscall.Listen(l, 5))
	c, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	must(err)
	must(syscall.Connect(c, &syscall.SockaddrUnix{Name: name}))
	s, _, err := syscall.Accept(l)
	must(err)
	_, err = syscall.Write(s, []byte("u"))
	must(err)
	_, err = syscall.Read(c, make([]byte, 8))
	must(err)
	for _, fd := range []int{s, c, l} {
		syscall.Close(fd)
	}
	must(os.Remove(name))
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0)
	must(err)
	must(syscall.Shutdown(pair[0], syscall.SHUT_WR))
	syscall.Close(pair[0])
	syscall.Close(pair[1])
}

//go:noinline
func pipes() {
	var p [2]int
	must(syscall.Pipe2(p[:], syscall.O_CLOEXEC))
	parts := [][]byte{[]byte("ab"), []byte("cde")}
	vec := []syscall.Iovec{{Base: &parts[0][0], Len: 2}, {Base: &parts[1][0], Len: 3}}
	syscall.Syscall(syscall.SYS_WRITEV, uintptr(p[1]), uintptr(unsafe.Pointer(&vec[0])), 2)
	in := make([]byte, 4)
	into := []syscall.Iovec{{Base: &in[0], Len: 1}, {Base: &in[1], Len: 3}}
	syscall.Syscall(syscall.SYS_READV, uintptr(p[0]), uintptr(unsafe.Pointer(&into[0])), 2)
	syscall.Syscall(syscall.SYS_FCNTL, uintptr(p[0]), syscall.F_GETFL, 0)
	syscall.Syscall(syscall.SYS_FCNTL, uintptr(p[0]), syscall.F_SETFL, syscall.O_NONBLOCK)
	syscall.Syscall(syscall.SYS_FCNTL, uintptr(p[0]), syscall.F_SETFD, syscall.FD_CLOEXEC)
	syscall.Read(p[0], make([]byte, 10))
	syscall.Read(p[0], make([]byte, 10))
	syscall.Dup3(p[0], 100, syscall.O_CLOEXEC)
	syscall.Close(100)
	syscall.Close(p[0])
	syscall.Close(p[1])
	syscall.Close(-1)
}

//go:noinline
func polls() {
	var p [2]int
	must(syscall.Pipe(p[:]))
	e, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	must(err)
	must(syscall.EpollCtl(e, syscall.EPOLL_CTL_ADD, p[0], &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(p[0])}))
	syscall.Write(p[1], []byte("!"))
	var events [4]syscall.EpollEvent
	_, err = syscall.EpollWait(e, events[:], 0)
	must(err)
	fds := []struct {
		fd          int32
		events, got int16
	}{{fd: int32(p[0]), events: 1}, {fd: int32(p[1]), events: 4}}
	syscall.Syscall(syscall.SYS_POLL, uintptr(unsafe.Pointer(&fds[0])), 2, 0)
	syscall.Close(e)
	syscall.Close(p[0])
	syscall.Close(p[1])
}

//go:noinline
func memory() {
	m, err := syscall.Mmap(-1, 0, 8192, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	must(err)
	must(syscall.Mprotect(m, syscall.PROT_READ))
	must(syscall.Madvise(m, syscall.MADV_DONTNEED))
	must(syscall.Munmap(m))
}

//go:noinline
func times() {
	ts := syscall.Timespec{Nsec: 1000}
	must(syscall.Nanosleep(&ts, nil))
	var limit syscall.Rlimit
	must(syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	fd, _, errno := syscall.Syscall(syscall.SYS_TIMERFD_CREATE, 1, 0, 0)
	if errno == 0 {
		spec := [4]int64{1, 2, 3, 4}
		syscall.Syscall6(syscall.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&spec[0])), 0, 0, 0)
		syscall.Close(int(fd))
	}
}

//go:noinline
func signals() {
	var set, old uint64 = 1<<9 | 1<<11, 0
	syscall.Syscall6(syscall.SYS_RT_SIGPROCMASK, 0, 0, uintptr(unsafe.Pointer(&old)), 8, 0, 0)
	syscall.Syscall6(syscall.SYS_RT_SIGPROCMASK, 1, uintptr(unsafe.Pointer(&set)), 0, 8, 0, 0)
	must(syscall.Kill(os.Getpid(), 0))
	syscall.Getpid()
	syscall.Umask(syscall.Umask(0o27))
}

//go:noinline
func strange() {
	syscall.Syscall(syscall.SYS_READ, 0, 8, 0)
	syscall.Syscall(syscall.SYS_OPENAT, uintptr(0xffffffffffffff9c), 8, 0)
	syscall.Syscall6(syscall.SYS_KEYCTL, 1000, 2, 3, 4, 5, 6)
	syscall.Syscall(500, 1, 2, 3)
}

//go:noinline
func child() {
	out, err := exec.Command("/bin/echo", "a", "b c").Output()
	must(err)
	if string(out) != "a b c\n" {
		must(fmt.Errorf("%q", out))
	}
}

//go:noinline
func replaced() {
	syscall.Exec("/bin/none", []string{"none"}, nil)
	must(syscall.Exec("/bin/true", []string{"true", "now"}, []string{"A=B"}))
}

//go:noinline
func ends() {
	os.Exit(0)
}

//go:noinline
func waits() {
	var p [2]int
	must(syscall.Pipe(p[:]))
	fmt.Println("waiting")
	syscall.Read(p[0], make([]byte, 1))
}

// The runtime asks for more memory on the scheduler's stack.
//
//go:noinline
func grows() {
	kept = make([]byte, 200<<20)
}

var kept []byte

//go:noinline
func long(name string) {
	syscall.Chdir(name)
}

//go:noinline
func untraced(dir string) {
	os.Stat(dir)
	time.Sleep(time.Millisecond)
}

//go:noinline
func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func main() {
	dir := os.Args[1]
	all := []struct {
		name string
		call func()
	}{
		{"files", func() { files(dir) }}, {"dirs", func() { dirs(dir) }}, {"tcp", tcp}, {"udp", udp},
		{"unix", func() { unix(dir) }}, {"pipes", pipes}, {"polls", polls}, {"memory", memory}, {"times", times},
		{"signals", signals}, {"grows", grows}, {"inC", inC}, {"strange", strange}, {"child", child}, {"replaced", replaced}, {"ends", ends},
		{"waits", waits}, {"long", func() { long(dir) }},
	}
	untraced(dir)
	if len(os.Args) > 2 && os.Args[2] == "waits" {
		for !exists(filepath.Join(dir, "go")) {
			time.Sleep(5 * time.Millisecond)
		}
	}
	for _, one := range all {
		if len(os.Args) > 2 && os.Args[2] != one.name {
			continue
		}
		// These do not come back.
		if len(os.Args) == 2 && one.name == "replaced" {
			return
		}
		// Between these, on this thread, another tracer sees the same calls.
		syscall.Getppid()
		one.call()
		syscall.Getppid()
	}
}
