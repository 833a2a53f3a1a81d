// SPDX-License-Identifier: GPL-2.0-only

// Busy does all at once what makes life hard for a probe: it answers HTTP requests, collects
// garbage, grows stacks, panics, takes signals, is profiled 250 times a second, and starts and ends
// goroutines. Each of its workers goes through rounds, and each round has an answer that was
// worked out before anything was traced; a wrong one is said, and ends the program with status 3.
//
// It prints "ready" when all workers run. SIGUSR2 makes it print "alive N" when each worker has
// finished N rounds since then, the first one counted whole; SIGTERM ends it, and it says "right" when
// everything was.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

type worker struct {
	name   string
	round  func(n uint32) uint32
	want   [8]uint32
	rounds uint64
}

// mix is one step of a checksum.
//
//go:noinline
func mix(sum, value uint32) uint32 {
	return (sum<<5 | sum>>27) ^ value*0x9e3779b1
}

// deep needs a stack that grows, with pointers into it.
//
//go:noinline
func deep(level uint32, above *uint32) uint32 {
	var room [64]uint32
	for i := range room {
		room[i] = level + uint32(i)
	}
	if level > 0 {
		*above = mix(*above, deep(level-1, &room[level%64]))
	}
	sum := *above
	for _, value := range room {
		sum = mix(sum, value)
	}
	return sum
}

func stacks(n uint32) uint32 {
	result := make(chan uint32)
	go func() {
		var sum uint32
		result <- deep(200+n, &sum)
	}()
	return <-result
}

type tree struct {
	left, right *tree
	label       string
}

//go:noinline
func grow(levels, seed uint32) *tree {
	if levels == 0 {
		return nil
	}
	return &tree{
		left:  grow(levels-1, seed*2+1),
		right: grow(levels-1, seed*3+2),
		label: strings.Repeat(string(rune('a'+seed%26)), int(seed%40)),
	}
}

//go:noinline
func (t *tree) sum(sum uint32) uint32 {
	if t == nil {
		return mix(sum, 1)
	}
	return t.right.sum(t.left.sum(mix(sum, crc32.ChecksumIEEE([]byte(t.label)))))
}

func garbage(n uint32) uint32 {
	t := grow(9, n)
	words := map[string]uint32{}
	for i := uint32(0); i < 100; i++ {
		words[fmt.Sprint("key ", i*n)] = i
	}
	keys := make([]string, 0, len(words))
	for key := range words {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	sum := t.sum(n)
	for _, key := range keys {
		sum = mix(sum, crc32.ChecksumIEEE([]byte(key)))
	}
	return sum
}

//go:noinline
func fails(n uint32) (sum uint32, err error) {
	defer func() {
		if failure := recover(); failure != nil {
			err = errors.New(fmt.Sprint(failure))
		}
	}()
	defer func() { sum = mix(sum, n) }()
	var none []uint32
	switch n % 3 {
	case 0:
		return none[n], nil
	case 1:
		panic(n)
	}
	return n, nil
}

func panics(n uint32) (sum uint32) {
	for i := uint32(0); i < 30; i++ {
		value, err := fails(n + i)
		sum = mix(sum, value)
		if err != nil {
			sum = mix(sum, uint32(len(err.Error())))
		}
	}
	done := make(chan uint32, 1)
	go func() {
		defer func() { done <- sum }()
		runtime.Goexit()
	}()
	return mix(<-done, n)
}

func churn(n uint32) uint32 {
	var sum uint32
	var wait sync.WaitGroup
	var lock sync.Mutex
	parts := make(chan uint32)
	for i := uint32(0); i < 40; i++ {
		wait.Add(1)
		go func(i uint32) {
			defer wait.Done()
			runtime.Gosched()
			lock.Lock()
			sum += mix(i, n)
			lock.Unlock()
			parts <- i
		}(i)
	}
	var total uint32
	for i := 0; i < 40; i++ {
		total += <-parts
	}
	wait.Wait()
	return mix(sum, total)
}

var delivered = make(chan os.Signal, 16)

func signals(n uint32) uint32 {
	for i := 0; i < 3; i++ {
		syscall.Kill(os.Getpid(), syscall.SIGUSR1)
		<-delivered
	}
	return mix(n, 3)
}

var server string

func handle(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Sum", fmt.Sprint(crc32.ChecksumIEEE(body)))
	w.Write(bytes.ToUpper(body))
}

func requests(n uint32) uint32 {
	text := strings.Repeat(fmt.Sprintf("request %d, ", n), int(100+n))
	answer, err := http.Post(server, "text/plain", strings.NewReader(text))
	if err != nil {
		fmt.Println("wrong: request:", err)
		os.Exit(3)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	sum := crc32.ChecksumIEEE(body)
	for _, c := range answer.Header.Get("X-Sum") {
		sum = mix(sum, uint32(c))
	}
	return mix(sum, uint32(answer.StatusCode))
}

var workers = []*worker{
	{name: "stacks", round: stacks},
	{name: "garbage", round: garbage},
	{name: "panics", round: panics},
	{name: "churn", round: churn},
	{name: "signals", round: signals},
	{name: "requests", round: requests},
	{name: "more requests", round: requests},
}

var stopped int32

func (w *worker) run() {
	for n := uint32(0); atomic.LoadInt32(&stopped) == 0; n = (n + 1) % 8 {
		if got := w.round(n); got != w.want[n] {
			fmt.Printf("wrong: %s: round %d gave %#x, not %#x\n", w.name, n, got, w.want[n])
			os.Exit(3)
		}
		atomic.AddUint64(&w.rounds, 1)
	}
}

// await returns when each worker has finished that many rounds.
func await(rounds uint64) {
	for _, w := range workers {
		// The round that is on now may have begun before.
		until := atomic.LoadUint64(&w.rounds) + rounds + 1
		for atomic.LoadUint64(&w.rounds) < until {
			runtime.Gosched()
		}
	}
}

func serve() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	server = "http://" + listener.Addr().String() + "/"
	go http.Serve(listener, http.HandlerFunc(handle))
}

func main() {
	rounds := flag.Uint64("rounds", 1, "`N` rounds of each worker show that it is alive")
	flag.Parse()
	debug.SetGCPercent(10)
	signal.Notify(delivered, syscall.SIGUSR1)
	told := make(chan os.Signal, 4)
	signal.Notify(told, syscall.SIGUSR2, syscall.SIGTERM)
	if flag.Arg(0) == "idle" {
		// A process of the same file that nobody need trace.
		fmt.Println("ready")
		<-told
		return
	}
	serve()
	for _, w := range workers {
		for n := range w.want {
			w.want[n] = w.round(uint32(n))
		}
	}
	// The rate first: what starts the profile then leaves it as it is, and says so on stderr.
	runtime.SetCPUProfileRate(250)
	if err := pprof.StartCPUProfile(io.Discard); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var wait sync.WaitGroup
	for _, w := range workers {
		wait.Add(1)
		go func(w *worker) {
			defer wait.Done()
			w.run()
		}(w)
	}
	fmt.Println("ready")
	for <-told == syscall.SIGUSR2 {
		await(*rounds)
		fmt.Println("alive", *rounds)
	}
	atomic.StoreInt32(&stopped, 1)
	wait.Wait()
	pprof.StopCPUProfile()
	fmt.Println("right")
}
