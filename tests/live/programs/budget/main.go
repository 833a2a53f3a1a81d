// SPDX-License-Identifier: GPL-2.0-only

// A function that is called far too often, one that is called now and then, and one that both are in.
// A second word: so many goroutines that stay in a function.
package main

import "os"

var sum int

//go:noinline
func hot(n int) int {
	return n*31 + 7
}

//go:noinline
func rare(n int) int {
	return step(n) + 1
}

//go:noinline
func step(n int) int {
	return n * 2
}

//go:noinline
func work() {
	for i := 0; i < 2000000; i++ {
		sum = sum*1103515245 + 12345
	}
}

//go:noinline
func serve(rounds int) {
	for n := 1; n <= rounds; n++ {
		for i := 0; i < 2000; i++ {
			sum = hot(sum)
		}
		sum += rare(n)
		work()
	}
}

//go:noinline
func stay() {
	<-make(chan int)
	sum++
}

func number(word string) int {
	n := 0
	for _, c := range word {
		n = n*10 + int(c-'0')
	}
	return n
}

func main() {
	rounds := 1 << 62
	if len(os.Args) > 1 {
		rounds = number(os.Args[1])
	}
	if len(os.Args) > 2 {
		for i := number(os.Args[2]); i > 0; i-- {
			go stay()
		}
	}
	serve(rounds)
}
