// SPDX-License-Identifier: GPL-2.0-only

// Serve answers POST /price, JSON to JSON, on a port of its own choice, which it prints.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"sort"
)

// Order is what a request holds.
type Order struct {
	Customer string         `json:"customer"`
	Items    map[string]int `json:"items"`
}

// Line is one item of an answer.
type Line struct {
	Item  string `json:"item"`
	Count int    `json:"count"`
	Cents int    `json:"cents"`
}

// Bill is the answer.
type Bill struct {
	Customer string `json:"customer"`
	Lines    []Line `json:"lines"`
	Cents    int    `json:"cents"`
}

var prices = map[string]int{"tea": 350, "coffee": 420, "cake": 590, "water": 120}

//go:noinline
func price(item string, count int) (int, error) {
	cents, ok := prices[item]
	if !ok || count < 1 {
		return 0, errors.New("no " + item)
	}
	return cents * count, nil
}

//go:noinline
func bill(order *Order) (*Bill, error) {
	b := &Bill{Customer: order.Customer}
	for item, count := range order.Items {
		cents, err := price(item, count)
		if err != nil {
			return nil, err
		}
		b.Lines = append(b.Lines, Line{item, count, cents})
		b.Cents += cents
	}
	sort.Slice(b.Lines, func(i, j int) bool { return b.Lines[i].Item < b.Lines[j].Item })
	return b, nil
}

func handle(w http.ResponseWriter, r *http.Request) {
	var order Order

	if err := json.NewDecoder(r.Body).Decode(&order); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b, err := bill(&order)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(b); err != nil {
		log.Print(err)
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/price", handle)
	fmt.Println("listening on", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
