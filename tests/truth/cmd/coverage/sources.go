// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"bufio"
	"debug/elf"
	"debug/gosym"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// symbols finds where the functions of a program begin, by the line table.
func symbols(name, prefix string) (map[string]place, error) {
	f, err := elf.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, lines := f.Section(".text"), f.Section(".gopclntab")
	if text == nil || lines == nil {
		return nil, errors.New("no .text or no .gopclntab")
	}
	data, err := lines.Data()
	if err != nil {
		return nil, err
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(data, text.Addr))
	if err != nil {
		return nil, err
	}
	syms, err := f.Symbols()
	if err != nil {
		return nil, err
	}
	where := map[string]place{}
	for _, s := range syms {
		if elf.ST_TYPE(s.Info) != elf.STT_FUNC || !strings.HasPrefix(s.Name, prefix) {
			continue
		}
		file, line, fn := table.PCToLine(s.Value)
		if fn == nil {
			return nil, fmt.Errorf("%s: not in the line table", s.Name)
		}
		where[s.Name] = place{base(file), line, loopBody.MatchString(s.Name)}
	}
	return where, nil
}

// loopBody is how the body of a loop over a function is called.
var loopBody = regexp.MustCompile(`-range\d+$`)

type position struct {
	file      string
	line, col int
}

// before is for positions of one file.
func (p position) before(q position) bool {
	return p.line < q.line || p.line == q.line && p.col < q.col
}

// A line of a profile: name.go:line.column,line.column statements count.
var block = regexp.MustCompile(`^(.+):(\d+)\.(\d+),\d+\.\d+ \d+ (\d+)$`)

// firstBlocks adds up the counters of the first blocks of bodies, by the line
// where what they belong to begins: functions, closures, and the loops that may
// be over a function, whose body is then one itself. Up to Go 1.26 the first
// block begins at the brace, from then on at the first word behind it.
func firstBlocks(profile, pkg, dir string) (map[place]int64, error) {
	at, err := readProfile(profile, pkg)
	if err != nil {
		return nil, err
	}
	files := map[string][]position{}
	for p := range at {
		files[p.file] = append(files[p.file], p)
	}
	counters := map[place]int64{}
	for name, blocks := range files {
		sort.Slice(blocks, func(i, j int) bool { return blocks[i].before(blocks[j]) })
		err := eachBody(filepath.Join(dir, name), func(p place, from, to position) error {
			i := sort.Search(len(blocks), func(i int) bool { return !blocks[i].before(from) })
			if i == len(blocks) || to.before(blocks[i]) {
				return fmt.Errorf("%v: no block behind the brace", p)
			}
			counters[p] += at[blocks[i]]
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return counters, nil
}

// eachBody tells of all bodies in a file, and where their braces are.
func eachBody(name string, found func(p place, from, to position) error) error {
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, name, nil, 0)
	if err != nil {
		return err
	}
	at := func(pos token.Pos) position {
		p := set.Position(pos)
		return position{base(name), p.Line, p.Column}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		var body *ast.BlockStmt
		p := place{file: base(name)}
		switch f := n.(type) {
		case *ast.FuncDecl:
			if f.Body == nil || f.Name.Name == "_" {
				return false // assembly; never compiled
			}
			body = f.Body
		case *ast.FuncLit:
			body = f.Body
		case *ast.RangeStmt:
			body, p.loop = f.Body, true
		}
		if body != nil && err == nil {
			p.line = at(n.Pos()).line
			err = found(p, at(body.Lbrace), at(body.Rbrace))
		}
		return err == nil
	})
	return err
}

func readProfile(profile, pkg string) (map[position]int64, error) {
	f, err := os.Open(profile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	if !in.Scan() || in.Text() != "mode: atomic" {
		return nil, errors.New("not a profile of mode atomic")
	}
	at := map[position]int64{}
	for in.Scan() {
		m := block.FindStringSubmatch(in.Text())
		if m == nil {
			return nil, fmt.Errorf("%q is no block", in.Text())
		}
		if path.Dir(m[1]) != pkg {
			continue
		}
		line, _ := strconv.Atoi(m[2])
		col, _ := strconv.Atoi(m[3])
		n, err := strconv.ParseInt(m[4], 10, 64)
		if err != nil {
			return nil, err
		}
		p := position{path.Base(m[1]), line, col}
		if old, ok := at[p]; ok && old != n {
			return nil, fmt.Errorf("%s: two counters at one place", in.Text())
		}
		at[p] = n
	}
	return at, in.Err()
}
