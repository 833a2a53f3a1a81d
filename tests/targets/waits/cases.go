// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"net"
	"os/exec"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

// Those that wake: each has its own name in the trace.

//go:noinline
func send(c chan int) { c <- 1 }

//go:noinline
func receive(c chan int) { <-c }

//go:noinline
func shut(c chan int) { close(c) }

//go:noinline
func unlock(m *sync.Mutex) { m.Unlock() }

//go:noinline
func unlockWriter(m *sync.RWMutex) { m.Unlock() }

//go:noinline
func unlockReader(m *sync.RWMutex) { m.RUnlock() }

//go:noinline
func finish(w *sync.WaitGroup) { w.Done() }

//go:noinline
func signal(c *sync.Cond) { c.Signal() }

//go:noinline
func broadcast(c *sync.Cond) { c.Broadcast() }

func init() {
	cases["receive"] = func() {
		c := make(chan int)
		pass("receive", "main.send", func() { <-c }, func() { send(c) })
	}
	cases["send"] = func() {
		c := make(chan int)
		pass("send", "main.receive", func() { c <- 1 }, func() { receive(c) })
	}
	cases["range"] = func() {
		c := make(chan int)
		pass("range", "main.shut", func() {
			for range c {
			}
		}, func() { shut(c) })
	}
	cases["select"] = func() {
		c, never := make(chan int), make(chan int)
		pass("select", "main.send", func() {
			select {
			case <-c:
			case <-never:
			}
		}, func() { send(c) })
	}
	cases["mutex"] = func() {
		var m sync.Mutex
		m.Lock()
		pass("mutex", "main.unlock", func() { m.Lock() }, func() { unlock(&m) })
	}
	cases["reader"] = func() {
		var m sync.RWMutex
		m.Lock()
		pass("reader", "main.unlockWriter", func() { m.RLock() }, func() { unlockWriter(&m) })
	}
	cases["writer"] = func() {
		var m sync.RWMutex
		m.RLock()
		pass("writer", "main.unlockReader", func() { m.Lock() }, func() { unlockReader(&m) })
	}
	cases["group"] = func() {
		var w sync.WaitGroup
		w.Add(1)
		pass("group", "main.finish", func() { w.Wait() }, func() { finish(&w) })
	}
	cases["signal"] = func() {
		c := sync.NewCond(new(sync.Mutex))
		pass("signal", "main.signal", func() { c.L.Lock(); c.Wait() }, func() { signal(c) })
	}
	cases["broadcast"] = func() {
		c := sync.NewCond(new(sync.Mutex))
		pass("broadcast", "main.broadcast", func() { c.L.Lock(); c.Wait() }, func() { broadcast(c) })
	}
	cases["sleep"] = func() {
		alone("sleep", func(e *entry) {
			for i := 0; i < 4; i++ {
				e.timed("sleep", func() { time.Sleep(time.Millisecond) })
			}
		})
	}
	cases["timeout"] = func() {
		never := make(chan int)
		alone("timeout", func(e *entry) {
			for i := 0; i < 3; i++ {
				e.timed("select", func() {
					select {
					case <-never:
					case <-time.After(20 * time.Millisecond):
					}
				})
			}
		})
	}
	cases["network"] = network
	cases["deadline"] = deadline
	cases["pipe"] = pipe
	cases["busy"] = busy
	cases["neighbour"] = neighbour
	cases["collector"] = collector
	cases["command"] = func() {
		alone("command", func(e *entry) {
			e.Free = true
			if err := exec.Command("/bin/true").Run(); err != nil {
				panic(err)
			}
		})
	}
}

func pair() (here, there net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	if there, err = net.Dial("tcp", l.Addr().String()); err != nil {
		panic(err)
	}
	if here, err = l.Accept(); err != nil {
		panic(err)
	}
	return here, there
}

// Nobody wakes it but the poller.
func network() {
	here, there := pair()
	defer here.Close()
	defer there.Close()
	e := pass("network", "", func() {
		if _, err := here.Read(make([]byte, 1)); err != nil {
			panic(err)
		}
	}, func() {
		if _, err := there.Write([]byte{1}); err != nil {
			panic(err)
		}
	})
	e.Syscall = -1
}

func deadline() {
	here, there := pair()
	defer here.Close()
	defer there.Close()
	alone("deadline", func(e *entry) {
		e.Syscall = -1
		e.timed("IO wait", func() {
			here.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			if _, err := here.Read(make([]byte, 1)); err == nil {
				panic("read what nobody has written")
			}
		})
	})
}

// A system call that blocks.
func pipe() {
	var p [2]int
	if err := syscall.Pipe(p[:]); err != nil {
		panic(err)
	}
	defer syscall.Close(p[0])
	defer syscall.Close(p[1])
	e := pass("pipe", "system call", func() {
		if n, err := syscall.Read(p[0], make([]byte, 1)); n != 1 {
			panic(err)
		}
	}, func() {
		time.Sleep(2 * time.Millisecond)
		if n, err := syscall.Write(p[1], []byte{1}); n != 1 {
			panic(err)
		}
	})
	e.Syscall += int64(2 * time.Millisecond)
}

func spin(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
	}
}

// It can run and may not: there is one P, and who woke it goes on.
func busy() {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	c := make(chan int)
	pass("busy", "main.send", func() { <-c }, func() { send(c) })
	d := make(chan int)
	long := pass("busy", "main.sendAndSpin", func() { <-d }, func() { sendAndSpin(d) })
	long.Busy = int64(5 * time.Millisecond)
	long.Waits[0].Hi = 0
}

//go:noinline
func sendAndSpin(c chan int) {
	c <- 1
	spin(5 * time.Millisecond)
}

// It runs, and shares its processor with a process that wants it, too.
func neighbour() {
	alone("neighbour", func(e *entry) {
		runtime.LockOSThread() // and ends with its thread
		e.Free = true
		share(e)
	})
}

// So much garbage that goroutines help to collect it.
func collector() {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	alone("collector", func(e *entry) {
		e.Free = true
		var keep [64][]byte
		for i := 0; i < 20000; i++ {
			keep[i%len(keep)] = make([]byte, 4096)
		}
		runtime.GC()
		runtime.KeepAlive(&keep)
	})
}
