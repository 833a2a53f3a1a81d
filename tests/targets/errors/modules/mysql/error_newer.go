// SPDX-License-Identifier: GPL-2.0-only

//go:build !older

// Package mysql has the fields of its error since 1.7.
package mysql

import "fmt"

type MySQLError struct {
	Number   uint16
	SQLState [5]byte
	Message  string
}

func (e *MySQLError) Error() string {
	if e.SQLState != [5]byte{} {
		return fmt.Sprintf("Error %d (%s): %s", e.Number, e.SQLState, e.Message)
	}
	return fmt.Sprintf("Error %d: %s", e.Number, e.Message)
}

func New(number uint16, state, text string) error {
	e := &MySQLError{Number: number, Message: text}
	copy(e.SQLState[:], state)
	return e
}
