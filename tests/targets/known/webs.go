// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"net/http"
	"net/url"
	"strings"
)

type holdsURL struct {
	N int
	V *url.URL
}

//go:noinline
func urls(v url.URL, p *url.URL, in holdsURL, s []*url.URL, z *url.URL) {}

type holdsRequest struct {
	N int
	V *http.Request
}

//go:noinline
func requests(p *http.Request, in holdsRequest, s []*http.Request, z *http.Request) {}

//go:noinline
func responses(p *http.Response, c *http.Cookie) {}

func webs() {
	for _, text := range []string{"http://example.com/hello?x=1", "https://u:p@h.example:8443/a%20b/c%2Fd?q=1&r=%20#frag%20ment",
		"/just/a/path", "mailto:someone@example.com", "//host/only", "a:b/c", "http://[::1]:80/", "http://h?", "./a:b",
		"http://h/%E4%B8%96", "http://h/a;b,c:d@e$f&g+h=i!j*(k)", "", "file:///etc/passwd", "http://h/x#", "*", "//"} {
		u, err := url.Parse(text)
		if err != nil {
			panic(err)
		}
		words := u.Redacted()
		want("urls", words, words, words, words, "null")
		urls(*u, u, holdsURL{1, u}, []*url.URL{u}, nil)
		r := &http.Request{Method: "PUT", URL: u, Host: "there.example"}
		words = "PUT there.example" + u.RequestURI()
		want("requests", words, words, words, "null")
		requests(r, holdsRequest{1, r}, []*http.Request{r}, nil)
	}
	r, _ := http.NewRequest("", "http://example.com/hello?x=1", nil)
	want("requests", "GET example.com/hello?x=1", "GET example.com/hello?x=1", "GET example.com/hello?x=1", "null")
	requests(r, holdsRequest{1, r}, []*http.Request{r}, nil)
	long := &http.Request{Method: "GET", URL: &url.URL{Path: "/" + strings.Repeat("long", 30), RawQuery: "x"}, Host: "h"}
	words := "GET h/" + strings.Repeat("long", 30)[:63]
	want("requests", words, words, words, "null")
	requests(long, holdsRequest{1, long}, []*http.Request{long}, nil)
	want("responses", "200 OK", "k=v")
	responses(&http.Response{Status: "200 OK", StatusCode: 200}, &http.Cookie{Name: "k", Value: "v"})
}
