// SPDX-License-Identifier: GPL-2.0-only

//go:build older

// Package mysql has the fields of its error before 1.7.
package mysql

import "fmt"

type MySQLError struct {
	Number  uint16
	Message string
}

func (e *MySQLError) Error() string { return fmt.Sprintf("Error %d: %s", e.Number, e.Message) }

func New(number uint16, _, text string) error { return &MySQLError{number, text} }
