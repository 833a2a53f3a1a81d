// SPDX-License-Identifier: GPL-2.0-only

// Ask is the client of serve: a closed loop over some connections.
//
//	ask ADDRESS CONNECTIONS WARM SECONDS
//
// What happens in the first WARM seconds does not count. It checks every answer, and prints the answers
// a second and the microseconds within which 99 of 100 came.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	order = `{"customer":"Ada Lovelace","items":{"tea":2,"cake":1,"water":3}}`
	want  = `{"customer":"Ada Lovelace","lines":[{"item":"cake","count":1,"cents":590},` +
		`{"item":"tea","count":2,"cents":700},{"item":"water","count":3,"cents":360}],"cents":1650}`
)

func ask(client *http.Client, url string) {
	resp, err := client.Post(url, "application/json", strings.NewReader(order))
	if err != nil {
		log.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		log.Fatal(err)
	}
	if got := strings.TrimSpace(string(body)); resp.StatusCode != http.StatusOK || got != want {
		log.Fatalf("%d %q instead of %q", resp.StatusCode, got, want)
	}
}

// loop asks until the end, and tells what each answer took that was begun after the warming up.
func loop(client *http.Client, url string, warm, end time.Time) []time.Duration {
	var took []time.Duration

	for {
		start := time.Now()
		if start.After(end) {
			return took
		}
		ask(client, url)
		if start.After(warm) {
			took = append(took, time.Since(start))
		}
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		log.Fatalf("%s: not a number", text)
	}
	return n
}

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: ask ADDRESS CONNECTIONS WARM SECONDS")
	}
	connections := number(os.Args[2])
	warm := time.Now().Add(time.Duration(number(os.Args[3])) * time.Second)
	end := warm.Add(time.Duration(number(os.Args[4])) * time.Second)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	lists := make([][]time.Duration, connections)
	var wait sync.WaitGroup

	for i := range lists {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			lists[i] = loop(client, "http://"+os.Args[1]+"/price", warm, end)
		}(i)
	}
	wait.Wait()
	var all []time.Duration
	for _, some := range lists {
		all = append(all, some...)
	}
	if len(all) == 0 {
		log.Fatal("no answer in time")
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	fmt.Printf("%.1f %d\n", float64(len(all))/end.Sub(warm).Seconds(),
		all[len(all)*99/100].Microseconds())
}
