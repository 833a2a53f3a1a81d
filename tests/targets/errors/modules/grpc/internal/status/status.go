// SPDX-License-Identifier: GPL-2.0-only

// Package status has gRPC's error, where gRPC has it.
package status

import (
	"fmt"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
)

type Status struct{ s *spb.Status }

type Error struct{ s *Status }

func (e *Error) Error() string {
	return fmt.Sprintf("rpc error: code = %s desc = %s", codes.Code(e.s.s.Code), e.s.s.Message)
}

func Err(c codes.Code, text string) error {
	return &Error{&Status{&spb.Status{Code: int32(c), Message: text}}}
}
