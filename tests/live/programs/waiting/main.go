// SPDX-License-Identifier: GPL-2.0-only

// What services wait for:  waiting CASE
//
//	server   requests of net/http take one of four places; one in a hundred keeps the journal's lock for 20 ms
//	store    what is put is written by another goroutine, which waits for the disk
//	queries  three queries of database/sql share one connection
//	crowd    100 000 goroutines wait at once, and are let go one after the other
//	never    a goroutine waits for what never comes, until a signal ends the process
//	replaced a goroutine waits while another one makes the process another program
package main

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// together runs f in n goroutines, and waits for them.
func together(n int, f func()) {
	var all sync.WaitGroup
	for i := 0; i < n; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			f()
		}()
	}
	all.Wait()
}

type journal struct {
	mu    sync.Mutex
	lines int
}

//go:noinline
func (j *journal) add(id int64) {
	j.mu.Lock()
	j.lines++
	if id%100 == 0 {
		j.flush()
	}
	j.mu.Unlock() // the line that held it
}

//go:noinline
func (j *journal) flush() { time.Sleep(20 * time.Millisecond) }

var (
	places = make(chan struct{}, 4)
	log    journal
	orders int64
)

//go:noinline
func order(w http.ResponseWriter, r *http.Request) {
	places <- struct{}{}
	log.add(atomic.AddInt64(&orders, 1))
	<-places
}

func server() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go http.Serve(l, http.HandlerFunc(order))
	together(8, func() {
		for i := 0; i < 50; i++ {
			answer, err := http.Get("http://" + l.Addr().String())
			must(err)
			answer.Body.Close()
		}
	})
}

type line struct {
	text    string
	written chan bool
}

var lines = make(chan line)

//go:noinline
func save(f *os.File, l line) {
	_, err := f.WriteString(l.text)
	must(err)
	must(syscall.Fdatasync(int(f.Fd())))
	l.written <- true
}

//go:noinline
func put(text string) {
	l := line{text, make(chan bool)}
	lines <- l
	select {
	case <-l.written:
	case <-time.After(time.Hour):
	}
}

func store() {
	f, err := os.CreateTemp("", "waiting")
	must(err)
	must(os.Remove(f.Name()))
	go func() {
		for l := range lines {
			save(f, l)
		}
	}()
	for i := 0; i < 5; i++ {
		put("a line\n")
	}
}

// A database whose statements take 10 ms.
type database struct{}

func (database) Open(string) (driver.Conn, error)          { return database{}, nil }
func (database) Prepare(string) (driver.Stmt, error)       { return database{}, nil }
func (database) Close() error                              { return nil }
func (database) Begin() (driver.Tx, error)                 { return nil, io.EOF }
func (database) NumInput() int                             { return 0 }
func (database) Query([]driver.Value) (driver.Rows, error) { return nil, io.EOF }
func (database) Exec([]driver.Value) (driver.Result, error) {
	time.Sleep(10 * time.Millisecond)
	return driver.ResultNoRows, nil
}

//go:noinline
func query(db *sql.DB) {
	_, err := db.Exec("")
	must(err)
}

func queries() {
	sql.Register("slow", database{})
	db, err := sql.Open("slow", "")
	must(err)
	db.SetMaxOpenConns(1)
	together(3, func() { query(db) })
}

const many = 100_000

//go:noinline
func one(wait chan bool) { <-wait }

func crowd() {
	wait := make(chan bool)
	var all sync.WaitGroup
	for i := 0; i < many; i++ {
		all.Add(1)
		go func() {
			one(wait)
			all.Done()
		}()
	}
	for i := 0; i < many; i++ {
		wait <- true
	}
	all.Wait()
}

//go:noinline
func blocked() { <-make(chan bool) }

func never() {
	go blocked()
	fmt.Println("ready")
	for {
		time.Sleep(time.Second)
	}
}

func replaced() {
	go blocked()
	time.Sleep(20 * time.Millisecond)
	must(syscall.Exec("/bin/true", []string{"true"}, nil))
}

func main() {
	map[string]func(){"server": server, "store": store, "queries": queries, "crowd": crowd, "never": never,
		"replaced": replaced}[os.Args[1]]()
}
