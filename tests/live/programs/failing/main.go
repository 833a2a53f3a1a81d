// Calls that fail in every way that there is, and calls that do not; and a database whose driver fails on demand.
package main

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
)

var errBroken = errors.New("broken")

type broken struct{ code int }

func (b *broken) Error() string { return fmt.Sprint("code ", b.code) }

//go:noinline
func fine(n int) (int, error) { return n, nil }

//go:noinline
func last(n int) (int, error) {
	if n > 1 {
		return 0, errBroken
	}
	return n, nil
}

//go:noinline
func first(n int) (error, int) {
	if n > 1 {
		return io.EOF, 0
	}
	return nil, n
}

//go:noinline
func several(n int) (error, string, error) {
	switch n {
	case 1:
		return nil, "", nil
	case 2:
		return errBroken, "", nil
	}
	return nil, "", errBroken
}

// More results than there are registers: they are on the stack.
//
//go:noinline
func wide(n int) (a, b, c, d, e, f, g, h, i, j int, err error) {
	if n > 1 {
		err = &broken{n}
	}
	return n, n, n, n, n, n, n, n, n, n, err
}

//go:noinline
func pointer(n int) *broken { return &broken{n} }

//go:noinline
func panics(n int) {
	if n > 1 {
		panic("no")
	}
}

//go:noinline
func recovers(n int) {
	defer func() { recover() }()
	panics(n)
}

//go:noinline
func deep(n int) int {
	deeper(n)
	return n
}

//go:noinline
func deeper(n int) { last(n) }

//go:noinline
func generic[T any](n int, v T) (T, error) {
	if n > 1 {
		return v, errBroken
	}
	return v, nil
}

type fake struct{}
type fakeStmt struct{ query string }

func (fake) Open(string) (driver.Conn, error)              { return fake{}, nil }
func (fake) Prepare(query string) (driver.Stmt, error)     { return fakeStmt{query}, nil }
func (fake) Close() error                                  { return nil }
func (fake) Begin() (driver.Tx, error)                     { return nil, errors.New("no transactions") }
func (fakeStmt) Close() error                              { return nil }
func (fakeStmt) NumInput() int                             { return 0 }
func (fakeStmt) Query([]driver.Value) (driver.Rows, error) { return nil, io.EOF }
func (s fakeStmt) Exec([]driver.Value) (driver.Result, error) {
	if s.query == "DROP" {
		return nil, errors.New("syntax error at or near DROP")
	}
	return driver.RowsAffected(1), nil
}

func run(n int) {
	fine(n)
	last(n)
	first(n)
	several(n)
	wide(n)
	pointer(n)
	recovers(n)
	deep(n)
	generic(n, "text")
	generic(n, n)
}

func main() {
	sql.Register("fake", fake{})
	db, err := sql.Open("fake", "")
	if err != nil {
		panic(err)
	}
	for n := 1; n <= 3; n++ {
		run(n)
	}
	db.Exec("INSERT")
	db.Exec("DROP")
	db.Exec("UPDATE")
	if len(os.Args) > 1 {
		panics(2)
	}
}
