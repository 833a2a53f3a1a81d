// SPDX-License-Identifier: GPL-2.0-only

// Wide makes one call with very many below it.
//
//	wide N
//
// It prints "ready", begins at SIGUSR1, and ends at SIGUSR2.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

//go:noinline
func leaf(n int) int {
	return n ^ 5
}

//go:noinline
func wide(n int) int {
	sum := 0
	for i := 0; i < n; i++ {
		sum += leaf(i)
	}
	return sum
}

func main() {
	if len(os.Args) != 2 {
		os.Exit(2)
	}
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		os.Exit(2)
	}
	begin, end := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(begin, syscall.SIGUSR1)
	signal.Notify(end, syscall.SIGUSR2)
	fmt.Println("ready")
	<-begin
	fmt.Println("sum", wide(n))
	<-end
}
