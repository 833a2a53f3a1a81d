// SPDX-License-Identifier: GPL-2.0-only

// Package status makes the errors of gRPC.
package status

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/internal/status"
)

func Error(c codes.Code, text string) error { return status.Err(c, text) }
