// SPDX-License-Identifier: GPL-2.0-only

//go:build go1.20

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

func joined() {
	says(errors.Join(io.EOF))
	says(errors.Join(errors.New("one"), nil, errors.New("two")))
	says(errors.Join(syscall.ENOENT, context.DeadlineExceeded))
	says(errors.Join(fmt.Errorf("a: %w", io.EOF), net.UnknownNetworkError("n")))
	says(fmt.Errorf("both: %w, %w", io.EOF, io.ErrUnexpectedEOF))
	fields(errors.Join(io.EOF, io.EOF, io.EOF))
	fields(errors.Join(io.EOF, &os.PathError{Op: "read", Path: "/p", Err: io.EOF}))
	fields(errors.Join(&odd{"e"}))
}
