// SPDX-License-Identifier: GPL-2.0-only

//go:build older

// Package pgconn has the fields of pgx's error before 5.6.
package pgconn

type PgError struct {
	Severity         string
	Code             string
	Message          string
	Detail           string
	Hint             string
	Position         int32
	InternalPosition int32
	InternalQuery    string
}
