// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"compress/zlib"
	"debug/elf"
	"encoding/binary"
	"os"
)

var le = binary.LittleEndian

// file is an executable that is changed: its bytes, and how long it is to be with the hole behind them.
type file struct {
	elf  *elf.File
	data []byte
	size int64
}

func load(path string) (*file, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	e, err := elf.NewFile(bytes.NewReader(data))
	return &file{elf: e, data: data}, err
}

func (f *file) save(path string) error {
	if err := os.WriteFile(path, f.data, 0o755); err != nil {
		return err
	}
	if f.size > int64(len(f.data)) {
		return os.Truncate(path, f.size)
	}
	return nil
}

// add puts bytes behind the others and returns where.
func (f *file) add(data []byte) uint64 {
	for len(f.data)%4096 != 0 {
		f.data = append(f.data, 0)
	}
	at := uint64(len(f.data))
	f.data = append(f.data, data...)
	return at
}

// header returns the section's header, of 64 bytes: name, type, flags, addr, offset, size, link, info, align.
func (f *file) header(name string) []byte {
	at := le.Uint64(f.data[40:])
	for i, s := range f.elf.Sections {
		if s.Name == name {
			return f.data[at+64*uint64(i):][:64]
		}
	}
	panic(name + ": no such section")
}

// replace gives a section other bytes.
func (f *file) replace(name string, data []byte, flags uint64) {
	at := f.add(data)
	h := f.header(name)
	le.PutUint64(h[8:], flags)
	le.PutUint64(h[24:], at)
	le.PutUint64(h[32:], uint64(len(data)))
}

// rename gives a section another name. It is still found by its old one here.
func (f *file) rename(name, other string) {
	names := le.Uint16(f.data[62:])
	old, _ := f.elf.Sections[names].Data()
	at := len(old)
	f.replace(f.elf.Sections[names].Name, append(old, other+"\x00"...), 0)
	le.PutUint32(f.header(name), uint32(at))
}

// stretch makes a section one that begins behind all others, and consists of a hole.
func (f *file) stretch(name string, size uint64) {
	f.replace(name, make([]byte, 4096), 0)
	h := f.header(name)
	le.PutUint64(h[32:], size)
	f.size = int64(le.Uint64(h[24:]) + size)
}

// segment adds the program header of a loaded segment that may be written to.
func (f *file) segment(offset, size uint64) {
	n := le.Uint16(f.data[56:])
	h := f.data[64+56*int(n):][:56]
	le.PutUint32(h, uint32(elf.PT_LOAD))
	le.PutUint32(h[4:], uint32(elf.PF_R|elf.PF_W))
	vaddr := uint64(0x400000) + uint64(n)*0x4000000000
	for i, v := range []uint64{offset, vaddr, vaddr, size, size, 4096} {
		le.PutUint64(h[8+8*i:], v)
	}
	le.PutUint16(f.data[56:], n+1)
}

// headers makes it a file without sections, of nothing but headers of function tables, loaded many times.
func (f *file) headers(size, segments int) {
	pc := make([]byte, 72)
	le.PutUint32(pc, 0xfffffff1)
	pc[6], pc[7] = 1, 8
	le.PutUint64(pc[8:], 1)
	for i := 32; i < 72; i += 8 {
		le.PutUint64(pc[i:], 72)
	}
	f.data = append(f.data[:64:64], make([]byte, 16384-64)...)
	le.PutUint64(f.data[32:], 64)
	copy(f.data[40:48], make([]byte, 8))
	copy(f.data[56:64], make([]byte, 8))
	at := f.add(bytes.Repeat(pc, size/72))
	for i := 0; i < segments; i++ {
		f.segment(at, uint64(size/72*72))
	}
}

// table returns the function table, and where its list of functions is in it.
func (f *file) table() ([]byte, uint64, uint64) {
	h := f.header(".gopclntab")
	t := f.data[le.Uint64(h[24:]):][:le.Uint64(h[32:])]
	return t, le.Uint64(t[64:]), le.Uint64(t[8:])
}

// disorder makes every second function reach to the end of the text: they lie over each other.
func (f *file) disorder() {
	t, funcs, n := f.table()
	for i := uint64(1); i < n; i += 2 {
		last := le.Uint32(t[funcs+8*n:])
		at := funcs + uint64(le.Uint32(t[funcs+8*i+4:]))
		le.PutUint32(t[funcs+8*i:], last)
		le.PutUint32(t[at:], last)
	}
}

// oneName gives all functions the same name, which is as long as names may be.
func (f *file) oneName() {
	t, funcs, n := f.table()
	names := le.Uint64(t[32:])
	for i := uint64(0); i < 65000; i++ {
		t[names+i] = 'x'
	}
	for i := uint64(0); i < n; i++ {
		at := funcs + uint64(le.Uint32(t[funcs+8*i+4:]))
		le.PutUint32(t[at+4:], 0)
	}
}

// inflate packs `size` zeros into each section that tells of types, and says that it is `told` of them.
func (f *file) inflate(size, told uint64) {
	var packed bytes.Buffer
	h := make([]byte, 24)
	le.PutUint32(h, 1)
	le.PutUint64(h[8:], told)
	le.PutUint64(h[16:], 1)
	packed.Write(h)
	w, _ := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	zeros := make([]byte, 1<<20)
	for ; size > 0; size -= 1 << 20 {
		w.Write(zeros)
	}
	w.Close()
	for _, name := range []string{".debug_info", ".debug_abbrev", ".debug_line"} {
		f.replace(name, packed.Bytes(), uint64(elf.SHF_COMPRESSED))
	}
}
