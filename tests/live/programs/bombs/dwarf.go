// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bytes"
	"encoding/binary"
)

const (
	tagArray, tagMember, tagStruct, tagUnit           = 0x01, 0x0d, 0x13, 0x11
	tagSubrange, tagSubprogram, tagParam              = 0x21, 0x2e, 0x05
	tagTypedef, tagPointer, tagBase                   = 0x16, 0x0f, 0x24
	atName, atSize, atLanguage, atLow, atHigh         = 0x03, 0x0b, 0x13, 0x11, 0x12
	atCount, atMember, atType, atKind, atElem         = 0x37, 0x38, 0x49, 0x2900, 0x2902
	formAddr, formData1, formData4, formData8         = 0x01, 0x0b, 0x06, 0x07
	formString, formStrp, formRef4, formSecOff        = 0x08, 0x0e, 0x13, 0x17
	goArray, goSlice, goPointer, goStruct      uint16 = 17, 23, 22, 25
)

// abbrevs of the units made here, by their codes.
const (
	aUnit = iota + 1
	aFunc
	aParam
	aStruct
	aMember
	aElems   // slice, pointer
	aArray   // with a subrange
	aRange   //
	aTypedef //
	aLong    // a type whose name is in .debug_str
)

func uleb(n uint64) []byte { return binary.AppendUvarint(nil, n) }

func abbrev(code, tag, children uint64, attrs ...uint64) []byte {
	out := append(uleb(code), uleb(tag)...)
	out = append(out, byte(children))
	for _, a := range append(attrs, 0, 0) {
		out = append(out, uleb(a)...)
	}
	return out
}

var table = bytes.Join([][]byte{
	abbrev(aUnit, tagUnit, 1, atName, formString, atLanguage, formData1, atLow, formAddr, atHigh, formData8),
	abbrev(aFunc, tagSubprogram, 1, atName, formString, atLow, formAddr),
	abbrev(aParam, tagParam, 0, atName, formString, atType, formRef4),
	abbrev(aStruct, tagStruct, 1, atName, formString, atSize, formData8),
	abbrev(aMember, tagMember, 0, atName, formString, atMember, formData1, atType, formRef4),
	abbrev(aElems, tagPointer, 0, atName, formString, atKind, formData1, atElem, formRef4, atType, formRef4),
	abbrev(aArray, tagArray, 1, atName, formString, atSize, formData8, atType, formRef4),
	abbrev(aRange, tagSubrange, 0, atCount, formData1),
	abbrev(aTypedef, tagTypedef, 0, atName, formString, atType, formRef4),
	abbrev(aLong, tagBase, 0, atName, formStrp),
	{0},
}, nil)

// unit is one compile unit in the making; offsets are from its header.
type unit struct{ bytes.Buffer }

func newUnit(abbrevs uint32) *unit {
	u := &unit{}
	u.Write([]byte{0, 0, 0, 0, 4, 0})
	u.u32(abbrevs)
	u.WriteByte(8)
	return u
}

func (u *unit) u32(n uint32)  { u.Write(le.AppendUint32(nil, n)) }
func (u *unit) u64(n uint64)  { u.Write(le.AppendUint64(nil, n)) }
func (u *unit) text(s string) { u.WriteString(s + "\x00") }

func (u *unit) bytes() []byte {
	b := u.Bytes()
	le.PutUint32(b, uint32(len(b)-4))
	return b
}

// program begins a unit for all of the text, with a function in the place of main.work that takes a value of a
// type that is still to come; the word that says where is to be filled in by the caller.
func (f *file) program() (u *unit, param int) {
	u = newUnit(0)
	u.WriteByte(aUnit)
	u.text("runtime")
	u.WriteByte(22)
	u.u64(0)
	u.u64(1 << 40)
	u.WriteByte(aFunc)
	u.text("main.work")
	u.u64(f.address("main.work"))
	u.WriteByte(aParam)
	u.text("a")
	param = u.Len()
	u.u32(0)
	u.WriteByte(0)
	return u, param
}

func (f *file) address(name string) uint64 {
	symbols, _ := f.elf.Symbols()
	for _, s := range symbols {
		if s.Name == name {
			return s.Value
		}
	}
	panic(name + ": no such symbol")
}

func (f *file) write(info, abbrevs []byte) {
	f.replace(".debug_info", info, 0)
	f.replace(".debug_abbrev", abbrevs, 0)
}

// abbrevs: very many units, all of which use the last abbreviation of one large table.
func (f *file) abbrevs() {
	var abbrevs, info bytes.Buffer
	const many = 400000
	for i := uint64(0); i < many; i++ {
		abbrevs.Write(abbrev(i+1, tagUnit, 0, atName, formString))
	}
	abbrevs.WriteByte(0)
	for i := 0; i < 200000; i++ {
		u := newUnit(0)
		u.Write(uleb(many))
		u.text("u")
		info.Write(u.bytes())
	}
	f.write(info.Bytes(), abbrevs.Bytes())
}

// text: very many types with one name, which is longer than any.
func (f *file) text() {
	u, _ := f.program()
	for i := 0; i < 1000000; i++ {
		u.WriteByte(aLong)
		u.u32(0)
	}
	u.WriteByte(0)
	f.write(u.bytes(), table)
	f.rename(".debug_frame", ".debug_str")
	f.replace(".debug_frame", append(bytes.Repeat([]byte{'n'}, 8<<20), 0), 0)
}

// nested: a slice of a structure without a size, of two of another, of two of a third, and so on.
func (f *file) nested() {
	u, param := f.program()
	inner := uint32(0)
	for level := 0; level < 60; level++ {
		at := uint32(u.Len())
		u.WriteByte(aStruct)
		u.text("main.nest")
		u.u64(0)
		for i := 0; i < 2 && level > 0; i++ {
			u.WriteByte(aMember)
			u.text("m")
			u.WriteByte(0)
			u.u32(inner)
		}
		u.WriteByte(0)
		inner = at
	}
	array := uint32(u.Len())
	u.WriteByte(aArray)
	u.text("[2]main.nest")
	u.u64(0)
	u.u32(inner)
	u.WriteByte(aRange)
	u.WriteByte(2)
	u.WriteByte(0)
	u.WriteByte(0)
	b := u.bytes()
	le.PutUint32(b[param:], array)
	f.write(b, table)
}

// cycle: types that consist of themselves, in every way there is.
func (f *file) cycle() {
	u, param := f.program()
	all := uint32(u.Len())
	u.WriteByte(aStruct)
	u.text("main.all")
	u.u64(1 << 10)
	const ways = 5
	places := [ways]int{}
	for i := 0; i < ways; i++ {
		u.WriteByte(aMember)
		u.text("m")
		u.WriteByte(byte(i * 32))
		places[i] = u.Len()
		u.u32(0)
	}
	u.WriteByte(0)
	at := [ways]uint32{all}
	at[1] = uint32(u.Len())
	u.WriteByte(aTypedef)
	u.text("main.typedef")
	u.u32(at[1])
	for i, kind := range []uint16{goSlice, goPointer} {
		at[2+i] = uint32(u.Len())
		u.WriteByte(aElems)
		u.text("main.elems")
		u.WriteByte(byte(kind))
		u.u32(at[2+i])
		u.u32(at[2+i])
	}
	at[4] = uint32(u.Len())
	u.WriteByte(aArray)
	u.text("main.array")
	u.u64(16)
	u.u32(at[4])
	u.WriteByte(aRange)
	u.WriteByte(2)
	u.WriteByte(0)
	u.WriteByte(0)
	b := u.bytes()
	for i, place := range places {
		le.PutUint32(b[place:], at[i])
	}
	le.PutUint32(b[param:], all)
	f.write(b, table)
}
