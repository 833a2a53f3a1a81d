// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"strings"
	"time"
)

type inner struct{ N int }
type outer struct {
	In   inner
	List []inner
	Bad  failing
}
type failing struct{}

func (failing) MarshalJSON() ([]byte, error) { return nil, io.ErrUnexpectedEOF }

// Decoding and encoding.
func documents() {
	var o outer
	says(json.Unmarshal([]byte(`{"In":{"N":"x"}}`), &o))
	says(json.Unmarshal([]byte(`{"List":[{"N":1},5]}`), &o))
	says(json.Unmarshal([]byte(`5`), &o))
	says(json.Unmarshal([]byte(`5`), nil))
	says(json.Unmarshal([]byte(`5`), o))
	says(json.Unmarshal([]byte(`5`), (*outer)(nil)))
	_, err := json.Marshal(make(chan int))
	says(err)
	_, err = json.Marshal(o)
	says(err)
	says(&json.UnmarshalTypeError{Value: "number", Type: reflect.TypeOf(o), Struct: "S", Field: "a.5"})
	says(&json.UnmarshalTypeError{Value: "number", Type: reflect.TypeOf(o), Field: "5"})
	says(&json.UnmarshalTypeError{Value: "number", Type: reflect.TypeOf(o), Struct: "S"})
	_, err = json.Marshal(math.NaN())
	says(err)
	says(xml.Unmarshal([]byte("<a>\n</b>"), &o))
	fields(&json.UnmarshalTypeError{Value: "number",
		Type: reflect.StructOf([]reflect.StructField{{Name: "Made", Type: reflect.TypeOf(o)}})})
}

func days() {
	_, err := time.Parse("2006-01-02", "2026-13-41")
	says(err)
	_, err = time.Parse("2006-01-02", "x")
	says(err)
	_, err = time.Parse("2006-01-02", "2026-01-02 and more")
	says(err)
	_, err = time.Parse("2006-01-02", "\"")
	fields(err)
	_, err = time.ParseDuration("5 years")
	says(err)
}

func recovered(f func()) (err error) {
	defer func() { err, _ = recover().(error) }()
	f()
	return nil
}

func faults() {
	var p *inner
	var m map[string]int
	says(recovered(func() { m["a"] = 1 }))
	says(recovered(func() { p.N++ }))
}

// What a client is told of a server's certificate.
func certificates() {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	s.StartTLS()
	defer s.Close()
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	late := func() time.Time { return time.Unix(1<<33, 0) }
	for _, config := range []*tls.Config{{}, {RootCAs: roots, Time: late}} {
		c := http.Client{Transport: &http.Transport{TLSClientConfig: config}}
		_, err := c.Get("https://" + s.Listener.Addr().String() + "/")
		// Go 1.19 has no *tls.CertificateVerificationError around it, and so its detail is not looked for.
		if config.RootCAs != nil && strings.HasPrefix(runtime.Version(), "go1.19") {
			fields(err)
		} else {
			says(err)
		}
		_, err = tls.Dial("tcp", s.Listener.Addr().String(), config)
		says(err)
	}
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	must(err)
	defer c.Close()
	_, err = io.WriteString(c, "GET / HTTP/1.0\r\n\r\n")
	must(err)
	says(tls.Client(c, &tls.Config{InsecureSkipVerify: true}).HandshakeContext(context.Background()))
	_, err = tls.Dial("tcp", s.Listener.Addr().String(),
		&tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS10, MinVersion: tls.VersionTLS10})
	says(err)
	for _, reason := range []x509.InvalidReason{0, 1, 2, 3, 4, 5, 6, 7, 9} {
		says(x509.CertificateInvalidError{Reason: reason, Detail: "detail"})
	}
	says(x509.UnknownAuthorityError{})
	says(x509.ConstraintViolationError{})
	says(x509.UnhandledCriticalExtension{})
	says(tls.RecordHeaderError{Msg: "message"})
	fields(x509.HostnameError{Certificate: s.Certificate(), Host: "other.example"})
	says(fmt.Errorf("x: %w", x509.UnknownAuthorityError{}))
}

func webs() {
	documents()
	days()
	faults()
	certificates()
}
