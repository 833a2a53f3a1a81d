// SPDX-License-Identifier: GPL-2.0-only

// fips: uses the FIPS 140 module again and again, once a line of its input; with an argument that many times
// and then ends.
package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"os"
	"strconv"
)

//go:noinline
func digest(s string) [32]byte { return sha256.Sum256([]byte(s)) }

func main() {
	fmt.Println("start")
	if len(os.Args) > 1 {
		n, _ := strconv.Atoi(os.Args[1])
		for ; n > 0; n-- {
			fmt.Printf("%x\n", digest("hello"))
		}
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Printf("%x\n", digest(lines.Text()))
	}
}
