// SPDX-License-Identifier: GPL-2.0-only

// Four workers handle requests. One request in ten keeps a lock while it writes something slow, and all store their results
// through a channel that one consumer empties, now and then after a pause.
package main

import (
	"fmt"
	"sync"
	"time"
)

type pool struct {
	requests chan int
	results  chan int
	mu       sync.Mutex
	total    int
}

//go:noinline
func (p *pool) write(id int) {
	p.mu.Lock()
	p.total += id
	if id%10 == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	p.mu.Unlock()
}

//go:noinline
func (p *pool) handle(id int) {
	p.write(id)
	p.results <- id
}

func (p *pool) consume() {
	for id := range p.results {
		if id%7 == 0 {
			time.Sleep(5 * time.Millisecond)
		}
	}
}

func main() {
	p := &pool{requests: make(chan int), results: make(chan int)}
	go p.consume()
	for i := 0; i < 4; i++ {
		go func() {
			for id := range p.requests {
				p.handle(id)
			}
		}()
	}
	fmt.Println("ready")
	for id := 1; ; id++ {
		p.requests <- id
		time.Sleep(3 * time.Millisecond)
	}
}
