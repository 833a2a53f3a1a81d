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
		where[s.Name] = place{base(file), line}
	}
	return where, nil
}

type position struct {
	file      string
	line, col int
}

// A line of a profile: name.go:line.column,line.column statements count.
var block = regexp.MustCompile(`^(.+):(\d+)\.(\d+),\d+\.\d+ \d+ (\d+)$`)

// firstBlocks adds up, by the line where a function begins, the counter of the
// block that begins at the function's brace.
func firstBlocks(profile, pkg, dir string) (map[place]int64, error) {
	at, err := readProfile(profile, pkg)
	if err != nil {
		return nil, err
	}
	counters := map[place]int64{}
	files := map[string]bool{}
	for p := range at {
		files[p.file] = true
	}
	for name := range files {
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, filepath.Join(dir, name), nil, 0)
		if err != nil {
			return nil, err
		}
		found := func(n ast.Node, body *ast.BlockStmt) error {
			if body == nil {
				return nil // assembly
			}
			brace, begin := set.Position(body.Lbrace), set.Position(n.Pos())
			if f, ok := n.(*ast.FuncDecl); ok && f.Name.Name == "_" {
				return nil // never compiled
			}
			count, ok := at[position{name, brace.Line, brace.Column}]
			if !ok {
				return fmt.Errorf("%v: no block at the brace of the function", brace)
			}
			counters[place{name, begin.Line}] += count
			return nil
		}
		var failed error
		ast.Inspect(tree, func(n ast.Node) bool {
			var err error
			switch f := n.(type) {
			case *ast.FuncDecl:
				err = found(f, f.Body)
			case *ast.FuncLit:
				err = found(f, f.Body)
			}
			if err != nil && failed == nil {
				failed = err
			}
			return true
		})
		if failed != nil {
			return nil, failed
		}
	}
	return counters, nil
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
