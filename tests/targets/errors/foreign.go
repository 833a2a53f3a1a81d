// SPDX-License-Identifier: GPL-2.0-only

package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/lib/pq"
	"github.com/pkg/errors"
	"golang.org/x/net/http2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Errors of modules that many programs use; modules/ has their types, fields and words, with the tag `older` as they
// were before.
func foreign() {
	for c := codes.Code(0); c < 19; c++ {
		says(status.Error(c, "what happened"))
	}
	says(status.Error(5, ""))
	says(fmt.Errorf("asking: %w", status.Error(13, "no")))
	begins(status.Error(13, strings.Repeat("n", 400)))

	says(&pgconn.PgError{Severity: "ERROR", Code: "42P01", Message: "relation \"t\" does not exist", Hint: "none"})
	begins(&pgconn.PgError{Severity: "ERROR", Code: "23505", Message: strings.Repeat("m", 400)})
	says(&pq.Error{Severity: "ERROR", Code: "42P01", Message: "relation \"t\" does not exist", Line: "1"})
	says(mysql.New(1146, "42S02", "Table 'd.t' doesn't exist"))
	says(mysql.New(2013, "", "lost"))
	begins(mysql.New(2013, "", strings.Repeat("m", 400)))

	says(errors.New("first"))
	says(errors.WithStack(io.EOF))
	says(errors.WithStack(errors.New("first")))
	says(errors.WithMessage(io.EOF, "reading"))
	says(errors.Wrap(syscall.ENOENT, "opening"))
	says(errors.Wrap(errors.New("first"), "second"))
	fields(errors.WithMessage(errors.Wrap(io.EOF, "one"), "two"))
	fields(errors.Wrap(&os.PathError{Op: "read", Path: "/p", Err: io.EOF}, "one"))

	for c := http2.ErrCode(0); c < 15; c++ {
		says(http2.ConnectionError(c))
	}
	says(http2.StreamError{StreamID: 3, Code: 8})
	says(http2.StreamError{StreamID: 5, Code: 1, Cause: io.ErrUnexpectedEOF})
	says(http2.GoAwayError{LastStreamID: 7, ErrCode: 11, DebugData: "too_many_pings"})
	fields(http2.GoAwayError{DebugData: "\n"})
}
