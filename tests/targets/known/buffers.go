// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
)

//go:noinline
func buffered(b *bytes.Buffer, v bytes.Buffer, s *strings.Builder, r *strings.Reader, y *bytes.Reader) {
}

type holdsRaw struct {
	N int
	V json.RawMessage
}

//go:noinline
func raws(v json.RawMessage, p *json.RawMessage, in holdsRaw, s []json.RawMessage, a any, z *json.RawMessage) {
}

//go:noinline
func files(f *os.File, v os.File) {}

func buffers() {
	b := bytes.NewBufferString("xxhello")
	b.Next(2)
	s := &strings.Builder{}
	s.WriteString("built")
	r := strings.NewReader("ABCread")
	r.Seek(3, 0)
	y := bytes.NewReader([]byte("bytes"))
	want("buffered", "hello", "hello", "built", "read", "bytes")
	buffered(b, *b, s, r, y)
	raw := json.RawMessage(`{"a":[1,2],"b":"x"}`)
	everywhere("raws", string(raw))
	raws(raw, &raw, holdsRaw{1, raw}, []json.RawMessage{raw}, raw, nil)
	want("files", "/dev/stdout", "/dev/stdout")
	files(os.Stdout, *os.Stdout)
}
