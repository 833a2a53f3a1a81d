// SPDX-License-Identifier: GPL-2.0-only

// A strict receiver of spans, made of the OpenTelemetry collector's own reader: what it cannot read it refuses.
//
//	collector DIR [ANSWER...]   listens, writes DIR/url, and a line of JSON for each span to DIR/spans; ANSWERs are those of the
//	                            first requests: STATUS[:RETRY-AFTER], "hang", "cut", "partial", "huge", "redirect"; then 200.
//	                            With DIR/cert.pem and DIR/key.pem by TLS; of each request a line goes to DIR/requests.
//	collector -read FILE        lines of --format otlp, as spans on stdout
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

type event struct {
	Time       uint64         `json:"time"`
	Name       string         `json:"name"`
	Attributes map[string]any `json:"attributes"`
}

type span struct {
	Trace      string         `json:"trace"`
	ID         string         `json:"id"`
	Parent     string         `json:"parent"`
	Name       string         `json:"name"`
	Kind       string         `json:"kind"`
	Start      uint64         `json:"start"`
	End        uint64         `json:"end"`
	Attributes map[string]any `json:"attributes"`
	Resource   map[string]any `json:"resource"`
	Events     []event        `json:"events"`
	Status     string         `json:"status"`
	Message    string         `json:"message"`
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Times are more than a number of JSON tools holds: they stand as text, too.
func (s span) line() []byte {
	type plain span
	line, err := json.Marshal(struct {
		plain
		Began string `json:"began"`
		Took  uint64 `json:"took"`
	}{plain(s), fmt.Sprint(s.Start), s.End - s.Start})
	must(err)
	return append(line, '\n')
}

func each(traces ptrace.Traces, do func(span)) {
	for i := range traces.ResourceSpans().Len() {
		resource := traces.ResourceSpans().At(i)
		for j := range resource.ScopeSpans().Len() {
			spans := resource.ScopeSpans().At(j).Spans()
			for k := range spans.Len() {
				do(of(resource.Resource().Attributes(), spans.At(k)))
			}
		}
	}
}

func of(resource pcommon.Map, from ptrace.Span) span {
	trace, id, parent := from.TraceID(), from.SpanID(), from.ParentSpanID()
	to := span{
		Trace:      hex.EncodeToString(trace[:]),
		ID:         hex.EncodeToString(id[:]),
		Name:       from.Name(),
		Kind:       from.Kind().String(),
		Start:      uint64(from.StartTimestamp()),
		End:        uint64(from.EndTimestamp()),
		Attributes: from.Attributes().AsRaw(),
		Resource:   resource.AsRaw(),
		Events:     []event{},
		Status:     from.Status().Code().String(),
		Message:    from.Status().Message(),
	}
	if !parent.IsEmpty() {
		to.Parent = hex.EncodeToString(parent[:])
	}
	for i := range from.Events().Len() {
		e := from.Events().At(i)
		to.Events = append(to.Events, event{uint64(e.Timestamp()), e.Name(), e.Attributes().AsRaw()})
	}
	return to
}

func read(path string) {
	file, err := os.Open(path)
	must(err)
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(lines.Bytes())
		must(err)
		each(traces, func(s span) { os.Stdout.Write(s.line()) })
	}
	must(lines.Err())
}

type receiver struct {
	sync.Mutex
	answers         []string
	spans, requests *os.File
}

func (r *receiver) next() string {
	r.Lock()
	defer r.Unlock()
	if len(r.answers) == 0 {
		return "200"
	}
	answer := r.answers[0]
	if answer != "forever" && !strings.HasSuffix(answer, "...") {
		r.answers = r.answers[1:]
	}
	return strings.TrimSuffix(answer, "...")
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body := io.Reader(q.Body)
	if q.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(q.Body)
		must(err)
		body = unpacked
	}
	bytes, err := io.ReadAll(body)
	must(err)
	request := ptraceotlp.NewExportRequest()
	must(request.UnmarshalProto(bytes))
	answer := r.next()
	r.Lock()
	fmt.Fprintf(r.requests, "%s %s %s %d %q %s\n", q.Method, q.URL.Path, q.Header.Get("Content-Type"),
		request.Traces().SpanCount(), q.Header.Get("X-Secret"), answer)
	r.Unlock()
	switch {
	case answer == "hang":
		time.Sleep(time.Minute)
		return
	case answer == "redirect":
		http.Redirect(w, q, "http://127.0.0.2:9/v1/traces", http.StatusTemporaryRedirect)
		return
	case answer == "huge":
		for range 64 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				break
			}
		}
	case answer == "cut":
		w.Header().Set("Content-Length", "1000")
		w.Write([]byte("half"))
	case answer == "partial":
		response := ptraceotlp.NewExportResponse()
		response.PartialSuccess().SetRejectedSpans(1)
		response.PartialSuccess().SetErrorMessage("one too many\x1b[31m")
		bytes, err := response.MarshalProto()
		must(err)
		w.Write(bytes)
	case answer != "200":
		status, retry, _ := strings.Cut(answer, ":")
		if retry != "" {
			w.Header().Set("Retry-After", retry)
		}
		var code int
		fmt.Sscan(status, &code)
		w.WriteHeader(code)
		return
	}
	r.Lock()
	defer r.Unlock()
	each(request.Traces(), func(s span) { r.spans.Write(s.line()) })
}

func main() {
	if os.Args[1] == "-read" {
		read(os.Args[2])
		return
	}
	dir := os.Args[1]
	open := func(name string) *os.File {
		file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		must(err)
		return file
	}
	handler := &receiver{answers: os.Args[2:], spans: open("spans"), requests: open("requests")}
	address := os.Getenv("ADDRESS")
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	must(err)
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	_, err = os.Stat(cert)
	tls := err == nil
	scheme := "http"
	if tls {
		scheme = "https"
	}
	must(os.WriteFile(filepath.Join(dir, "url.new"), []byte(scheme+"://"+listener.Addr().String()+"\n"), 0o644))
	must(os.Rename(filepath.Join(dir, "url.new"), filepath.Join(dir, "url")))
	if tls {
		must(http.ServeTLS(listener, handler, cert, key))
	}
	must(http.Serve(listener, handler))
}
