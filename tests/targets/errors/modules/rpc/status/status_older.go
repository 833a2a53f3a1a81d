// SPDX-License-Identifier: GPL-2.0-only

//go:build older

// Package status has the fields that the generated message had before.
package status

type state struct{ info *int }

type Status struct {
	state         state
	sizeCache     int32
	unknownFields []byte
	Code          int32
	Message       string
	Details       []*int
}
