// SPDX-License-Identifier: GPL-2.0-only

// Package errors has the errors of github.com/pkg/errors.
package errors

type stack []uintptr

type fundamental struct {
	msg string
	*stack
}

func (f *fundamental) Error() string { return f.msg }

type withStack struct {
	error
	*stack
}

type withMessage struct {
	cause error
	msg   string
}

func (w *withMessage) Error() string { return w.msg + ": " + w.cause.Error() }

func New(text string) error { return &fundamental{text, &stack{1}} }

func WithStack(err error) error { return &withStack{err, &stack{1}} }

func WithMessage(err error, text string) error { return &withMessage{err, text} }

func Wrap(err error, text string) error { return WithStack(WithMessage(err, text)) }
