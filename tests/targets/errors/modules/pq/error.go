// SPDX-License-Identifier: GPL-2.0-only

// Package pq has the fields of its error up to 1.10.
package pq

type ErrorCode string

type Error struct {
	Severity                       string
	Code                           ErrorCode
	Message                        string
	Detail, Hint                   string
	Position, InternalPosition     string
	InternalQuery, Where           string
	Schema, Table, Column          string
	DataTypeName, Constraint, File string
	Line, Routine                  string
}

func (e *Error) Error() string { return "pq: " + e.Message }
