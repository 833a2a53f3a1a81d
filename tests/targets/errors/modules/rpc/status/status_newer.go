// SPDX-License-Identifier: GPL-2.0-only

//go:build !older

// Package status has the fields that the generated message has: protoc-gen-go since 1.35 puts its own behind the others.
package status

type state struct{ info *int }

type Status struct {
	state         state
	Code          int32
	Message       string
	Details       []*int
	unknownFields []byte
	sizeCache     int32
}
