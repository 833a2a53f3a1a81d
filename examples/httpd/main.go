// SPDX-License-Identifier: GPL-2.0-only

// Httpd is a server with three handlers: one is quick, one is slow once in a hundred requests,
// and one answers JSON. Which requests are the slow ones, and where does their time go?
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

// Item is what /json answers.
type Item struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Price int    `json:"price"`
}

var requests int64

//go:noinline
func greeting(name string) string {
	if name == "" {
		name = "world"
	}
	return "hello, " + name
}

func hello(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintln(w, greeting(r.URL.Query().Get("name")))
}

// lookup is the needle: every hundredth call waits.
//
//go:noinline
func lookup(n int64) int64 {
	if n%100 == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	return n * n
}

func slow(w http.ResponseWriter, _ *http.Request) {
	n := atomic.AddInt64(&requests, 1)
	fmt.Fprintln(w, lookup(n) == n*n)
}

//go:noinline
func find(id int) (*Item, error) {
	if id <= 0 {
		return nil, fmt.Errorf("no item %d", id)
	}
	return &Item{ID: id, Name: "item " + strconv.Itoa(id), Price: 100 * id}, nil
}

func item(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.URL.Query().Get("id"))
	if err != nil {
		http.Error(w, "id is not a number", http.StatusBadRequest)
		return
	}
	found, err := find(id)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(found); err != nil {
		log.Print(err)
	}
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "listen on `address`; port 0 chooses one")
	flag.Parse()

	mux := http.NewServeMux()
	mux.HandleFunc("/hello", hello)
	mux.HandleFunc("/slow", slow)
	mux.HandleFunc("/json", item)

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening on %s\n", listener.Addr())
	log.Fatal(http.Serve(listener, mux))
}
